"""What names a person: username, e-mail address, name, time zone."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import User
from app.core.errors import AlreadyExists, Invalid
from app.core.texts import parse_line

LONGEST_NAME, LONGEST_EMAIL = 100, 254  # RFC 5321, 4.5.3.1.3 less the brackets
# Without an @, so that no username can be somebody's e-mail address.
USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")


def clean_identity(given: dict[str, Any]) -> dict[str, Any]:
    """Check the naming fields among `given`, and give them tidied with all the others.

    Raises:
        Invalid: A field does not fit.
    """
    return {**given, **{f: check(given[f]) for f, check in CHECKS.items() if f in given}}


def ensure_free(session: Session, clean: dict[str, Any], *, besides: int | None = None) -> None:
    """Refuse a username or an e-mail address that somebody besides `besides` has.

    Raises:
        AlreadyExists: Somebody has it.
    """
    taken = (
        ("username", queries.user_by_username, "Somebody has this username."),
        ("email", queries.user_by_email, "Somebody has this e-mail address."),
    )
    for field, query, reason in taken:
        if field in clean:
            others = query(clean[field]).where(User.id.is_distinct_from(besides))
            if session.scalar(others.with_only_columns(User.id)) is not None:
                raise AlreadyExists(field, reason)


def _username(value: str) -> str:
    if not USERNAME.fullmatch(value.strip()):
        raise Invalid("username", "Letters, digits, dots, dashes; at most 50 characters.")
    return value.strip()


def _email(value: str) -> str:
    if len(value) > LONGEST_EMAIL or not EMAIL.fullmatch(value.strip()):
        raise Invalid("email", "This is not an e-mail address.")
    return value.strip()


def _name(value: str) -> str:
    try:
        tidy = parse_line(value)
    except ValueError as error:
        raise Invalid("name", str(error)) from error
    if not 0 < len(tidy) <= LONGEST_NAME:
        raise Invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    return tidy


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise Invalid("time_zone", "This is not a time zone, such as Europe/Berlin.")
    return value


CHECKS: dict[str, Callable[[str], str]] = {
    "username": _username,
    "email": _email,
    "name": _name,
    "time_zone": _time_zone,
}
