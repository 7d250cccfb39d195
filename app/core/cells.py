"""One cell: how it is read as text, and how text is written so that it comes back unchanged."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

SAFE_DIGITS = 15  # what a spreadsheet keeps of a number: it is a double (IEEE 754)
LONGEST_CELL = 32_767  # characters: Excel specifications and limits

# What spreadsheets show of what cannot be computed, in the languages they are bought in.
ERRORS = (
    "#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
    "#ERROR!", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#NOM?", "#VALEUR!", "#NOMBRE!", "#REF",
    "#N/D", "#NOME?", "#VALOR!", "#¿NOMBRE?", "#¡VALOR!", "#¡REF!", "#¡DIV/0!", "#VALORE!",
    "#RIF!", "#NAAM?", "#WAARDE!", "#VERW!", "#DEEL/0!", "#DZIEL/0!", "#NAZWA?", "#ARG!",
)  # fmt: skip
# The last is a number or a day in a column too narrow for it: that is what a CSV file gets.
_ERROR = re.compile("|".join((*map(re.escape, ERRORS), "#{4,}")), re.IGNORECASE)
# What programs write where there is nothing. "Null" is a name, so case counts.
NOTHING = frozenset({"NULL", "null", "(null)", "NaN", "nan", "<NA>", "\\N", "undefined"})
# What a spreadsheet makes of a code: a shortened number, one with a tail or with its thousands
# set apart, a truth value, a day.
_TRUTH = "true|false|wahr|falsch|vrai|faux|verdadero|falso|vero|waar|onwaar|prawda|fałsz"
_MONTH = (
    "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mrz|mär|mai|okt|dez|janv|févr|avr|juin"
    "|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|mrt|mei"
)
TAIL, THOUSANDS = "[0-9]+[.]00?", "[1-9][0-9]{0,2}(?:,[0-9]{3})+"
_CHANGED = re.compile(
    rf"[+-]?[0-9](?:[.,][0-9]*)?E[+][0-9]{{1,3}}|{_TRUTH}|{TAIL}|{THOUSANDS}"
    rf"|[0-9]{{1,4}}[-. ]{{1,2}}(?:{_MONTH})\.?(?:[-. ]{{1,2}}[0-9]{{2,4}})?"
    rf"|(?:{_MONTH})\.?[-. ][0-9]{{2,4}}"
    r"|[0-9]{1,2}([-./])[0-9]{1,2}\1[0-9]{4}|[0-9]{4}([-./])[0-9]{1,2}\2[0-9]{1,2}"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?",
    re.IGNORECASE,
)
# What a spreadsheet would take for a formula, or would trim, or show as something else. A
# leading apostrophe says "text"; those that are there already count too, so that taking one
# off gives the same text again.
_RISKY = re.compile(
    rf"'*(?:[=+\-@]|\s)|.*\s\Z|'+[0-9]|'*(?:{_ERROR.pattern}|{_CHANGED.pattern}"
    rf"|{'|'.join(map(re.escape, sorted(NOTHING)))})\Z",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(r"[=+\-@]|\s|.*\s\Z", re.DOTALL)
# A text written as a formula, so that a spreadsheet leaves its zeros alone: ="00123".
_AS_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
# Excel writes characters that XML cannot hold as _x000D_ (ECMA-376, part 1, 22.9.2.19).
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Figure(str):
    """Text of a cell that holds a number: there is no doubt about its decimal point.

    `sign` is the currency that it is shown with, if any.
    """

    __slots__ = ("sign",)
    sign: str

    def __new__(cls, text: str, sign: str = "") -> Self:
        """Keep the sign beside the text."""
        figure = super().__new__(cls, text)
        figure.sign = sign
        return figure


class RoundedFigure(Figure):
    """A number that is shown with fewer decimals than it has."""

    __slots__ = ("shown",)
    shown: str


class Moment(str):
    """Text of a cell that holds a date or a time."""

    __slots__ = ()


class Clock(str):
    """Text of a cell that holds a time of day, or a length of time."""

    __slots__ = ()


class Truth(str):
    """Text of a cell that holds a truth value."""

    __slots__ = ()


class Exact(str):
    """Text that somebody has marked as just that: '00123, ="00123"."""

    __slots__ = ()


class Carried(str):
    """Text of a cell that is written again as it came."""

    __slots__ = ()


class Failed(str):
    """Text of a cell without a value; `reason` says why."""

    __slots__ = ("reason",)
    reason: str


def failed(shown: str, reason: str) -> Failed:
    """Give the text of a cell that has no value."""
    cell = Failed(shown)
    cell.reason = reason
    return cell


def as_text(value: Any) -> str:
    """Write the value of a spreadsheet's cell as a person would read it.

    Whole numbers have no decimal point; what has more digits than a spreadsheet keeps is
    written with an exponent, as the spreadsheet shows it, and no code parser takes that.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return Truth("yes" if value else "no")
    if isinstance(value, int | float):
        return Figure(number_text(float(value)))
    return "" if value is None else _time_text(value)


def _time_text(value: Any) -> str:
    if isinstance(value, datetime):
        return Moment(value.isoformat(" ", "seconds"))
    if isinstance(value, date):
        return Moment(value.isoformat())
    return Clock(value) if isinstance(value, time | timedelta) else str(value)


def number_text(value: float) -> str:
    """Write a number with the digits that a spreadsheet keeps of it."""
    if abs(value) >= 10**SAFE_DIGITS:
        return f"{value:.{SAFE_DIGITS - 1}E}"
    if value.is_integer():
        return str(int(value))
    text = f"{value:.{SAFE_DIGITS}g}"
    return f"{Decimal(text):f}" if "e" in text else text


def is_error(text: str) -> bool:
    """Tell whether a text is what programs show where there is no value."""
    return text in NOTHING or (text.startswith("#") and _ERROR.fullmatch(text) is not None)


def is_changed_code(text: str) -> bool:
    """Tell whether a text looks like what a spreadsheet makes of a code."""
    return isinstance(text, Moment | Clock | Truth) or _CHANGED.fullmatch(text) is not None


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula, trim or change."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str | None:
    """Give the text that an apostrophe hides, or a formula that is only a text; None if none.

    An apostrophe before anything else is part of the text: 'tis.
    """
    if text.startswith("'") and _RISKY.match(text[1:]):
        return Exact(text[1:])
    if text.startswith("=") and (found := _AS_FORMULA.fullmatch(text)):
        return Exact(found[1].replace('""', '"'))
    return None


def carried(text: str) -> str:
    """Write the text of a cell so that it is read again just as it was, damage and all."""
    is_marked = unguarded(text) is not None
    if not is_marked and text.startswith("="):
        return Carried(f" {text}")  # with a blank it is no formula, and none that we would take
    return Carried(text if is_marked or not _FORMULA.match(text) else f"'{text}")


def excel_text(text: str) -> str:
    """Write text for a cell of an Excel file, so that it is read as the same text."""
    return _UNWRITABLE.sub(_escaped, _ESCAPE_LIKE.sub("_x005F_", text))


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
