"""Proving who one is, by name and password."""

from typing import Any, NamedTuple

from sqlalchemy import func, update

from app.accounts import queries
from app.accounts.models import User, hasher, nobodys_hash, normalized
from app.accounts.services import attempts
from app.accounts.services.audit_entries import note_sign_in
from app.accounts.services.refusals import StillWaiting, WrongPassword
from app.core.db import db, transaction


class Device(NamedTuple):
    """A browser, and the ids of those who have signed in with it."""

    id: str
    users: tuple[int, ...] = ()


def authenticate(
    name: str, *, password: str, address: str | None = None, device: Device | None = None
) -> User:
    """Find the active user with this username or e-mail address and this password.

    Raises:
        StillWaiting: The password is right, but nobody has approved the account yet.
        TooManyAttempts: Too many failures; see `attempts`.
        WrongPassword: No active user has both.
    """
    user = db.session.scalars(queries.user_by_login(name)).one_or_none()
    who = f"user {user.id}" if user else f"name {name.strip().lower()}"
    place = _place(user, address, device)
    attempt = attempts.begin(who, place=place)
    is_right = (user or User(password_hash=nobodys_hash())).has_password(password)
    if user is None or not is_right or not user.is_active:
        attempts.fail(attempt)
        note_sign_in(user, "failed", address=address, why=_reason(user, is_right=is_right))
        raise StillWaiting if user and is_right and user.is_waiting else WrongPassword
    attempts.forget(who, place=place)
    _note_sign_in(user, password)
    return user


def _reason(user: User | None, *, is_right: bool) -> str:
    """Say for the audit why somebody did not get in; they themselves hear less."""
    if user is None:
        return "nobody has this name"
    return f"the account is {user.state}" if is_right else "wrong password"


def _place(user: User | None, address: str | None, device: Device | None) -> str:
    """Tell where somebody signs in from; a place the account knows has its own count."""
    place = attempts.place_of(address)
    number = user.id if user else 0
    if device is not None and number in device.users:
        return attempts.known(f"device {device.id}")
    is_home = bool(db.session.scalar(queries.program_sessions_from(number, address)))
    return attempts.known(place) if is_home else place


def _note_sign_in(user: User, password: str) -> None:
    """Remember the moment, and hash the password as strongly as today's are."""
    values: dict[str, Any] = {"signed_in_at": func.now(), "updated_at": User.updated_at}
    if user.needs_rehash:
        values["password_hash"] = hasher.hash(normalized(password))
    with transaction() as session:
        session.execute(update(User).where(User.id == user.id).values(values))
