"""What stands in a time account: days against the contract, entries by hand, and its limits.

At the end of a month it is cut to the cap, at the end of a year to what may be carried over.
A debt is never cut.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)
DECEMBER = 12


class MonthOfDays(NamedTuple):
    """What the days of a month add up to, in minutes, and the limits at its end."""

    month: date  # its first day
    credited: int
    expected: int
    cap: int | None = None
    carry: int | None = None


class Day(NamedTuple):
    """A day, in minutes, and the limits that are in force on it."""

    day: date
    credited: int
    expected: int
    cap: int | None = None
    carry: int | None = None


class Entry(NamedTuple):
    """Minutes that were put in by hand, or taken out."""

    day: date
    minutes: int


class AccountMonth(NamedTuple):
    """A month of an account, in minutes; `cut` is what was lost at its end."""

    month: date
    opening: int
    credited: int
    expected: int
    entered: int
    cut: int

    @property
    def closing(self) -> int:
        """What is carried into the next month."""
        return self.opening + self.credited - self.expected + self.entered - self.cut


def with_days(months: Iterable[MonthOfDays], days: Iterable[Day]) -> list[MonthOfDays]:
    """Add days to months that end before them; the limits of a month are those of its last."""
    found = {one.month: one for one in months}
    for one in sorted(days):
        month = one.day.replace(day=1)
        before = found.get(month, MonthOfDays(month, 0, 0))
        credited, expected = before.credited + one.credited, before.expected + one.expected
        found[month] = MonthOfDays(month, credited, expected, one.cap, one.carry)
    return [*found.values()]


def statement(
    days: Iterable[MonthOfDays], entries: Iterable[Entry], *, known_until: date
) -> list[AccountMonth]:
    """Write an account month by month, the oldest first.

    A month is cut once all of its days are known.
    """
    by_month = {one.month: one for one in days}
    entered: dict[date, int] = defaultdict(int)
    for entry in entries:
        entered[entry.day.replace(day=1)] += entry.minutes
    found: list[AccountMonth] = []
    balance = 0
    limits: tuple[int | None, int | None] = (None, None)
    for month in _months([*by_month, *entered]):
        known = by_month.get(month)
        if known is not None:
            limits = known.cap, known.carry
        credited, expected = (known.credited, known.expected) if known else (0, 0)
        before = balance + credited - expected + entered[month]
        cut = _cut(before, month, limits) if _next(month) - ONE_DAY <= known_until else 0
        found.append(AccountMonth(month, balance, credited, expected, entered[month], cut))
        balance = found[-1].closing
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _months(known: list[date]) -> Iterator[date]:
    """All months from the first to the last: one in which nothing happened may be cut, too."""
    if not known:
        return
    month, last = min(known), max(known)
    while month <= last:
        yield month
        month = _next(month)


def _cut(balance: int, month: date, limits: tuple[int | None, int | None]) -> int:
    cap, carry = limits
    asked = [cap, carry if month.month == DECEMBER else None]
    least = min((limit for limit in asked if limit is not None), default=None)
    return 0 if least is None else max(0, balance - least)
