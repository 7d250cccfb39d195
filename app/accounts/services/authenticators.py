"""Apps that make codes: TOTP (RFC 6238). Each code works once."""

import secrets
from datetime import UTC, datetime
from typing import NamedTuple

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import SecondFactor, User
from app.core.db import locked
from app.core.settings import setting

APP = "app"
STEP = 30  # seconds that a code of an app lasts
DRIFT = 1  # steps that its clock may be early or late


class NewApp(NamedTuple):
    """What an app is told: a secret, and the address that a QR code writes."""

    secret: str
    uri: str


def new_app(user: User) -> NewApp:
    """Make a secret for an app; nothing is kept before a code of it has come back."""
    return described_app(user, pyotp.random_base32())


def described_app(user: User, secret: str) -> NewApp:
    """Describe a secret that was made before."""
    company = setting("company_name") or "Opsroom"
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=company)
    return NewApp(secret, uri)


def use_app_code(session: Session, user: User, code: str) -> bool:
    """Use up a code of somebody's app; False if it is none, or was used."""
    query = select(SecondFactor).where(
        SecondFactor.user_id == user.id, SecondFactor.kind == APP
    )
    app = session.scalars(locked(query, SecondFactor)).one_or_none()
    step = step_of(app.secret or "", code, after=app.step) if app else None
    if app is None or step is None:
        return False
    app.step, app.used_at = step, datetime.now(UTC)
    return True


def step_of(secret: str, code: str, *, after: int) -> int | None:
    """Give the step that a code is of: around now, and later than the last that was used."""
    given = "".join(code.split())
    if not given.isascii():
        return None
    now, totp = int(datetime.now(UTC).timestamp()) // STEP, pyotp.TOTP(secret)
    fitting = (
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if secrets.compare_digest(totp.generate_otp(step), given)
    )
    return next((step for step in fitting if step > after), None)
