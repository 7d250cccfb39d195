"""Two codes are one if they differ in case, in composition, or in what nobody sees."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.codes import normal_code, tidy_code
from app.core.db import db

# What PostgreSQL cannot keep, and halves of letters.
KEPT = st.characters(codec="utf-8", exclude_characters="\0")


@pytest.mark.parametrize(
    ("typed", "kept", "compared"),
    [
        ("T17-A", "T17-A", "t17-a"),
        ("T15-1\u200b", "T15-1", "t15-1"),
        ("\ufeffT15-2", "T15-2", "t15-2"),
        ("A\u00ad1", "A1", "a1"),
        ("Ka\u0308se", "Käse", "käse"),
        ("\u00a0A \u3000 1\n", "A 1", "a 1"),
        ("\u202eABC\u202c", "ABC", "abc"),
        ("\u03a3\u0391\u03a3", "\u03a3\u0391\u03a3", "\u03c3\u03b1\u03c3"),
        ("İ", "İ", "i"),
        ("a-1", "a-1", "a-1"),
        ("\u200b", "", ""),
    ],
)
def test_a_code_is_shown_as_typed_and_compared_in_its_normal_form(
    typed: str, kept: str, compared: str
) -> None:
    assert tidy_code(typed) == kept
    assert normal_code(typed) == compared


@given(st.text(KEPT, max_size=12))
def test_the_database_writes_a_code_as_python_does(code: str) -> None:
    assert db.session.scalar(select(func.normal_code(code))) == normal_code(code)


@given(st.text(KEPT, max_size=12))
def test_the_normal_form_of_a_code_as_it_is_kept_is_its_own(code: str) -> None:
    assert normal_code(tidy_code(code)) == normal_code(code)


def test_every_letter_alone_is_written_alike(session: Session) -> None:
    """Letters apart that are younger than this Python: it leaves them as they are."""
    every = text(
        "SELECT n, normal_code(chr(n)) FROM generate_series(1, 1114111) AS n "
        "WHERE n NOT BETWEEN 55296 AND 57343"
    )
    differ = [
        f"U+{number:04X}"
        for number, written in session.execute(every)
        if written != normal_code(chr(number)) and category(chr(number)) != "Cn"
    ]

    assert differ == []
