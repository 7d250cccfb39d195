"""The key that numbers of cards are hashed with."""

import secrets

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.attendance.models import CredentialKey
from app.core.db import transaction

KEY_BYTES = 32


def install_key() -> None:
    """Make the key, unless there is one: without it no card would be known again."""
    made = insert(CredentialKey).values(key=secrets.token_hex(KEY_BYTES))
    with transaction() as session:
        session.execute(made.on_conflict_do_nothing())


def credential_key(session: Session) -> bytes:
    """Give the key."""
    return bytes.fromhex(session.scalars(select(CredentialKey.key)).one())
