"""Moments as the vendor writes them: naive, in UTC, to the second."""

import calendar
import time

FORM = "%Y-%m-%d %H:%M:%S"


def written(moment: float) -> str:
    """Write seconds since 1970 as `2026-01-31 10:00:00`."""
    return time.strftime(FORM, time.gmtime(moment))


def read(text: str) -> float:
    """Read it back."""
    return float(calendar.timegm(time.strptime(text, FORM)))


def start_of_day(moment: float) -> float:
    """The last midnight: generated objects hang on it, so a day's runs agree."""
    return moment - moment % 86400
