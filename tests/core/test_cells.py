"""Cells that come back as they went."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cells import Figure, as_text, guarded, unguarded

NASTY = st.text(
    alphabet=st.sampled_from(
        "=+-@'\t\r\n\x0b a0._x4Fé\"",
    ),
    max_size=8,
) | st.text(max_size=20)


@given(NASTY)
def test_exactly_the_apostrophe_that_was_added_is_taken_off(text: str) -> None:
    written = guarded(text)

    taken_off = unguarded(written)

    assert (written if taken_off is None else taken_off) == text


@given(NASTY)
def test_no_text_leaves_as_a_formula(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["'tis", "it's", "", "a=b", "00123"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert (guarded(text), unguarded(text)) == (text, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123.0, "123"),
        (-7.0, "-7"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (12.5, "12.5"),
        (4006381333931.0, "4006381333931"),
        (1234567890123456.0, "1.23456789012346E+15"),
        ("00123", "00123"),
        (True, "yes"),
        (False, "no"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),  # noqa: DTZ001
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (None, ""),
    ],
)
def test_a_value_is_read_as_people_see_it(value: Any, text: str) -> None:
    assert as_text(value) == text


def test_a_number_is_known_as_one() -> None:
    assert isinstance(as_text(1.5), Figure)
    assert not isinstance(as_text("1.5"), Figure)
