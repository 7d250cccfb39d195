"""The kinds of alerts of connections."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="connection.reconnect",
        keys="connection:*:reconnect",
        label="A connection must be made again",
        permission="integrations.manage",
    ),
    AlertKind(
        name="connection.expires",
        keys="connection:*:expires:*",
        label="The sign-in of a connection ends",
        permission="integrations.manage",
        severity="warning",
    ),
    AlertKind(
        name="connection.failed",
        keys="connection:*:failed",
        label="A sync failed",
        permission="integrations.manage",
    ),
    AlertKind(
        name="connection.rejected",
        keys="connection:*:rejected",
        label="Records could not be taken over",
        permission="integrations.sync",
        severity="warning",
    ),
    AlertKind(
        name="connection.deletions",
        keys="connection:*:deletions",
        label="Many records have vanished elsewhere",
        permission="integrations.manage",
        severity="warning",
    ),
    AlertKind(
        name="connection.refused",
        keys="connection:*:refused",
        label="An outside system has refused something",
        permission="integrations.manage",
    ),
    AlertKind(
        name="connection.waiting",
        keys="connections:waiting",
        label="Syncs wait",
        permission="integrations.sync",
        severity="warning",
    ),
)
