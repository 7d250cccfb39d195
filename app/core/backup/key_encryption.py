"""Keys leave the machine only under a passphrase: scrypt (RFC 7914) makes a key of it."""

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from app.core.errors import DomainError

COST, BLOCK, MEMORY = 2**15, 8, 64 * 1024**2  # a tenth of a second and 32 MB for each guess
SHORTEST = 12


class WrongPassphrase(DomainError):
    """The passphrase is not the one that the keys were sealed with."""


class PassphraseTooShort(DomainError):
    """A passphrase that is soon guessed seals nothing."""


def sealed(values: dict[str, str], passphrase: str) -> bytes:
    """Seal some values.

    Raises:
        PassphraseTooShort: It has less than 12 characters.
    """
    if len(passphrase) < SHORTEST:
        raise PassphraseTooShort(f"BACKUP_PASSPHRASE needs {SHORTEST} characters at least.")
    salt = secrets.token_bytes(16)
    token = Fernet(_key(passphrase, salt)).encrypt(json.dumps(values).encode())
    made = {"made_by": "scrypt", "salt": salt.hex(), "sealed": token.decode()}
    return json.dumps(made).encode()


def opened(content: bytes, passphrase: str) -> dict[str, str]:
    """Open what `sealed` has made.

    Raises:
        WrongPassphrase: It was another passphrase, or somebody has changed the content.
    """
    made: dict[str, Any] = json.loads(content)
    key = _key(passphrase, bytes.fromhex(made["salt"]))
    try:
        values: dict[str, str] = json.loads(Fernet(key).decrypt(made["sealed"].encode()))
    except InvalidToken as error:
        raise WrongPassphrase("The passphrase does not open the keys.") from error
    return values


def _key(passphrase: str, salt: bytes) -> bytes:
    key = hashlib.scrypt(
        passphrase.encode(), salt=salt, n=COST, r=BLOCK, p=1, maxmem=MEMORY, dklen=32
    )
    return base64.urlsafe_b64encode(key)
