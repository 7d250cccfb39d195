"""What a cell's text may be. Each parser says no with a reason for a person.

A parser gets the text without outer blanks and never an empty one.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS, parse_decimal

Parser = Callable[[str], Any]

MOST_DAYS = 3650

YES = {"1", "yes", "y", "true", "t", "x", "active", "ja", "oui", "si", "sí"}
NO = {"0", "no", "n", "false", "f", "inactive", "nein", "non"}
# What a spreadsheet shows of a long number: 5.65E+12, 5,65E+12, 6E+12.
_SHORTENED = re.compile(r"[+-]?[0-9](?:[.,][0-9]*)?E\+[0-9]{2,3}", re.IGNORECASE)


def code(rule: Parser) -> Parser:
    """Refuse a number that has lost its digits, besides what the rule refuses."""

    def parse(text: str) -> Any:
        if _SHORTENED.fullmatch(text):
            raise ValueError(
                "This is a number that a spreadsheet has shortened. Format the column as text "
                "and enter it again."
            )
        return rule(text)

    return parse


def amount(text: str) -> Decimal:
    """Money, not negative."""
    return _not_negative(parse_decimal(text, decimals=MONEY_DECIMALS))


def quantity(text: str) -> Decimal:
    """A quantity, not negative."""
    return _not_negative(parse_decimal(text, decimals=QUANTITY_DECIMALS))


def days(text: str) -> int:
    """A number of whole days."""
    number = _not_negative(parse_decimal(text, decimals=0))
    if number > MOST_DAYS:
        raise ValueError(f"At most {MOST_DAYS} days.")
    return int(number)


def yes_or_no(text: str) -> bool:
    """Yes or no, in a few of the ways people write it."""
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError("Write yes or no.")
    return word in YES


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise ValueError("This must not be negative.")
    return abs(number)  # of -0
