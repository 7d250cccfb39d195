"""What the environment says about this installation, and what it lacks."""

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from local import services

HOME = Path(os.environ.get("OPSROOM_HOME") or "var").resolve()
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"


def has_own_postgres() -> bool:
    """Say whether PostgreSQL is ours to start: no address was given, or we gave it."""
    own = services.database_url(HOME)
    return os.environ.get("DATABASE_URL") in {None, "", own}


def has_own_redis() -> bool:
    """Say whether Redis is ours to start."""
    return os.environ.get("REDIS_URL") in {None, "", services.redis_url(HOME)}


def fill_environment() -> None:
    """Fill in what the environment lacks; children inherit it."""
    if has_own_postgres():
        os.environ["DATABASE_URL"] = services.database_url(HOME)
    if has_own_redis():
        os.environ["REDIS_URL"] = services.redis_url(HOME)
    os.environ.setdefault("SECRET_KEY", secret_key())
    os.environ.setdefault("ENCRYPTION_KEYS", kept("encryption_key", new_encryption_key))
    os.environ.setdefault("QUICKBOOKS_STANDIN", "http://127.0.0.1:8901")
    os.environ.setdefault("STRIPE_STANDIN", "http://127.0.0.1:8903")
    os.environ.setdefault("AMAZON_STANDIN", "http://127.0.0.1:8904")
    os.environ.setdefault("BACKUP_DIR", str(HOME / "backups"))
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # threads share memory they have freed
    os.environ["TZ"] = "UTC"


def secret_key() -> str:
    """Give the key that signs sessions, made on the first start."""
    return kept("secret_key", secrets.token_hex)


def new_encryption_key() -> str:
    """Make a key that seals what only the application may read (Fernet: 32 bytes, base64)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept(name: str, make: Callable[[], str]) -> str:
    """Give a secret of the data folder, made the first time and readable by us alone."""
    path = HOME / name
    try:
        if not path.exists():
            keep(name, make())
        return path.read_text()
    except PermissionError:
        sys.exit(f"{HOME} belongs to another account: start as that one.")


def keep(name: str, secret: str) -> None:
    """Keep a secret in the data folder, readable by us alone, in the place of another."""
    new = (HOME / name).with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(secret)
    new.rename(HOME / name)
