"""What a password must be."""

import timeit

import pytest

from app.accounts.models import User, hasher
from app.accounts.services.password_strength import guesses
from app.accounts.services.passwords import FEWEST_GUESSES, LONGEST, check_password
from app.core.errors import Invalid
from app.core.settings import set_settings

SOMEBODY = {"username": "kim.doe", "email": "k.doe@maple.example", "name": "Kim Doe"}
LONG = "correct horse battery staple " * 7


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("x" * 11, "12 to 200"),
        (LONG[: LONGEST + 1], "12 to 200"),
        ("Password1234", "easy to guess"),
        ("Password123!Password", "easy to guess"),
        ("qwertyuiop123", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("iloveyou12345", "easy to guess"),
        ("aaaabbbbaaaabbbb", "easy to guess"),
        ("summer2026summer", "easy to guess"),
        ("kim.doe-2026-kim.doe", "must not be made of"),
        ("MAPLE maple maple 99", "must not be made of"),
        ("Rose Garden 2026!", "must not be made of"),
        ("opsroom2026!!", "must not be made of"),
        ("new\nline in a long one", "line breaks"),
        ("half a \ud800 character", "half characters"),
    ],
)
def test_what_a_password_must_not_be(password: str, reason: str) -> None:
    set_settings(company_name="Rose Garden Ltd")

    with pytest.raises(Invalid, match=reason) as refusal:
        check_password(password, **SOMEBODY)
    assert password not in str(refusal.value)


@pytest.mark.parametrize(
    "password", ["four words nobody expects", "日本語のとても長い合言葉です", LONG[:LONGEST]]
)
def test_what_a_password_may_be(password: str) -> None:
    refusal = None
    try:
        check_password(password, **SOMEBODY)
    except Invalid as refused:
        refusal = refused
    assert refusal is None


def test_no_password_takes_long_to_look_at() -> None:
    """Signs that may stand for several letters made it take seconds."""
    signs = "4@8({[<3691!|70$5+%2" * 10

    spent = min(timeit.repeat(lambda: guesses(signs, []), number=1, repeat=3))
    plain = min(timeit.repeat(lambda: guesses("x" * 200, []), number=1, repeat=3))

    assert spent < 20 * plain
    assert guesses("1234567890 correct horse battery", []) > FEWEST_GUESSES
    assert guesses("({[<1!|74@$5+" * 3, []) < 40


def test_all_keyboards_write_the_same_password() -> None:
    user = User(username="kim")
    user.set_password("cafe\u0301 au lait fort")

    assert user.has_password("caf\u00e9 au lait fort")
    assert not user.has_password("cafe au lait fort")


def test_half_a_character_is_no_password() -> None:
    user = User(username="kim", password_hash=hasher.hash("something long"))

    assert not user.has_password("half a \ud800 character")
