"""What is a number when somebody types it, and what a scanner typed into its field."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.core.forms import Form, PlainDecimalField
from app.core.quantities import parse_decimal, parse_shown


class Quantity(Form):
    quantity = PlainDecimalField("Quantity")


@pytest.mark.parametrize(
    ("typed", "number"), [("1,200", "1200"), ("2,5", "2.5"), (" 12 ", "12"), ("-0.5", "-0.5")]
)
def test_a_number_is_read_as_it_is_shown_or_with_a_comma(typed: str, number: str) -> None:
    assert parse_shown(typed, decimals=3) == Decimal(number)


@pytest.mark.parametrize("scanned", ["5E3", "1e5", "1_000", "NaN", "Infinity", "0x10"])
def test_a_code_is_no_number_wherever_it_is_typed(app: Flask, scanned: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_shown(scanned, decimals=3)
    with app.test_request_context():
        form = Quantity(MultiDict({"quantity": scanned}))
        assert not form.validate()
        assert form.quantity.data is None


def test_programs_write_exponents_and_no_underscores() -> None:
    assert parse_decimal("1E+2", decimals=3) == 100
    with pytest.raises(ValueError, match="not a number"):
        parse_decimal("1_000", decimals=3)


def test_every_form_asks_for_numbers_of_people() -> None:
    own = re.compile(r"(?<!Plain)DecimalField\(")
    asking = {
        str(path)
        for path in Path("app").rglob("*.py")
        if own.search(path.read_text().replace("class PlainDecimalField(DecimalField)", ""))
    }

    assert asking == set()
