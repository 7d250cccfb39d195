"""The days and months of a plan, and how a month's forecast is spread over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from app.planning.months import months_after, months_between
from app.supply.reckoning import THOUSAND

SATURDAY = 5
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Horizon:
    """So many months, of which the first is what is left of the month of `first`."""

    first: date
    count: int

    @cached_property
    def months(self) -> Sequence[date]:
        """Each month by its first day; the first of them has begun before the plan, maybe."""
        begin = self.first.replace(day=1)
        return [months_after(begin, number) for number in range(self.count)]

    @cached_property
    def days(self) -> int:
        """How many days the plan has."""
        return self.spans[-1][1]

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """The days of each month: the first one, and the one after the last."""
        ends = [(months_after(month, 1) - self.first).days for month in self.months]
        return [*zip([0, *ends], ends, strict=False)]

    def day_of(self, when: date) -> int:
        """Count the days from the first of the plan; below zero where it lies before."""
        return (when - self.first).days

    def date_of(self, day: int) -> date:
        """Give the date of a day."""
        return self.first + timedelta(days=day)

    def month_of(self, when: date) -> int:
        """Give the place of a date's month; below zero where it lies before the plan."""
        return months_between(self.months[0], when)

    @cached_property
    def _weeks(self) -> Sequence[Sequence[tuple[int, int]]]:
        return [self._weeks_of(*span) for span in self.spans]

    def _weeks_of(self, begin: int, end: int) -> Sequence[tuple[int, int]]:
        """Give the first working day of each week of a month, and how many it has."""
        weeks: dict[int, tuple[int, int]] = {}
        for day in range(begin, end):
            when = self.date_of(day)
            if when.weekday() < SATURDAY:
                week = when.toordinal() // DAYS_OF_WEEK
                first, number = weeks.get(week, (day, 0))
                weeks[week] = (first, number + 1)
        # Where no working day is left, what is still expected is wanted at once.
        return [*weeks.values()] or [(begin, 1)]

    def spread(self, quantity: int, month: int) -> Sequence[tuple[int, int]]:
        """Spread a quantity over the working days of a month that are left, week by week.

        Each part is wanted on the first working day of its week. The parts add up exactly;
        those of whole units are whole units, rather too early than too late.
        """
        unit = 1 if quantity % THOUSAND else THOUSAND
        weeks = self._weeks[month]
        total, done, parts, spread = sum(n for _, n in weeks), 0, [], 0
        for day, number in weeks:
            done += number
            part = -(-quantity // unit * done // total) * unit - spread
            spread += part
            parts.append((day, part))
        return [(day, part) for day, part in parts if part]
