"""What people do with their own account."""

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.events import RegisteredAgain
from app.accounts.models import User
from app.accounts.services import attempts
from app.accounts.services.identity import clean_identity
from app.accounts.services.passwords import set_password
from app.accounts.services.refusals import RegistrationClosed
from app.accounts.services.users import create_user
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.events import publish
from app.core.mail import public_url, send_mail
from app.core.settings import setting

AGAIN = """\
Somebody, hopefully you, has registered with your e-mail address at {company}.
You have an account already: {username}.

Sign in, or ask for a new password: {address}
"""


def register(
    username: str, *, email: str, name: str, password: str, address: str | None
) -> None:
    """Make an account that waits for an administrator.

    Where the e-mail address has an account, its owner is told by mail, and whoever asks hears
    and waits the same.

    Raises:
        AlreadyExists: Somebody has this username.
        Invalid: A field does not fit.
        RegistrationClosed: The setting `self_registration` is off.
        TooManyAttempts: This address has registered too often.
    """
    if not setting("self_registration"):
        raise RegistrationClosed
    place = attempts.known(f"from {attempts.place_of(address)}")
    attempts.fail(attempts.begin("registration", place=place))
    try:
        with transaction():
            create_user(username, email=email, name=name, password=password, is_waiting=True)
    except AlreadyExists as error:
        if error.field != "email":
            raise
        owner = db.session.scalars(queries.user_by_email(email.strip())).one()
        with transaction():
            publish(RegisteredAgain(user_id=owner.id))


def mail_registered_again(user_id: int) -> bool:
    """Tell somebody that their e-mail address was registered once more."""
    with transaction() as session:
        user = session.scalars(queries.user(user_id)).one()
        company = setting("company_name")
    text = AGAIN.format(company=company, username=user.username, address=public_url("/"))
    subject = " ".join(f"[{company}] You have an account".split())
    return send_mail(to=[user.email], subject=subject, text=text)


def revise_account(user: User, *, version: int | None, name: str, time_zone: str) -> User:
    """Change one's own name and time zone.

    Raises:
        Invalid: A field does not fit.
        StaleVersion: The account has been changed since `version`.
    """
    with transaction() as session:
        own = _own(session, user)
        clean = clean_identity({"name": name, "time_zone": time_zone})
        own.revise(version=version, **clean)
    return own


def change_password(user: User, *, current: str, password: str) -> User:
    """Change one's own password, and sign out everywhere.

    Raises:
        Invalid: The present password is wrong, or the new one is weak.
        TooManyAttempts: Somebody tries to guess the present one.
    """
    confirm_password(user, current)
    with transaction() as session:
        own = _own(session, user)
        if own.has_password(password):
            raise Invalid("password", "This is your present password. Take another one.")
        set_password(session, own, password)
    return own


def confirm_password(user: User, current: str) -> None:
    """Ask for the present password once more.

    Raises:
        Invalid: It is wrong.
        TooManyAttempts: Somebody tries to guess it.
    """
    place = attempts.known("account")
    attempt = attempts.begin(f"user {user.id}", place=place)
    if not user.has_password(current):
        attempts.fail(attempt)
        raise Invalid("current", "This is not your present password.")
    attempts.forget(f"user {user.id}", place=place)


def _own(session: Session, user: User) -> User:
    return session.scalars(locked(queries.user(user.id), User)).one()
