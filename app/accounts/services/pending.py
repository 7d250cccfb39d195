"""Between the password and the second factor: a sign-in that opens nothing yet."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select

from app.accounts.models import PendingSignIn, User, hash_secret, new_secret
from app.accounts.services.second_factors import new_challenge
from app.core.db import db, transaction

LASTS = timedelta(minutes=10)


class Pending(NamedTuple):
    """Whose password was right, and what a passkey of theirs has to sign."""

    id: int
    user: User
    challenge: str


def begin_pending(user: User) -> str:
    """Remember that somebody's password was right; the secret finds it again."""
    secret = new_secret()
    with transaction() as session:
        session.add(
            PendingSignIn(
                user_id=user.id,
                secret_hash=hash_secret(secret),
                challenge=new_challenge(),
                expires_at=datetime.now(UTC) + LASTS,
            )
        )
    return secret


def pending(secret: str) -> Pending | None:
    """Find a sign-in that waits for its second factor."""
    query = (
        select(PendingSignIn, User)
        .join(User, User.id == PendingSignIn.user_id)
        .where(
            PendingSignIn.secret_hash == hash_secret(secret),
            PendingSignIn.expires_at > func.now(),
            User.is_active,
        )
    )
    row = db.session.execute(query).one_or_none()
    return Pending(row[0].id, row[1], row[0].challenge) if row else None


def end_pending(found: Pending) -> bool:
    """Use up a sign-in that waits; False where somebody else has, just now."""
    with transaction() as session:
        ended = delete(PendingSignIn).where(PendingSignIn.id == found.id)
        return session.scalar(ended.returning(PendingSignIn.id)) is not None


def delete_old() -> None:
    """Delete sign-ins that nobody has ended."""
    with transaction() as session:
        session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at < func.now()))
