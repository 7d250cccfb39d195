"""How texts are folded for searching, in PostgreSQL."""

import pytest
from sqlalchemy import func, select, text

from app.core.db import db

# Each letter by itself, with one before it that has an accent, and with a plain one.
DIFFERING = text(
    "SELECT n FROM generate_series(1, 127) AS n WHERE search_text(chr(n)) <> "
    "unaccented_text(chr(n)) OR search_text(U&'\\00c9' || chr(n)) <> 'e' || lower(chr(n))"
)


def test_what_is_taken_as_it_is_has_nothing_to_fold() -> None:
    assert db.session.scalars(DIFFERING).all() == []


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Crème BRÛLÉE", "creme brulee"), ("ÅNGSTRÖM 5", "angstrom 5"), ("A\u00a0b", "a b")],
)
def test_accents_capitals_and_odd_blanks_do_not_count(written: str, folded: str) -> None:
    assert db.session.scalar(select(func.search_text(written))) == folded


def test_nothing_is_folded_to_nothing() -> None:
    names = ("search_text", "code_key", "normal_code", "barcode_key")
    nothing = select(*[getattr(func, name)(None) for name in names])

    assert [*db.session.execute(nothing).one()] == [None] * 4
