"""The rule by which backups are kept: one of each of the last days, weeks and months."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Rule(NamedTuple):
    """Of how many days, ISO weeks and months that have a backup the newest is kept."""

    days: int
    weeks: int
    months: int


PERIODS: tuple[Callable[[datetime], object], ...] = (
    lambda moment: moment.date(),
    lambda moment: moment.isocalendar()[:2],
    lambda moment: (moment.year, moment.month),
)


def kept(moments: Iterable[datetime], rule: Rule) -> set[datetime]:
    """Choose the backups that stay by when they were made; the newest always does."""
    newest_first = sorted(moments, reverse=True)
    stay = set(newest_first[:1])
    for period, many in zip(PERIODS, rule, strict=True):
        firsts: dict[object, datetime] = {}
        for moment in newest_first:
            firsts.setdefault(period(moment), moment)
        stay.update(list(firsts.values())[:many])
    return stay
