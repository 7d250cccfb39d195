"""Long-lived named tokens of scripts and devices: shown once, kept as a hash, revocable."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, update

from app.accounts import queries
from app.accounts.models import ApiToken, User, hash_secret, new_secret
from app.core.db import transaction
from app.core.errors import Invalid

LONGEST_NAME = 100


class Issued(NamedTuple):
    """A token and its secret, which is nowhere kept."""

    token: ApiToken
    secret: str


def issue_token(user: User, *, name: str, expires_at: datetime | None = None) -> Issued:
    """Make a named token that may do what its user may do.

    Raises:
        Invalid: The name is empty or too long, or the end is in the past.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise Invalid("expires_at", "This is in the past.")
    secret = new_secret()
    with transaction() as session:
        token = ApiToken(
            user_id=user.id, name=name, token_hash=hash_secret(secret), expires_at=expires_at
        )
        session.add(token)
    return Issued(token, secret)


def create_token(user: User, *, name: str) -> str:
    """Make a named token that does not expire, and give its secret, once."""
    return issue_token(user, name=name).secret


def revoke_token(user: User, token_id: int) -> None:
    """End a token of a user; one that has ended stays as it is."""
    with transaction() as session:
        token = session.scalars(queries.token(user.id, token_id)).one()
        token.revoked_at = token.revoked_at or datetime.now(UTC)


def note_use(token_id: int) -> None:
    """Remember when a token was used last, to the minute."""
    is_due = or_(ApiToken.last_used_at.is_(None), queries.used_a_minute_ago())
    with transaction() as session:
        session.execute(
            update(ApiToken)
            .where(ApiToken.id == token_id, is_due)
            .values(last_used_at=func.now())
        )
