"""Sessions of programs: a refresh token that rotates, and an end that revokes all it gave."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Update, delete, func, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import ApiSession, User, hash_secret, new_secret
from app.accounts.services.refusals import RefreshRefused
from app.core.db import locked, transaction
from app.core.settings import setting

# Two requests at once, or one sent again because its answer was lost, are no theft: within
# this time a used token is refused, but does not end the session.
GRACE = timedelta(seconds=10)
REMEMBERED = 100  # used tokens of one session
KEPT = timedelta(days=30)  # after its end; until then its address is known


class Granted(NamedTuple):
    """What a program signs its next requests with."""

    session_id: int
    user: User
    refresh_token: str


def open_session(user: User, *, address: str | None) -> Granted:
    """Begin a session of a program."""
    token = new_secret()
    with transaction() as session:
        opened = ApiSession(
            user_id=user.id,
            refresh_hash=hash_secret(token),
            address=address,
            expires_at=_end(),
        )
        session.add(opened)
    return Granted(opened.id, user, token)


def refresh_session(token: str) -> Granted:
    """Give a new refresh token for the present one, which is used up by this.

    A token that was used before has two owners, one of whom stole it: that ends the session.

    Raises:
        RefreshRefused: It is unknown, used, expired or revoked.
    """
    with transaction() as session:
        query: Any = queries.session_by_refresh(hash_secret(token))
        row = session.execute(locked(query, ApiSession)).one_or_none()
        granted = _rotate(*row, used=hash_secret(token)) if row else None
    if granted is None:  # outside: the revocation must last
        raise RefreshRefused
    return granted


def _rotate(opened: ApiSession, user: User, *, used: str) -> Granted | None:
    now = datetime.now(UTC)
    if used != opened.refresh_hash:
        if opened.rotated_at is None or now - opened.rotated_at > GRACE:
            opened.revoked_at = opened.revoked_at or now
        return None
    if opened.revoked_at or opened.expires_at <= now or not user.is_active:
        return None
    token = new_secret()
    opened.used_hashes = [*opened.used_hashes, used][-REMEMBERED:]
    opened.refresh_hash, opened.rotated_at = hash_secret(token), now
    opened.expires_at = _end()
    return Granted(opened.id, user, token)


def close_session(session_id: int) -> None:
    """End a session: its access and refresh tokens are dead at once."""
    with transaction() as session:
        session.execute(_ending(ApiSession.id == session_id))


def end_sessions(session: Session, user: User) -> None:
    """Sign a user out everywhere, in the caller's unit of work."""
    user.session_epoch += 1
    session.execute(_ending(ApiSession.user_id == user.id))


def delete_old() -> None:
    """Delete sessions that ended long ago."""
    long_ago = datetime.now(UTC) - KEPT
    is_over = (ApiSession.expires_at < long_ago) | (ApiSession.revoked_at < long_ago)
    with transaction() as session:
        session.execute(delete(ApiSession).where(is_over))


def _ending(which: ColumnElement[bool]) -> Update:
    is_open = ApiSession.revoked_at.is_(None)
    return update(ApiSession).where(which, is_open).values(revoked_at=func.now())


def _end() -> datetime:
    return datetime.now(UTC) + timedelta(days=setting("refresh_token_days"))
