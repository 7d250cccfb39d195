"""Letting us into an outside system, and out again."""

import base64
import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.core.actors import current_actor_id
from app.core.alerts import close_alert
from app.core.db import locked, transaction
from app.core.errors import DomainError
from app.core.events import publish
from app.integrations.hub import queries, tokens
from app.integrations.hub.apps import oauth_connector, registration
from app.integrations.hub.auth import OAuthConnector
from app.integrations.hub.client import get_with_token
from app.integrations.hub.connector import Connector, TokenSet, find_connector
from app.integrations.hub.errors import NotConnected, SignInRefused
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection, SignInAttempt
from app.integrations.inbound.targets import targets
from app.integrations.outbox.events import OutboxFilled
from app.integrations.sync.changes import is_anything_named
from app.integrations.sync.services import start_sync, stop_syncs

ATTEMPT = timedelta(minutes=10)


def begin_sign_in(system: str, *, user_id: int, redirect_uri: str) -> str:
    """Give the address where a person lets us in; the answer must fit it, within 10 minutes.

    Raises:
        NotConnected: The system has not been set up.
    """
    connector, app = oauth_connector(system), registration(system, redirect_uri=redirect_uri)
    state = secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(48) if connector.offers_pkce else None
    with transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.expires_at < _now()))
        session.add(
            SignInAttempt(
                state_hash=_hashed(state), system=system, user_id=user_id, verifier=verifier,
                expires_at=_now() + ATTEMPT,
            )
        )  # fmt: skip
    challenge = _challenge(verifier) if verifier else None
    return connector.authorize_url(app, state=state, challenge=challenge)


def finish_sign_in(
    system: str, *, user_id: int, state: str, code: str, account: str, redirect_uri: str
) -> Connection:
    """Take the answer of a sign-in: keep the tokens, and begin the first sync.

    Raises:
        SignInRefused: It is not the answer to what this person has begun, or it is late.
        Rejected, Unavailable: The system does not give tokens for the code.
    """
    attempt = _use_attempt(system, state, user_id)
    if not code or not account or len(account) > 100:  # noqa: PLR2004
        raise SignInRefused("The answer names no account.")
    connector, app = oauth_connector(system), registration(system, redirect_uri=redirect_uri)
    token_set = connector.exchange(app, code=code, verifier=attempt.verifier)
    try:
        name = name_of(connector, connector.base_url(app.environment), account, token_set)
        return connect(system, account, name, token_set, environment=app.environment)
    except DomainError:
        _revoke(system, token_set.refresh_token or token_set.access_token)
        raise


def connect(
    system: str,
    account: str,
    name: str,
    token_set: TokenSet,
    *,
    environment: str,
    address: str = "",
) -> Connection:
    """Keep what lets us in, and begin the first sync."""
    connector = find_connector(system)
    with transaction() as session:
        connection = _connection(system, account)
        connection.name, connection.environment = name, environment
        connection.address = address
        connection.state, connection.scopes = "connected", connector.scopes
        connection.connected_at, connection.connected_by_id = _now(), current_actor_id()
        connection.disconnected_at = connection.paused_at = None
        connection.recover()
        tokens.store_tokens(connection, token_set)
        session.add(connection)
        session.flush()
        _close_alerts(connection)
        for target in targets(system):
            target.connected(connection)
        start_sync(connection.id, mode="full", cause="connect")
        publish(OutboxFilled(connection_id=connection.id))
        publish(ConnectionChanged(connection_id=connection.id))
    return connection


def _close_alerts(connection: Connection) -> None:
    """What was to be done about it is done, or nobody need do it any more."""
    ends = [f"expires:{days}" for days in find_connector(connection.system).warnings]
    for alert in ("reconnect", "failed", *ends):
        close_alert(f"connection:{connection.id}:{alert}")


def disconnect(connection_id: int) -> Connection:
    """End a connection: tokens are given back and forgotten. What was mirrored stays."""
    with transaction() as session:
        wanted = select(Connection).where(Connection.id == connection_id)
        loaded = wanted.options(undefer(Connection.refresh_token))
        connection = session.scalars(locked(loaded, Connection)).one()
        token = connection.refresh_token
        stop_syncs(connection_id)
        tokens.clear_tokens(connection)
        connection.state, connection.disconnected_at = "disconnected", _now()
        connection.recover()
        _close_alerts(connection)
        for target in targets(connection.system):
            target.connected(connection)
        publish(ConnectionChanged(connection_id=connection_id))
    if token:
        _revoke(connection.system, token)
    return connection


def pause(connection_id: int) -> Connection:
    """Ask and tell nothing until somebody resumes it; syncs under way end.

    Its tokens are kept alive, and what is to be told waits.

    Raises:
        NotConnected: It is not connected.
    """
    with transaction() as session:
        connection = _locked(connection_id)
        if not connection.is_signed_in:
            raise NotConnected(f"{connection.name} is not connected.")
        connection.paused_at = connection.paused_at or _now()
        stop_syncs(connection_id, why="The connection was paused.")
        session.flush()
        publish(ConnectionChanged(connection_id=connection_id))
    return connection


def resume(connection_id: int) -> Connection:
    """Go on: what has changed meanwhile is asked for, and what waited is told.

    Raises:
        NotConnected: It is not connected.
    """
    with transaction() as session:
        connection = _locked(connection_id)
        if not connection.is_signed_in:
            raise NotConnected(f"{connection.name} is not connected.")
        if connection.paused_at is not None:
            connection.paused_at = None
            session.flush()
            start_sync(connection_id, mode="changes", cause="person")
            if is_anything_named(connection):
                start_sync(connection_id, mode="objects", cause="webhook")
            publish(OutboxFilled(connection_id=connection_id))
            publish(ConnectionChanged(connection_id=connection_id))
    return connection


def _locked(connection_id: int) -> Connection:
    with transaction() as session:
        wanted = queries.connection(connection_id)
        return session.scalars(locked(wanted, Connection)).one()


def _revoke(system: str, token: str) -> None:
    """Tell the system, which may be away: we have forgotten the tokens anyway."""
    connector = find_connector(system)
    if not isinstance(
        connector, OAuthConnector
    ):  # what a person has typed they take back there
        return
    try:
        connector.revoke(registration(system), token)
    except DomainError:
        return


def _use_attempt(system: str, state: str, user_id: int) -> SignInAttempt:
    """Take the attempt out, so that no answer is taken twice."""
    with transaction() as session:
        mine = select(SignInAttempt).where(
            SignInAttempt.state_hash == _hashed(state),
            SignInAttempt.system == system,
            SignInAttempt.user_id == user_id,
            SignInAttempt.expires_at > _now(),
        )
        attempt = session.scalars(mine.with_for_update()).one_or_none()
        if attempt is None:
            raise SignInRefused(
                "This answer belongs to no sign-in of yours, or it came too late. Begin again."
            )
        session.delete(attempt)
    return attempt


def _connection(system: str, account: str) -> Connection:
    with transaction() as session:
        same = select(Connection).where(
            Connection.system == system, Connection.account == account
        )
        known = session.scalars(locked(same, Connection)).one_or_none()
        return known or Connection(system=system, account=account)


def name_of(connector: Connector, base: str, account: str, token_set: TokenSet) -> str:
    """Ask for the name of an account that is not connected yet."""
    asked = connector.account_request(account)
    name: str = get_with_token(
        connector, base, asked, token_set.access_token, connector.parse_account_name
    )
    return name


def _challenge(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
