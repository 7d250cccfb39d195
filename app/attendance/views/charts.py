"""Charts of time at work: hours per week, arrivals, and who is there by hour of the day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.attendance import services
from app.attendance.models import WEEKDAYS
from app.core.pages.charts import Chart, Series

HALF_HOURS = 48
MINUTE = timedelta(minutes=1)


def charts_of(first: date, last: date) -> tuple[Chart, ...]:
    """Make all of them for some days."""
    sheets = services.report(first, last)
    sessions = services.sessions_between(first, last)
    return (_weeks(sheets), _arrivals(sessions), _presence(sessions, first, last))


def _weeks(sheets: Sequence[services.Sheet]) -> Chart:
    """Hours per week, parted by what they are paid as."""
    weeks: dict[str, Counter[str]] = {}
    for sheet in sheets:
        for one in sheet.days:
            year, week, _day = one.day.isocalendar()
            found = weeks.setdefault(f"{year}-W{week:02}", Counter())
            figures = one.figures
            found["regular"] += figures.regular
            found["overtime"] += figures.overtime + figures.double
            found["free"] += figures.rest_day + figures.holiday
    titles = {"regular": "Regular", "overtime": "Overtime", "free": "Rest day and holiday"}
    names = sorted(weeks)
    return Chart(
        kind="bar",
        title="Hours per week",
        category_label="Week",
        categories=tuple(names),
        series=tuple(
            Series(title, tuple(_hours(weeks[week][kind]) for week in names))
            for kind, title in titles.items()
        ),
        unit="h",
        decimals=1,
        is_stacked=True,
    )


def _hours(minutes: int) -> Decimal:
    return round(Decimal(minutes) / 60, 1)


def _arrivals(sessions: Sequence[Any]) -> Chart:
    """How many came in each half hour of the day; back from lunch is no arrival."""
    first: dict[tuple[Any, ...], Any] = {}
    for one in sessions:
        first.setdefault((one.employee_id, one.day, one.planned_begin), one)
    counts: Counter[int] = Counter()
    for one in first.values():
        local = one.begin_at.astimezone(ZoneInfo(one.zone))
        counts[local.hour * 2 + local.minute // 30] += 1
    slots = range(min(counts, default=0), max(counts, default=HALF_HOURS - 1) + 1)
    return Chart(
        kind="bar",
        title="When people come",
        category_label="Time",
        categories=tuple(f"{slot // 2:02}:{slot % 2 * 30:02}" for slot in slots),
        series=(Series("Arrivals", tuple(Decimal(counts[slot]) for slot in slots)),),
    )


def _presence(sessions: Sequence[Any], first: date, last: date) -> Chart:
    """How many are at work on average, by hour and day of the week; days to come are none."""
    there: Counter[tuple[int, int]] = Counter()
    for one in sessions:
        for day, hour, minutes in _hours_of(one):
            there[day, hour] += minutes
    until = min(last, max((one.begin_at.date() for one in sessions), default=last))
    days = Counter(
        (first + timedelta(days=n)).weekday() for n in range((until - first).days + 1)
    )
    return Chart(
        kind="heat",
        title="How many are at work",
        category_label="Hour",
        categories=tuple(f"{hour:02}:00" for hour in range(24)),
        series=tuple(
            Series(
                WEEKDAYS[day],
                tuple(
                    round(Decimal(there[day, hour]) / 60 / max(1, days[day]), 1)
                    for hour in range(24)
                ),
            )
            for day in range(len(WEEKDAYS))
        ),
        decimals=1,
    )


def _hours_of(one: Any) -> Iterator[tuple[int, int, int]]:
    """Part a session that has ended by the hours of the clock: weekday, hour and minutes."""
    begin = one.begin_at.astimezone(ZoneInfo(one.zone))
    end = one.end_at or one.begin_at
    while begin < end:
        following = min(end, _next_hour(begin.replace(minute=0, second=0, microsecond=0)))
        yield begin.weekday(), begin.hour, round((following - begin) / MINUTE)
        begin = following.astimezone(begin.tzinfo)


def _next_hour(moment: datetime) -> datetime:
    return (moment.astimezone(ZoneInfo("UTC")) + timedelta(hours=1)).astimezone(moment.tzinfo)
