"""Second factors: an app that makes codes, passkeys (WebAuthn), recovery codes.

A password alone opens nothing for whoever has one. Every code works once.
"""

import secrets
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import SecondFactor, User
from app.accounts.services import attempts
from app.accounts.services.account import confirm_password
from app.accounts.services.audit_entries import note_sign_in
from app.accounts.services.authenticators import APP, step_of, use_app_code
from app.accounts.services.guards import changing_accounts, ensure_not_self, ensure_outranks
from app.accounts.services.recovery_codes import end_codes, make_codes, use_recovery_code
from app.accounts.services.refusals import SecondFactorNeeded, WrongCode
from app.accounts.services.sessions import end_sessions
from app.accounts.services.tokens import end_tokens
from app.core import audit
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.texts import parse_line

PASSKEY = "passkey"
LONGEST_NAME = 100
OWN = "Your own second factors are on the page of your account."


class Site(NamedTuple):
    """Whose pages ask for passkeys: `host` without a port, `origin` with scheme and port."""

    host: str
    origin: str


def add_app(user: User, *, secret: str, code: str, current: str) -> list[str]:
    """Take an app as a second factor once it has made a code; one replaces another.

    Gives recovery codes, to be shown once, where it is the first second factor.

    Raises:
        Invalid: The code does not fit the secret, or the password is wrong.
        TooManyAttempts: Somebody tries to guess the password.
    """
    confirm_password(user, current)
    step = step_of(secret, code, after=0)
    if step is None:
        raise Invalid("code", "This code does not fit. Is the clock of your device right?")
    with transaction() as session:
        own = _locked(session, user)
        _remove(session, own, SecondFactor.kind == APP)
        factor = SecondFactor(
            user_id=own.id, kind=APP, name="Authenticator app", secret=secret, step=step
        )
        return _added(session, own, factor)


def add_passkey(
    user: User, *, name: str, credential: str, challenge: str, site: Site, current: str
) -> list[str]:
    """Take a passkey as a second factor; `credential` is what the browser says, as JSON.

    Gives recovery codes, to be shown once, where it is the first second factor.

    Raises:
        Invalid: The passkey does not answer to the challenge, or the password is wrong.
        AlreadyExists: It is known already.
        TooManyAttempts: Somebody tries to guess the password.
    """
    confirm_password(user, current)
    tidy = parse_line(name)
    if not 0 < len(tidy) <= LONGEST_NAME:
        raise Invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    from app.accounts.services import passkeys  # noqa: PLC0415  (it takes a fifth of a second)

    known = passkeys.registered(credential, challenge=challenge, site=site)
    factor = SecondFactor(user_id=user.id, kind=PASSKEY, name=tidy, **known)
    try:
        with transaction() as session:
            return _added(session, _locked(session, user), factor)
    except IntegrityError as error:
        raise AlreadyExists("name", "This passkey is known already.") from error


def remove_factor(user: User, factor_id: int, *, current: str) -> None:
    """Take a second factor away.

    Raises:
        Invalid: The password is wrong.
        TooManyAttempts: Somebody tries to guess the password.
    """
    confirm_password(user, current)
    with transaction() as session:
        own = _locked(session, user)
        _remove(session, own, SecondFactor.id == factor_id)
        _settle(session, own)


def prove_code(user: User, code: str, *, address: str | None) -> None:
    """Take a code of somebody's app, or one of their recovery codes; each works once.

    Raises:
        WrongCode: It is neither.
        TooManyAttempts: Somebody tries to guess.
    """
    attempt = _begin(user)
    with transaction() as session:
        is_right = use_app_code(session, user, code) or use_recovery_code(session, user, code)
    if not is_right:
        _fail(user, attempt, address=address)
    _forget(user)


def prove_second_factor(user: User, code: str, *, address: str | None) -> None:
    """Take a code of whoever has a second factor; of others none is asked.

    Raises:
        SecondFactorNeeded: There is no code.
        TooManyAttempts, WrongCode: As `prove_code` does.
    """
    if user.second_factor_at is None:
        return
    if not code:
        raise SecondFactorNeeded
    prove_code(user, code, address=address)


def prove_passkey(
    user: User, credential: str, *, challenge: str, site: Site, address: str | None
) -> None:
    """Take what a passkey has signed.

    Raises:
        WrongCode: It is none of theirs, or does not answer to the challenge.
        TooManyAttempts: Somebody tries to guess.
    """
    from app.accounts.services import passkeys  # noqa: PLC0415  (as above)

    attempt = _begin(user)
    with transaction() as session:
        query = select(SecondFactor).where(
            SecondFactor.user_id == user.id,
            SecondFactor.credential_id == passkeys.id_of(credential),
        )
        known = session.scalars(locked(query, SecondFactor)).one_or_none()
        count = None
        if known is not None:
            count = passkeys.signed(credential, known, challenge=challenge, site=site)
        if known is not None and count is not None:
            known.sign_count, known.used_at = count, datetime.now(UTC)
    if count is None:
        _fail(user, attempt, address=address)
    _forget(user)


def reset_second_factor(user_id: int, *, by: User | None) -> User:
    """Take away whatever second factor somebody has, and sign them out everywhere.

    For whoever has lost theirs, and the recovery codes too. Named tokens end with it.

    Raises:
        BeyondYourRole: The user holds more than `by` does.
        OwnAccount: It is one's own; that takes the password.
    """
    with changing_accounts() as session:
        user = session.scalars(locked(queries.user(user_id), User)).one()
        ensure_not_self(by, user, OWN)
        ensure_outranks(by, user)
        _remove(session, user)
        _settle(session, user)
        end_sessions(session, user, why="the second factor was reset")
        end_tokens(session, user)
    return user


def factors_of(user_id: int) -> list[SecondFactor]:
    """Give the second factors of a user, the oldest first."""
    query = select(SecondFactor).where(SecondFactor.user_id == user_id)
    return list(db.session.scalars(query.order_by(SecondFactor.id)))


def passkey_to_register(user: User, *, challenge: str, site: Site) -> str:
    """Give what a browser is to make a passkey from, as JSON."""
    from app.accounts.services import passkeys  # noqa: PLC0415  (as above)

    known = factors_of(user.id)
    return passkeys.asked_to_register(user, known, challenge=challenge, site=site)


def passkey_to_sign(user: User, *, challenge: str, site: Site) -> str:
    """Give what a browser is to let a passkey sign, as JSON; nothing where there is none."""
    known = factors_of(user.id)
    if not any(one.credential_id for one in known):
        return ""
    from app.accounts.services import passkeys  # noqa: PLC0415  (as above)

    return passkeys.asked_to_sign(known, challenge=challenge, site=site)


def new_challenge() -> str:
    """Make what a passkey has to sign: 256 random bits, as base64url."""
    return secrets.token_urlsafe(32)


def _added(session: Session, user: User, factor: SecondFactor) -> list[str]:
    """Keep a factor; the first signs out whoever came in by the password alone."""
    session.add(factor)
    is_first = user.second_factor_at is None
    audit.note(user, "second_factor", "", f"{factor.name} added")
    user.second_factor_at = user.second_factor_at or datetime.now(UTC)
    user.updated_at = func.now()
    if not is_first:
        return []
    end_sessions(session, user, why="a second factor")
    return make_codes(session, user)


def _remove(session: Session, user: User, *which: ColumnElement[bool]) -> None:
    query = select(SecondFactor).where(SecondFactor.user_id == user.id, *which)
    for factor in session.scalars(query):
        audit.note(user, "second_factor", f"{factor.name}", "removed")
        user.updated_at = func.now()
        session.delete(factor)
    session.flush()


def _settle(session: Session, user: User) -> None:
    """Ask for no second factor any more where none is left."""
    left = select(SecondFactor.id).where(SecondFactor.user_id == user.id).limit(1)
    if session.scalar(left) is None:
        user.second_factor_at = None
        end_codes(session, user)


def _begin(user: User) -> int:
    return attempts.begin(f"user {user.id} code", place=attempts.known("second factor"))


def _forget(user: User) -> None:
    attempts.forget(f"user {user.id} code", place=attempts.known("second factor"))


def _fail(user: User, attempt: int, *, address: str | None) -> None:
    attempts.fail(attempt)
    note_sign_in(user, "failed", address=address, why="wrong second factor")
    raise WrongCode


def _locked(session: Session, user: User) -> User:
    return session.scalars(locked(queries.user(user.id), User)).one()
