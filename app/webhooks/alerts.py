"""The kinds of alerts of webhooks."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="webhook.failed",
        keys="webhook:*",
        label="A webhook was not told of something",
        permission="webhooks.manage",
    ),
)
