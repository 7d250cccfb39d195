"""One cell: how it is read as text, and how text is written so that it comes back unchanged."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

SAFE_DIGITS = 15  # what a spreadsheet keeps of a number: it is a double (IEEE 754)
LONGEST_CELL = 32_767  # characters: Excel specifications and limits

# What a spreadsheet would take for a formula, or would trim. A leading apostrophe says "text";
# those that are there already count too, so that taking one off gives the same text again.
_RISKY = re.compile(r"'*(?:[=+\-@]|\s)|.*\s\Z", re.DOTALL)
# Excel writes characters that XML cannot hold as _x000D_ (ECMA-376, part 1, 22.9.2.19).
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Figure(str):
    """Text of a cell that holds a number: there is no doubt about its decimal point."""

    __slots__ = ()


def as_text(value: Any) -> str:
    """Write the value of a spreadsheet's cell as a person would read it.

    Whole numbers have no decimal point; what has more digits than a spreadsheet keeps is
    written with an exponent, as the spreadsheet shows it, and no code parser takes that.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return Figure(_number(float(value)))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return "" if value is None else str(value)  # dates and times: ISO 8601


def _number(value: float) -> str:
    if abs(value) >= 10**SAFE_DIGITS:
        return f"{value:.{SAFE_DIGITS - 1}E}"
    if value.is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.{SAFE_DIGITS}g}'):f}"


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula, or trim."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str | None:
    """Give the text that `guarded` hid behind its apostrophe; None if it hid nothing."""
    if text.startswith("'") and _RISKY.match(text[1:]):
        return text[1:]
    return None


def excel_text(text: str) -> str:
    """Write text for a cell of an Excel file, so that it is read as the same text."""
    return _UNWRITABLE.sub(_escaped, _ESCAPE_LIKE.sub("_x005F_", text))


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
