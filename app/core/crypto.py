"""Secrets of outside systems are encrypted at rest: Fernet (AES-128-CBC with HMAC-SHA256).

ENCRYPTION_KEYS lists the keys, the newest first. New secrets are encrypted with the first, and
all of them decrypt old ones, so a key is changed by putting a new one in front, running
`flask rotate-keys`, and taking the old one out.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import Flask, current_app
from sqlalchemy import Dialect, Text, text
from sqlalchemy.types import TypeDecorator

from app.core.db import Model, transaction
from app.core.errors import DomainError


class DecryptionFailed(DomainError):
    """A secret was encrypted with a key that is not among ours any more."""


class EncryptedText(TypeDecorator[str]):
    """A column whose text only this application can read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Encrypt what goes into the database."""
        return None if value is None else _keys().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Decrypt what comes out of it.

        Raises:
            DecryptionFailed: None of our keys fits.
        """
        if value is None:
            return None
        try:
            return _keys().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise DecryptionFailed(
                "A stored secret cannot be decrypted with ENCRYPTION_KEYS. "
                "Give the key it was encrypted with, or connect again."
            ) from error


def init_app(app: Flask) -> None:
    """Take the keys from the configuration.

    Raises:
        ValueError: One of them is no Fernet key.
    """
    keys = app.config["ENCRYPTION_KEYS"]
    app.extensions["fernet"] = MultiFernet([Fernet(key) for key in keys]) if keys else None


def rotate_keys() -> int:
    """Encrypt every secret anew with the first key; give how many there were.

    Raises:
        DecryptionFailed: One was encrypted with another key; nothing is changed.
    """
    columns = [
        (table.name, column.name)
        for table in Model.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, EncryptedText)
    ]
    with transaction():
        return sum(_rotate(table, column) for table, column in columns)


def _rotate(table: str, column: str) -> int:
    """Work on the encrypted text itself, which SQLAlchemy would decrypt."""
    # The names are those of our own models.
    find = f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL FOR UPDATE"  # noqa: S608
    keep = f"UPDATE {table} SET {column} = :new WHERE id = :id"  # noqa: S608
    with transaction() as session:
        found = session.execute(text(find)).all()
        for row_id, old in found:
            session.execute(text(keep), {"id": row_id, "new": _rotated(old)})
    return len(found)


def _rotated(old: str) -> str:
    try:
        return _keys().rotate(old.encode()).decode()
    except InvalidToken as error:
        raise DecryptionFailed(
            "A secret was encrypted with a key that is not in the list."
        ) from error


def _keys() -> MultiFernet:
    keys: MultiFernet | None = current_app.extensions["fernet"]
    if keys is None:
        raise DecryptionFailed("ENCRYPTION_KEYS is not set, so no secret can be kept.")
    return keys
