"""The cookie by which an account knows a browser again. It signs nobody in."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug import Response

from app.accounts.models import User, new_secret
from app.accounts.services import Device

SALT = "opsroom device"
YEAR = 365 * 24 * 3600  # seconds
REMEMBERED = 20  # people; a tablet on a wall has many


def device() -> Device | None:
    """Give the browser that asks, if anybody has signed in with it before."""
    try:
        number, users = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return Device(number, tuple(users))


def remember_device(response: Response, user: User) -> None:
    """Let the account know this browser from now on."""
    present = device() or Device(new_secret())
    others = [number for number in present.users if number != user.id]
    users = [*others, user.id][-REMEMBERED:]
    response.set_cookie(
        _cookie(),
        _signer().dumps([present.id, users]),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _cookie() -> str:
    is_https = current_app.config["SESSION_COOKIE_SECURE"]
    return "__Host-device" if is_https else "device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
