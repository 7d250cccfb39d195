"""Which days are worked on, and how much of a day a holiday or an absence takes."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.attendance.reckoning.holidays import public_holidays

NONE, HALF, WHOLE = Decimal(0), Decimal("0.5"), Decimal(1)
WORKDAYS = frozenset(range(5))  # where nobody is on a roster: Monday to Friday


class Holiday(NamedTuple):
    """A holiday, or half of one; of the company's own, with where it holds."""

    day: date
    name: str
    portion: Decimal = WHOLE
    country: str = ""
    region: str = ""

    def holds_in(self, country: str, region: str) -> bool:
        """Tell whether it is one at a workplace."""
        return self.country in ("", country) and self.region in ("", region)


class Place(NamedTuple):
    """Where somebody works, as far as holidays go."""

    country: str
    region: str


def holidays_at(
    place: Place, years: Collection[int], own: Collection[Holiday]
) -> dict[date, Holiday]:
    """Give the holidays of a workplace by day, public ones and own ones; the greater wins."""
    found = {
        day: Holiday(day, name)
        for year in years
        for day, name in public_holidays(place.country, place.region, year).items()
    }
    for one in own:
        if one.holds_in(*place):
            known = found.get(one.day)
            if known is None or known.portion < one.portion:
                found[one.day] = one
    return found


def expected_minutes(
    day: date,
    *,
    rostered: Mapping[date, int],
    has_roster: bool,
    weekly_minutes: int,
    rest_days: Collection[int],
) -> int:
    """How long somebody is expected to work on a day that is no holiday.

    Whoever is on a roster in that week is expected when it says so; others on the days of the
    week that are no rest days, each as long.
    """
    if has_roster:
        return rostered.get(day, 0)
    days = WORKDAYS - set(rest_days)
    if day.weekday() not in days or not weekly_minutes:
        return 0
    return round(weekly_minutes / len(days))


def left_of_day(absence: Decimal, holiday: Decimal) -> tuple[Decimal, Decimal]:
    """How much of a day is still to be worked, and how much of it the absence takes.

    Half a holiday and half a day of leave make a free day; leave takes only what a holiday
    has left.
    """
    open_part = WHOLE - holiday
    taken = min(absence, open_part)
    return open_part - taken, taken
