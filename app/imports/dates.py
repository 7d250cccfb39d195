"""Days as people write them: 2026-12-31, 31.12.2026, 12/31/2026, 31 Dec 2026.

What could be two days is refused until somebody says in which order days and months stand, or
another date of the file shows it.
"""

import re
from collections.abc import Iterable
from datetime import date, time
from functools import cache

from babel import Locale

from app.core.cells import Moment
from app.core.countries import LANGUAGES

ORDERS = {"dmy": "Day first, as in 31/12/2026", "mdy": "Month first, as in 12/31/2026"}

_TIME = (
    r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
)
_DAY, _YEAR, _NAME = "([0-9]{1,2})(?:st|nd|rd|th)?", "([0-9]{2,4})", r"([^\W\d]+)\.?"
_ISO = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_NUMBERS = re.compile(rf"([0-9]{{1,2}})([-/.]) ?([0-9]{{1,2}})\2 ?{_YEAR}{_TIME}")
_DAY_NAME = re.compile(rf"{_DAY}[-/. ]+{_NAME}[-/., ]+{_YEAR}{_TIME}")
_NAME_DAY = re.compile(rf"{_NAME}[-/. ]+{_DAY}[-/., ]+{_YEAR}{_TIME}")
YEAR_DIGITS = 4
# The day nought of spreadsheets: they show it where a cell of days is empty or holds 0 or 1.
NOUGHT = {"1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01"}
HALF_DAY = 12


def plain_date(text: str, order: str) -> str:
    """Write a day as ISO 8601 does; a time beside it is left out.

    Args:
        text: As it stands in the file.
        order: "dmy" or "mdy"; empty if nobody knows, and then 3/4/2026 is refused.

    Raises:
        ValueError: It is no day, or could be two.
    """
    if isinstance(text, Moment):
        return _no_nought(text[:10])
    readings = _readings(text)
    if order in readings or "" in readings:
        return _no_nought(readings[order if order in readings else ""].isoformat())
    if order or not readings:
        raise ValueError(_advice(text))
    first, *others = {*readings.values()}
    if others:
        raise ValueError("This may be two days: choose in which order day and month stand.")
    return _no_nought(first.isoformat())


def _no_nought(day: str) -> str:
    if day in NOUGHT:
        raise ValueError("This is what a spreadsheet shows of a day that it does not have.")
    return day


def plain_moment(text: str, order: str) -> str:
    """Write a day and the time beside it, if there is one, as ISO 8601 does.

    The time is that of the clock on the wall where the file comes from; a zone is left out.

    Raises:
        ValueError: It is no day, or could be two, or there is no such time.
    """
    day = plain_date(text, order)
    found = _CLOCK.search(text)
    if not found:
        return day
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if half := (found[4] or "").casefold():
        is_right = 1 <= hour <= HALF_DAY
        hour = hour % HALF_DAY + (HALF_DAY if half == "p" else 0) if is_right else -1
    try:
        return f"{day} {time(hour, minute, second)}"
    except ValueError:
        raise ValueError("There is no such time.") from None


def _day_of(text: str) -> str:
    """Leave out the time: there are far fewer days than moments."""
    day, _blank, rest = text.strip().partition(" ")
    return day if ":" in rest and rest[:1].isdecimal() else text.strip()


def order_proofs(texts: Iterable[str]) -> tuple[dict[str, str], str]:
    """Give for each order of day and month a date that proves it, and one that may be two."""
    proofs: dict[str, str] = {}
    doubtful = ""
    for text in sorted({text if isinstance(text, Moment) else _day_of(text) for text in texts}):
        readings = {} if isinstance(text, Moment) else _readings(text)
        if len(readings) == 1 and "" not in readings:
            proofs.setdefault(next(iter(readings)), text)
        elif not doubtful and len({*readings.values()}) > 1:
            doubtful = text
    return proofs, doubtful


def _readings(text: str) -> dict[str, date]:
    """Every day that a text may be, by the order of day and month; "" where that is plain."""
    if found := _ISO.fullmatch(text):
        return _days({"": (found[1], found[3], found[4])})
    if found := _DAY_NAME.fullmatch(text):
        return _days({"": (found[3], _month(found[2]), found[1])})
    if found := _NAME_DAY.fullmatch(text):
        return _days({"": (found[3], _month(found[1]), found[2])})
    if found := _NUMBERS.fullmatch(text):
        first, second, year = found[1], found[3], found[4]
        return _days({"dmy": (year, second, first), "mdy": (year, first, second)})
    return {}


def _days(parts: dict[str, tuple[str, str, str]]) -> dict[str, date]:
    days = {}
    for order, (year, month, day) in parts.items():
        try:
            if len(year) == YEAR_DIGITS and month:
                days[order] = date(int(year), int(month), int(day))
        except ValueError:
            continue
    return days


def _month(name: str) -> str:
    return str(_months().get(name.casefold(), ""))


@cache
def _months() -> dict[str, int]:
    """The months by their names, long and short, as far as a name means one of them."""
    meant: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for width in ("wide", "abbreviated"):
            for form in ("format", "stand-alone"):
                for number, name in months[form][width].items():
                    meant.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: number for name, (number, *others) in meant.items() if not others}


def _advice(text: str) -> str:
    if found := _NUMBERS.fullmatch(text):
        if len(found[4]) != YEAR_DIGITS:
            return "Write the year with four digits."
        return "This is no day in the order that was chosen or that other dates show."
    return "Write the date as 2026-03-31."
