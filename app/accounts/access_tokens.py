"""Access tokens: short-lived JWTs, signed by us and read by us alone (RFC 7519)."""

import hashlib
import hmac
import time
from typing import NamedTuple

import jwt
from flask import current_app

from app.accounts.models import User
from app.core.settings import setting

ALGORITHM = "HS256"
LABEL = b"opsroom access token"  # so that the key is of no use for cookies, nor theirs here
ISSUER, AUDIENCE = "opsroom", "opsroom api"
CLAIMS = ["sub", "sid", "iat", "exp", "iss", "aud"]
SECONDS_PER_HOUR = 3600


class Claims(NamedTuple):
    """Whom an access token stands for, under the names of the query that checks it."""

    user_id: int
    session_id: int


class Access(NamedTuple):
    """An access token and its life in seconds."""

    token: str
    expires_in: int


def issue(user: User, *, session_id: int) -> Access:
    """Make an access token of a session."""
    now, life = int(time.time()), setting("access_token_hours") * SECONDS_PER_HOUR
    claims = {
        "sub": str(user.id),
        "sid": session_id,
        "iat": now,
        "exp": now + life,
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    return Access(jwt.encode(claims, _key(), ALGORITHM), life)


def read(token: str) -> Claims | None:
    """Give whom a token stands for; None if it is not ours, or has expired.

    Whether the session is still open is for the database to say.
    """
    try:
        claims = jwt.decode(
            token,
            _key(),
            [ALGORITHM],
            options={"require": CLAIMS},
            issuer=ISSUER,
            audience=AUDIENCE,
        )
        return Claims(int(claims["sub"]), int(claims["sid"]))
    except (jwt.InvalidTokenError, ValueError, TypeError):
        return None


def _key() -> bytes:
    secret = current_app.config["SECRET_KEY"]
    return hmac.digest(
        secret.encode() if isinstance(secret, str) else secret, LABEL, hashlib.sha256
    )
