"""What the company decides about what vendors deliver."""

import re

from app.core.quantities import parse_decimal
from app.core.settings.definitions import Definition, Value

MOST_PERCENT = 100
DECIMALS = 3


def _percent(value: Value) -> str | None:
    try:
        rate = parse_decimal(str(value), decimals=DECIMALS)
    except ValueError:
        return "This is not a percentage, such as 5 or 2.5."
    return None if 0 <= rate <= MOST_PERCENT else "From 0 to 100."


def _location(value: Value) -> str | None:
    is_code = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,49}", str(value))
    return None if is_code else "This is not a location code, such as ASIDE."


SETTINGS = (
    Definition(
        key="receipt_tolerance",
        group="Purchasing",
        order=25,
        label="More than ordered",
        default="0",
        unit="%",
        help="So much more than was ordered is taken in, over all deliveries of a line.",
        check=_percent,
    ),
    Definition(
        key="quarantine_location",
        group="Purchasing",
        order=25,
        label="Put aside at",
        default="ASIDE",
        help="Where damaged goods go, and those that nobody ordered. "
        "It is made when it is first needed.",
        check=_location,
    ),
)
