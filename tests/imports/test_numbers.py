"""Decimal points and decimal commas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cells import Figure
from app.imports.numbers import guess_decimal, plain_number


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1234.5", ".", "1234.5"),
        ("1,234.50", ".", "1234.50"),
        ("1,234", ".", "1234"),
        (".5", ".", ".5"),
        ("-3", ".", "-3"),
        ("1.234,50", ",", "1234.50"),
        ("1.234", ",", "1234"),
        ("1 234,5", ",", "1234.5"),
        ("1\u202f234\u00a0567,5", ",", "1234567.5"),
        ("1'234.5", ".", "1234.5"),
        ("12,5", "", "12.5"),
        ("12.5", "", "12.5"),
        ("0,125", "", "0.125"),
        ("1234", "", "1234"),
        (Figure("1.234"), ",", "1.234"),
        (Figure("1.234"), "", "1.234"),
    ],
)
def test_a_number_is_read(text: str, decimal: str, number: str) -> None:
    assert plain_number(text, decimal) == number


@pytest.mark.parametrize(
    ("text", "decimal", "reason"),
    [
        ("1.234,50", ".", "not a number with a point"),
        ("1,234.50", ",", "not a number with a comma"),
        ("1,23,456", ".", "not a number"),
        ("12.34.5", ".", "not a number"),
        ("1,234", "", "thousands or decimals"),
        ("1.234", "", "thousands or decimals"),
        ("$3.95", ".", "not a number"),
        ("1E5", ".", "not a number"),
        (".", ".", "not a number"),
        ("", "", "not a number"),
        ("twelve", "", "not a number"),
        ("٣", ".", "not a number"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(
    text: str, decimal: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        plain_number(text, decimal)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(".,"))
def test_a_number_is_the_same_in_both_notations(number: object, decimal: str) -> None:
    written = f"{number:,.2f}"
    if decimal == ",":
        written = written.translate(str.maketrans(",.", ".,"))

    assert float(plain_number(written, decimal)) == float(f"{number:.2f}")


@pytest.mark.parametrize(
    ("texts", "delimiter", "decimal"),
    [
        (["2,95", "1.234"], ";", ","),
        (["2.95", "1,234"], ",", "."),
        (["1.234,5"], "", ","),
        (["2.95", "2,95"], ",", ""),
        (["1,234"], ",", "."),
        (["1.234"], "\t", "."),
        (["1.234"], ";", ""),
        ([Figure("1.5")], "", ""),
        (["", "n/a"], ";", ""),
    ],
)
def test_the_separator_is_guessed_only_on_evidence(
    texts: list[str], delimiter: str, decimal: str
) -> None:
    assert guess_decimal(texts, delimiter) == decimal
