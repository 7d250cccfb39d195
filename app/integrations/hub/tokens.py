"""Access tokens: refreshed in time, once, however many workers ask.

The row lock makes everybody else wait, and they find a fresh token when they get it. Both
tokens are committed before anybody uses them: the system may have killed the old ones.
"""

import json
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from app.core.alerts import raise_alert
from app.core.db import db, locked, transaction
from app.core.events import publish
from app.integrations.hub.apps import registration
from app.integrations.hub.auth import CredentialsConnector, OAuthConnector
from app.integrations.hub.connector import TokenSet, find_connector
from app.integrations.hub.errors import NotConnected, ReconnectNeeded
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection

AHEAD = timedelta(minutes=10)  # what the periodic check refreshes: it comes every five

log = logging.getLogger(__name__)


def access_token(connection_id: int, *, refused: str | None = None) -> str:
    """Give a token that can be used; never `refused`, which was just refused.

    Raises:
        NotConnected: The connection was ended.
        ReconnectNeeded: The system does not renew our tokens any more.
        Unavailable: It does not answer; nothing is lost.
    """
    connection = _read(connection_id)
    if connection.is_signed_in and connection.is_fresh(refused=refused):
        return connection.access_token or ""
    return _refreshed(connection_id, refused)


def refresh_expiring() -> int:
    """Refresh what ends within ten minutes, and warn of what cannot be refreshed for ever."""
    soon = datetime.now(UTC) + AHEAD
    live = select(Connection).where(Connection.state == "connected")
    for connection in db.session.scalars(live).all():
        _warn(connection)
    ending = db.session.scalars(select(Connection.id).where(
        Connection.state == "connected", Connection.expires_at < soon
    )).all()  # fmt: skip
    for connection_id in ending:
        try:
            _refreshed(connection_id, None, ahead=AHEAD)
        except (ReconnectNeeded, NotConnected) as error:
            log.warning("Connection %s: %s", connection_id, error)
    return len(ending)


def give_up(connection_id: int, why: str) -> ReconnectNeeded:
    """Note that a person has to sign in again, and tell them; gives what to raise."""
    with transaction() as session:
        connection = session.scalars(locked(_with_tokens(connection_id), Connection)).one()
        if connection.is_signed_in:
            connection.trouble(why, state="reconnect")
            _raise_alert(connection, why)
            publish(ConnectionChanged(connection_id=connection_id))
    return ReconnectNeeded(why)


def store_tokens(connection: Connection, token_set: TokenSet) -> None:
    """Remember a token_set. A system that sends no new refresh token means the old one."""
    connection.access_token = token_set.access_token
    connection.refresh_token = token_set.refresh_token or connection.refresh_token
    connection.expires_at = token_set.expires_at
    connection.refresh_expires_at = token_set.refresh_expires_at
    connection.hard_expires_at = token_set.hard_expires_at or connection.hard_expires_at
    connection.refreshes = (connection.refreshes or 0) + 1


def clear_tokens(connection: Connection) -> None:
    """Forget the tokens."""
    connection.access_token = connection.refresh_token = None
    connection.expires_at = connection.refresh_expires_at = None
    connection.hard_expires_at = None


def _read(connection_id: int) -> Connection:
    with transaction() as session:
        return session.scalars(_with_tokens(connection_id)).one()


def _with_tokens(connection_id: int) -> Select[Connection]:
    query = select(Connection).where(Connection.id == connection_id)
    loaded = query.options(undefer(Connection.access_token), undefer(Connection.refresh_token))
    return loaded.execution_options(populate_existing=True)


def _refreshed(
    connection_id: int, refused: str | None, *, ahead: timedelta = timedelta(0)
) -> str:
    """Refresh under the lock, unless somebody else has just done it."""
    refusal = None
    with transaction() as session:
        connection = session.scalars(locked(_with_tokens(connection_id), Connection)).one()
        if not connection.is_signed_in:
            raise _not_live(connection)
        ends = connection.expires_at
        is_ending = ends is not None and ends < datetime.now(UTC) + ahead
        if not is_ending and connection.is_fresh(refused=refused):
            return connection.access_token or ""
        try:
            _refresh(connection, refused)
        except ReconnectNeeded as error:
            # We hold the lock and have just read it, so nobody has a better token than we.
            refusal = error
            connection.trouble(str(error), state="reconnect")
            _raise_alert(connection, str(error))
        publish(ConnectionChanged(connection_id=connection_id))
    if refusal:
        raise refusal
    return connection.access_token or ""


def _refresh(connection: Connection, refused: str | None) -> None:
    token_set = _renewed(connection)
    if token_set.access_token == refused:
        label = find_connector(connection.system).label
        raise ReconnectNeeded(f"{label} does not accept our credentials any more.")
    store_tokens(connection, token_set)
    log.info("The tokens of connection %s are refreshed", connection.id)


def _renewed(connection: Connection) -> TokenSet:
    connector, secret = find_connector(connection.system), connection.refresh_token or ""
    if isinstance(connector, CredentialsConnector):
        return connector.authenticate(
            connection.address, connection.environment, json.loads(secret)
        )
    if isinstance(connector, OAuthConnector):
        app = registration(connection.system)._replace(environment=connection.environment)
        return connector.refresh(app, secret)
    raise TypeError(f"{connector.label} has no way to let us in")  # pragma: no cover


def _not_live(connection: Connection) -> Exception:
    if connection.state == "reconnect":
        return ReconnectNeeded(connection.problem or "It must be connected again.")
    return NotConnected(f"{connection.name} is disconnected.")


def _raise_alert(connection: Connection, why: str) -> None:
    label = find_connector(connection.system).label
    raise_alert(
        kind="connection.reconnect",
        key=f"connection:{connection.id}:reconnect",
        title=f"{label} must be connected again",
        text=f"{connection.name}: {why}",
        href=f"/connections/{connection.id}",
    )


def _warn(connection: Connection) -> None:
    """Tell some days before tokens end that no refreshing prolongs."""
    if connection.hard_expires_at is None:
        return
    connector, left = (
        find_connector(connection.system),
        connection.hard_expires_at - datetime.now(UTC),
    )
    for days in sorted(connector.warnings):
        if left < timedelta(days=days):
            raise_alert(
                kind="connection.expires",
                key=f"connection:{connection.id}:expires:{days}",
                title=f"The sign-in to {connector.label} ends in less than {days} days",
                text=f"{connection.name} ends on {connection.hard_expires_at:%Y-%m-%d}.",
                href=f"/connections/{connection.id}",
            )
            return
