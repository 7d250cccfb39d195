"""What people do with their own account."""

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import User
from app.accounts.services import attempts
from app.accounts.services.identity import clean_identity
from app.accounts.services.refusals import RegistrationClosed
from app.accounts.services.users import create_user, set_password
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.settings import setting


def register(
    username: str, *, email: str, name: str, password: str, address: str | None
) -> User:
    """Make an account that waits for an administrator.

    Raises:
        AlreadyExists: Somebody has this username or e-mail address.
        Invalid: A field does not fit.
        RegistrationClosed: The setting `self_registration` is off.
        TooManyAttempts: This address has registered too often.
    """
    if not setting("self_registration"):
        raise RegistrationClosed
    attempts.begin("registration", place=attempts.known(f"from {address}"))
    return create_user(username, email=email, name=name, password=password, is_waiting=True)


def revise_account(user: User, *, version: int | None, name: str, time_zone: str) -> User:
    """Change one's own name and time zone.

    Raises:
        Invalid: A field does not fit.
        StaleVersion: The account has been changed since `version`.
    """
    with transaction() as session:
        own = _own(session, user)
        clean = clean_identity(session, {"name": name, "time_zone": time_zone}, besides=user.id)
        own.revise(version=version, **clean)
    return own


def change_password(user: User, *, current: str, password: str) -> User:
    """Change one's own password, and sign out everywhere.

    Raises:
        Invalid: The present password is wrong, or the new one is weak.
        TooManyAttempts: Somebody tries to guess the present one.
    """
    place = attempts.known("account")
    attempts.begin(f"user {user.id}", place=place)
    if not user.has_password(current):
        raise Invalid("current", "This is not your present password.")
    attempts.forget(f"user {user.id}", place=place)
    with transaction() as session:
        own = _own(session, user)
        set_password(session, own, password)
    return own


def _own(session: Session, user: User) -> User:
    return session.scalars(locked(queries.user(user.id), User)).one()
