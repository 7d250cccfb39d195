"""What the environment says about this installation, and what it lacks."""

import os
import secrets
import sys
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
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # threads share memory they have freed
    os.environ["TZ"] = "UTC"


def secret_key() -> str:
    """Give the key that signs sessions, made on the first start."""
    key = HOME / "secret_key"
    try:
        if not key.exists():
            new = key.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(secrets.token_hex())
            new.rename(key)
        return key.read_text()
    except PermissionError:
        sys.exit(f"{HOME} belongs to another account: start as that one.")
