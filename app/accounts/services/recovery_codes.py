"""Recovery codes: a way in for whoever has lost the second factor. Each works once."""

import secrets
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import RecoveryCode, User, hash_secret
from app.accounts.services.account import confirm_password
from app.core import audit
from app.core.db import db, locked, transaction
from app.core.errors import Invalid

CODES, GROUPS, LETTERS = 10, 6, 4  # 6 groups of 4 letters hold 120 random bits
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def new_recovery_codes(user: User, *, current: str) -> list[str]:
    """Make new recovery codes, to be shown once; the old ones are void.

    Raises:
        Invalid: The password is wrong, or there is no second factor to recover.
        TooManyAttempts: Somebody tries to guess the password.
    """
    confirm_password(user, current)
    with transaction() as session:
        own = session.scalars(locked(queries.user(user.id), User)).one()
        if own.second_factor_at is None:
            raise Invalid("current", "You have no second factor yet.")
        audit.note(own, "recovery_codes", "", "made anew")
        own.updated_at = func.now()
        return make_codes(session, own)


def codes_left(user_id: int) -> int:
    """Count the recovery codes that still work."""
    unused = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).where(*unused)) or 0


def make_codes(session: Session, user: User) -> list[str]:
    """Make codes, to be shown once; those there were are void."""
    end_codes(session, user)
    made = [_code() for _ in range(CODES)]
    session.add_all(
        RecoveryCode(user_id=user.id, code_hash=hash_secret(_bare(code))) for code in made
    )
    return made


def end_codes(session: Session, user: User) -> None:
    """Let no code work any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def use_recovery_code(session: Session, user: User, code: str) -> bool:
    """Use up one of somebody's recovery codes; False if it is none, or was used."""
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == hash_secret(_bare(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=func.now())
    )
    result: Any = session.execute(used)
    return bool(result.rowcount)


def _code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def _bare(code: str) -> str:
    return "".join(filter(str.isalnum, code)).upper()
