"""What a password must be, and how one is set."""

import re
import unicodedata

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from app.accounts.models import PasswordReset, User, normalized
from app.accounts.services.password_strength import guesses
from app.accounts.services.sessions import end_sessions
from app.core import audit
from app.core.errors import Invalid
from app.core.settings import setting

SHORTEST, LONGEST = 12, 200
SHORTEST_WORD = 3
SHORTEST_REST = 8  # characters that must be left without the words that anybody may know
# As zxcvbn counts guesses: of the passwords that were stolen elsewhere it knows 30,000, with
# their usual changes. 10^9 is more than a stolen hash of ours is worth for weeks of computing.
FEWEST_GUESSES = 9.0  # as a power of ten


def check_password(
    password: str, *, username: str, email: str, name: str, field: str = "password"
) -> None:
    """Refuse a password that is short, easy to guess, or close to the person and the company.

    Raises:
        Invalid: It does not fit, under the name of the field it came from.
    """
    tidy = normalized(password)
    if not SHORTEST <= len(tidy) <= LONGEST:
        raise Invalid(field, f"A password has {SHORTEST} to {LONGEST} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in tidy):
        raise Invalid(field, "A password has no line breaks and no half characters.")
    words = _words(username, email, name, str(setting("company_name")), "opsroom")
    if _is_close(tidy, words):
        known = "your name, your e-mail address or the company's name"
        raise Invalid(field, f"A password must not be made of {known}.")
    if guesses(tidy, words) < FEWEST_GUESSES:
        raise Invalid(field, "This password is common or easy to guess. Take some more words.")


def set_password(
    session: Session,
    user: User,
    password: str,
    *,
    field: str = "password",
    must_change: bool = False,
) -> None:
    """Give a user a new password, sign out everywhere, and leave a trace without it."""
    check_password(
        password, username=user.username, email=user.email, name=user.name, field=field
    )
    user.set_password(password)
    user.must_change_password = must_change
    audit.note(user, "password", "", "changed")  # before the flush that is to tell it
    void_resets(session, user)
    end_sessions(session, user, why="a new password")


def void_resets(session: Session, user: User) -> None:
    """Let no link open the account that was mailed before what has just changed."""
    open_links = PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
    session.execute(update(PasswordReset).where(*open_links).values(used_at=func.now()))


def _words(*texts: str) -> list[str]:
    """Give the words that anybody may know, the longest first."""
    found = {word for text in texts for word in re.split(r"[\W_]+", text.casefold())}
    return sorted((w for w in found if len(w) >= SHORTEST_WORD), key=len, reverse=True)


def _is_close(password: str, words: list[str]) -> bool:
    """Tell whether hardly anything is left of it without these words."""
    whole = rest = password.casefold()
    for word in words:
        rest = rest.replace(word, "")
    return rest != whole and sum(map(str.isalnum, rest)) < SHORTEST_REST
