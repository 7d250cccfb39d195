"""Sessions: each sign-in is a row, and its end is felt by the next request, wherever it comes.

A browser has a random cookie, a program a refresh token that rotates. Only hashes are kept.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.identities import NOTES_USE
from app.accounts.models import (
    BROWSER,
    PROGRAM,
    PendingSignIn,
    User,
    UserSession,
    hash_secret,
    new_secret,
)
from app.accounts.services.access import tell_access_changed
from app.accounts.services.audit_entries import note_sign_in
from app.accounts.services.refusals import RefreshRefused
from app.accounts.services.user_agents import device_name
from app.core.db import locked, transaction
from app.core.settings import setting

# Two requests at once, or one sent again because its answer was lost, are no theft: within
# this time the token before the present one is refused, but does not end the session.
GRACE = timedelta(seconds=10)
KEPT = timedelta(days=30)  # after its end; until then its address is known
LONGEST_AGENT = 300


class Origin(NamedTuple):
    """Where somebody signs in from: the network address, and what the browser says it is."""

    address: str | None = None
    user_agent: str = ""


class Granted(NamedTuple):
    """What a program signs its next requests with."""

    session_id: int
    user: User
    refresh_token: str


class Opened(NamedTuple):
    """A browser's session, and the secret that its cookie holds."""

    session: UserSession
    secret: str


def open_browser(user: User, *, origin: Origin = Origin()) -> Opened:  # noqa: B008
    """Begin a session of a browser."""
    secret = new_secret()
    hours, minutes = setting("session_hours"), setting("idle_minutes")
    opened = _new(user, origin, kind=BROWSER, secret=secret)
    opened.expires_at = datetime.now(UTC) + timedelta(hours=hours)
    opened.idle_at = datetime.now(UTC) + timedelta(minutes=minutes)
    with transaction() as session:
        session.add(opened)
        _note_opened(user, origin, by="a browser")
    return Opened(opened, secret)


def open_session(user: User, *, origin: Origin = Origin()) -> Granted:  # noqa: B008
    """Begin a session of a program."""
    family, token = new_secret(), new_secret()
    opened = _new(user, origin, kind=PROGRAM, secret=family)
    opened.refresh_hash = hash_secret(token)
    opened.expires_at = opened.idle_at = _end()
    with transaction() as session:
        session.add(opened)
        _note_opened(user, origin, by="a program")
    return Granted(opened.id, user, f"{family}.{token}")


def refresh_session(token: str) -> Granted:
    """Give a new refresh token for the present one, which is used up by this.

    A token that was used before has two owners, one of whom stole it: that ends the session,
    and with it every token that it has given.

    Raises:
        RefreshRefused: It is unknown, used, expired or revoked.
    """
    family, _, secret = token.partition(".")
    with transaction() as session:
        query: Any = queries.session_by_secret(hash_secret(family))
        row = session.execute(locked(query, UserSession)).one_or_none()
        granted = _rotate(session, *row, family=family, secret=secret) if row else None
    if granted is None:  # outside: the revocation must last
        raise RefreshRefused
    return granted


def _rotate(
    session: Session, opened: UserSession, user: User, *, family: str, secret: str
) -> Granted | None:
    now, given = datetime.now(UTC), hash_secret(secret)
    if opened.kind != PROGRAM or opened.revoked_at or opened.expires_at <= now:
        return None
    if not user.is_active:
        return None
    if given != opened.refresh_hash:
        is_under_way = opened.rotated_at is not None and now - opened.rotated_at <= GRACE
        if not (is_under_way and given == opened.previous_hash):
            why = "a refresh token was used twice"
            _end_where(session, user, UserSession.id == opened.id, why=why)
        return None
    token = new_secret()
    opened.previous_hash, opened.refresh_hash = given, hash_secret(token)
    opened.rotated_at = opened.seen_at = now
    opened.expires_at = opened.idle_at = _end()
    return Granted(opened.id, user, f"{family}.{token}")


def note_seen(session_id: int) -> None:
    """Remember that a session is used, to the minute; a browser's then lasts on."""
    later = datetime.now(UTC) + timedelta(minutes=setting("idle_minutes"))
    idle_at = case((UserSession.kind == BROWSER, later), else_=UserSession.idle_at)
    is_due = UserSession.seen_at < func.now() - queries.MINUTE  # one of many at once
    used = update(UserSession).where(UserSession.id == session_id, is_due)
    with transaction() as session:
        session.execute(
            used.values(seen_at=func.now(), idle_at=idle_at), execution_options=NOTES_USE
        )


def close_session(user: User, session_id: int) -> None:
    """End a session of a user: its cookie, its access and refresh tokens are dead at once."""
    with transaction() as session:
        _end_where(session, user, UserSession.id == session_id, why="signed out")


def end_sessions(session: Session, user: User, *, why: str) -> None:
    """Sign a user out everywhere, in the caller's unit of work; the audit says why."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user.id))
    _end_where(session, user, why=why)


def delete_old() -> None:
    """Delete sessions that ended long ago."""
    long_ago = datetime.now(UTC) - KEPT
    is_over = (UserSession.expires_at < long_ago) | (UserSession.revoked_at < long_ago)
    with transaction() as session:
        session.execute(delete(UserSession).where(is_over))


def _end_where(session: Session, user: User, *which: ColumnElement[bool], why: str) -> None:
    """End open sessions of a user; their websockets hear of it once that is durable."""
    its = (UserSession.user_id == user.id, UserSession.revoked_at.is_(None), *which)
    ending = update(UserSession).where(*its).values(revoked_at=func.now())
    ended = session.execute(ending.returning(UserSession.address)).scalars().all()
    if ended:
        count = str(len(ended))
        note_sign_in(user, "ended", address=None, why=why, sessions=count)
    tell_access_changed(session, user.id)


def _note_opened(user: User, origin: Origin, *, by: str) -> None:
    device = device_name(origin.user_agent)
    note_sign_in(user, "succeeded", address=origin.address, by=by, device=device)


def _new(user: User, origin: Origin, *, kind: str, secret: str) -> UserSession:
    return UserSession(
        user_id=user.id,
        kind=kind,
        secret_hash=hash_secret(secret),
        address=origin.address,
        user_agent=origin.user_agent[:LONGEST_AGENT],
    )


def _end() -> datetime:
    return datetime.now(UTC) + timedelta(days=setting("refresh_token_days"))
