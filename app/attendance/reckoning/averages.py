"""Time at work in a week on average, as working time law limits it.

A longer week is made up for by shorter ones: Directive 2003/88/EC, articles 6, 16 and 19. Leave
is neutral: weeks have the share of them that somebody was not away from.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

WEEK = 7
LEAST_WEEKS = 2  # of a single one there is no average


class WorkWeek(NamedTuple):
    """What somebody worked in a week, and how much of a week it was to them."""

    minutes: int
    share: Fraction


def work_week(minutes: int, *, days: int, expected: int, away: Fraction) -> WorkWeek:
    """Make a week of those of its days on which somebody was employed.

    `away` are the expected minutes that leave took; where none are expected, days of leave.
    """
    employed = Fraction(days, WEEK)
    whole = expected or days
    return WorkWeek(minutes, employed * (1 - min(Fraction(1), away / whole)))


def average(weeks: Iterable[WorkWeek]) -> Fraction | None:
    """Give minutes a week on average; None where somebody was there for less than two."""
    known = [*weeks]
    share = sum((one.share for one in known), Fraction(0))
    return sum(one.minutes for one in known) / share if share >= LEAST_WEEKS else None


def mondays_until(last: date, weeks: int) -> list[date]:
    """Give the Mondays of so many weeks, the last one last."""
    return [last - timedelta(days=WEEK * back) for back in range(weeks - 1, -1, -1)]
