"""Letting us into an outside system, and out again."""

import base64
import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from app.core.alerts import close_alert
from app.core.db import locked, transaction
from app.core.errors import DomainError, Invalid
from app.core.events import publish
from app.core.people import current_actor_id
from app.integrations import tokens
from app.integrations.admission import ByConsent
from app.integrations.client import ask_once
from app.integrations.connector import Connector, Grant, connector
from app.integrations.errors import AlreadyConnected, SignInRefused
from app.integrations.events import ConnectionChanged
from app.integrations.models import Connection, SignInAttempt
from app.integrations.services.apps import by_consent, registration
from app.integrations.services.syncing import start_sync, stop_syncs

ATTEMPT = timedelta(minutes=10)


def begin_sign_in(system: str, *, user_id: int, redirect_uri: str) -> str:
    """Give the address where a person lets us in; the answer must fit it, within 10 minutes.

    Raises:
        NotConnected: The system has not been set up.
    """
    outside, app = by_consent(system), registration(system, redirect_uri=redirect_uri)
    state = secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(48) if outside.offers_pkce else None
    with transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.expires_at < _now()))
        session.add(
            SignInAttempt(
                state_hash=_hashed(state), system=system, user_id=user_id, verifier=verifier,
                expires_at=_now() + ATTEMPT,
            )
        )  # fmt: skip
    challenge = _challenge(verifier) if verifier else None
    return outside.authorize_url(app, state=state, challenge=challenge)


def finish_sign_in(
    system: str, *, user_id: int, state: str, code: str, account: str, redirect_uri: str
) -> Connection:
    """Take the answer of a sign-in: keep the tokens, and begin the first sync.

    Raises:
        SignInRefused: It is not the answer to what this person has begun, or it is late.
        AlreadyConnected: Another account of the system is connected.
        Rejected, Unavailable: The system does not give tokens for the code.
    """
    attempt = _use_attempt(system, state, user_id)
    if not code or not account or len(account) > 100:  # noqa: PLR2004
        raise SignInRefused("The answer names no account.")
    refuse_second(system, account)  # before there are tokens that nobody would give back
    outside, app = by_consent(system), registration(system, redirect_uri=redirect_uri)
    grant = outside.exchange(app, code=code, verifier=attempt.verifier)
    try:
        name = name_of(outside, outside.base_url(app.environment), account, grant)
        return connect(system, account, name, grant, environment=app.environment)
    except DomainError:
        _give_back(system, grant.refresh_token or grant.access_token)
        raise


def connect(
    system: str, account: str, name: str, grant: Grant, *, environment: str, address: str = ""
) -> Connection:
    """Keep what lets us in, and begin the first sync."""
    outside = connector(system)
    with transaction() as session:
        connection = _connection(system, account)
        refuse_second(system, account)
        connection.name, connection.environment = name, environment
        connection.address = address
        connection.state, connection.scopes = "connected", outside.scopes
        connection.connected_at, connection.connected_by_id = _now(), current_actor_id()
        connection.disconnected_at = None
        connection.recover()
        tokens.keep(connection, grant)
        session.add(connection)
        session.flush()
        for alert in ("reconnect", "failed", "expires:7", "expires:30"):
            close_alert(f"connection:{connection.id}:{alert}")
        start_sync(connection.id, mode="full", cause="connect")
        publish(ConnectionChanged(connection_id=connection.id))
    return connection


def disconnect(connection_id: int) -> Connection:
    """End a connection: tokens are given back and forgotten. What was mirrored stays."""
    with transaction() as session:
        wanted = select(Connection).where(Connection.id == connection_id)
        loaded = wanted.options(undefer(Connection.refresh_token))
        connection = session.scalars(locked(loaded, Connection)).one()
        token = connection.refresh_token
        stop_syncs(connection_id)
        tokens.forget(connection)
        connection.state, connection.disconnected_at = "disconnected", _now()
        connection.recover()
        for alert in ("reconnect", "failed", "expires:7", "expires:30"):
            close_alert(f"connection:{connection_id}:{alert}")
        publish(ConnectionChanged(connection_id=connection_id))
    if token:
        _give_back(connection.system, token)
    return connection


def choose_stock_source(connection_id: int, source: str) -> Connection:
    """Tell what there is to a source from now on; "": to none.

    Raises:
        Invalid: No source has such a code.
    """
    if source and not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", source):
        raise Invalid("source", "This is not the code of a source, such as default.")
    with transaction() as session:
        wanted = select(Connection).where(Connection.id == connection_id)
        connection = session.scalars(locked(wanted, Connection)).one()
        connection.stock_source = source
        publish(ConnectionChanged(connection_id=connection_id))
    return connection


def _give_back(system: str, token: str) -> None:
    """Tell the system, which may be away: we have forgotten the tokens anyway."""
    outside = connector(system)
    if not isinstance(outside, ByConsent):  # what a person has typed they take back there
        return
    try:
        outside.revoke(registration(system), token)
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


def refuse_second(system: str, account: str) -> None:
    """One account of a system at a time: the search service speaks of one company.

    Raises:
        AlreadyConnected: Another account of the system is connected.
    """
    with transaction() as session:
        other = session.scalars(
            select(Connection).where(
                Connection.system == system,
                Connection.account != account,
                Connection.state != "disconnected",
            )
        ).first()
    if other is not None:
        raise AlreadyConnected(f"{other.name} is connected. Disconnect it first.")


def name_of(outside: Connector, base: str, account: str, grant: Grant) -> str:
    """Ask for the name of an account that is not connected yet."""
    asked = outside.whoami(account)
    name: str = ask_once(outside, base, asked, grant.access_token, outside.name_in)
    return name


def _challenge(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
