"""Somebody has forgotten their password: a link goes to the address that we know of them.

Whoever asks hears the same, as fast, whether there is such a person or not.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from app.accounts import queries
from app.accounts.events import ResetAsked
from app.accounts.models import PasswordReset, User, hash_secret, new_secret
from app.accounts.services import attempts
from app.accounts.services.passwords import set_password
from app.accounts.services.refusals import ResetRefused
from app.core.db import db, locked, transaction
from app.core.events import publish
from app.core.mail import public_url, send_mail
from app.core.settings import setting

LASTS = timedelta(hours=1)
MOST = 3  # mails to one person within the time that a link lasts
KEPT = timedelta(days=30)

TEXT = """\
Somebody, hopefully you, has asked for a new password for {username} at {company}.

Choose it here, within an hour: {address}

If it was not you, do nothing: your password stays as it is.
"""


def ask_reset(name: str, *, address: str | None) -> None:
    """Send a link to the active user of this username or e-mail address, if there is one.

    Raises:
        TooManyAttempts: Too much was asked from this address.
    """
    place = attempts.known(f"reset from {attempts.place_of(address)}")
    attempts.fail(attempts.begin("password reset", place=place))
    user = db.session.scalars(queries.user_by_login(name)).one_or_none()
    with transaction():  # the mail is a job's affair, and so is whether there is one
        publish(ResetAsked(user_id=user.id if user else 0))


def mail_reset(user_id: int) -> bool:
    """Make a link and mail it; False if nobody is to have one."""
    secret, now = new_secret(), datetime.now(UTC)
    with transaction() as session:
        query = queries.user(user_id).where(User.is_active)
        user = session.scalars(locked(query, User)).one_or_none()
        if user is None or _recent(user) >= MOST:
            return False
        reset = PasswordReset(
            user_id=user.id, token_hash=hash_secret(secret), expires_at=now + LASTS
        )
        session.add(reset)
    company = setting("company_name")
    text = TEXT.format(
        username=user.username,
        company=company,
        address=public_url(f"/password-resets/use?token={secret}"),
    )
    subject = " ".join(f"[{company}] Your new password".split())
    try:
        return send_mail(to=[user.email], subject=subject, text=text)
    except Exception:
        with transaction() as session:  # what was not sent is none of the few
            session.delete(reset)
        raise


def use_reset(token: str, *, password: str) -> None:
    """Set the password that somebody has chosen by a link; every link of theirs is void then.

    Raises:
        Invalid: The password does not fit; the link stays good.
        ResetRefused: The link is unknown, used or too old.
    """
    with transaction() as session:
        query = select(PasswordReset).where(
            PasswordReset.token_hash == hash_secret(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > func.now(),
        )
        reset = session.scalars(locked(query, PasswordReset)).one_or_none()
        owner = queries.user(reset.user_id if reset else 0).where(User.is_active)
        user = session.scalars(locked(owner, User)).one_or_none()
        if reset is None or user is None:
            raise ResetRefused
        set_password(session, user, password)  # which voids every link of theirs


def delete_old() -> None:
    """Delete links that are long void."""
    with transaction() as session:
        long_ago = datetime.now(UTC) - KEPT
        session.execute(delete(PasswordReset).where(PasswordReset.expires_at < long_ago))


def _recent(user: User) -> int:
    since = datetime.now(UTC) - LASTS
    query = select(func.count()).where(
        PasswordReset.user_id == user.id, PasswordReset.created_at > since
    )
    return db.session.scalar(query) or 0
