"""Long-lived named tokens of scripts and devices: shown once, kept as a hash, revocable."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.identities import NOTES_USE
from app.accounts.models import ApiToken, User, hash_secret, new_secret
from app.accounts.services.access import tell_access_changed
from app.accounts.services.refusals import TooManyTokens
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.permissions import is_known
from app.core.settings import setting

LONGEST_NAME = 100


class Issued(NamedTuple):
    """A token and its secret, which is nowhere kept."""

    token: ApiToken
    secret: str


def issue_token(
    user: User,
    *,
    name: str,
    expires_at: datetime | None = None,
    scopes: Collection[str] = (),
) -> Issued:
    """Make a named token; without an end it lasts as long as the settings allow.

    It may do what its user may do, or only what `scopes` say of that.

    Raises:
        Invalid: The name is empty or too long, the end is past or too far, or a scope is not
            among what the user may do.
        TooManyTokens: The user has as many as the settings allow.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    end = _end(expires_at)
    if beyond := sorted(scope for scope in scopes if not is_known(scope)):
        raise Invalid("scopes", f"No permission is called so: {', '.join(beyond)}.")
    if beyond := sorted(scope for scope in scopes if not user.may(scope)):
        raise Invalid("scopes", f"You may not do this yourself: {', '.join(beyond)}.")
    secret = new_secret()
    with transaction() as session:
        _ensure_room(session, user)
        token = ApiToken(
            user_id=user.id,
            name=name,
            token_hash=hash_secret(secret),
            expires_at=end,
            scopes=sorted(set(scopes)),
        )
        session.add(token)
    return Issued(token, secret)


def create_token(user: User, *, name: str) -> str:
    """Make a named token that lasts as long as may be, and give its secret, once."""
    return issue_token(user, name=name).secret


def issue_device_token(user: User, *, name: str, scope: str) -> Issued:
    """Make a token for a device on a wall: it does one thing, until somebody revokes it.

    Nobody signs in there again, so it has no end; it ends with its owner's account.

    Raises:
        Invalid: The name does not fit, or the owner may not do this.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    if not user.may(scope):
        raise Invalid("name", f"You may not do this yourself: {scope}.")
    secret = new_secret()
    with transaction() as session:
        token = ApiToken(
            user_id=user.id, name=name, token_hash=hash_secret(secret), scopes=[scope]
        )
        session.add(token)
        session.flush()
    return Issued(token, secret)


def revoke_token(user: User, token_id: int) -> None:
    """End a token of a user; one that has ended stays as it is."""
    with transaction() as session:
        token = session.scalars(queries.token(user.id, token_id)).one()
        token.revoked_at = token.revoked_at or datetime.now(UTC)
        tell_access_changed(session, user.id)  # also websockets that it has opened


def end_tokens(session: Session, user: User) -> None:
    """End all named tokens of a user for good, in the caller's unit of work."""
    for token in session.scalars(queries.tokens(user.id)):
        token.revoked_at = datetime.now(UTC)
    tell_access_changed(session, user.id)


def note_use(token_id: int) -> None:
    """Remember when a token was used last, to the minute."""
    is_due = or_(ApiToken.last_used_at.is_(None), queries.used_a_minute_ago())
    with transaction() as session:
        session.execute(
            update(ApiToken)
            .where(ApiToken.id == token_id, is_due)
            .values(last_used_at=func.now()),
            execution_options=NOTES_USE,
        )


def _end(wanted: datetime | None) -> datetime:
    now, days = datetime.now(UTC), setting("token_days")
    latest = now + timedelta(days=days)
    if wanted is None:
        return latest
    if wanted <= now:
        raise Invalid("expires_at", "This is in the past.")
    if wanted > latest + timedelta(days=1):  # the last day counts whole, in any time zone
        raise Invalid("expires_at", f"A token lasts at most {days} days.")
    return wanted


def _ensure_room(session: Session, user: User) -> None:
    """Count under a lock on the user, so that two requests at once cannot both be the last."""
    session.scalars(locked(queries.user(user.id), User)).one()
    # Those of devices have no end: a wall of readers leaves room for one's own.
    own = queries.valid_tokens(user.id).where(ApiToken.expires_at.is_not(None))
    valid = own.order_by(None).subquery()
    most = setting("tokens_per_person")
    if (session.scalar(select(func.count()).select_from(valid)) or 0) >= most:
        raise TooManyTokens(most)
