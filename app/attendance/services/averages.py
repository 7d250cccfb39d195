"""Weeks that are too long on average: flags on timesheets.

Few people are near the limit. Who they are is told by when people came and went; only theirs
are counted, with breaks and leave, over all weeks that the average is of. What was worked
before somebody clocked in for the first time nobody knows: their average begins then.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Absence, Employee
from app.attendance.reckoning.averages import WorkWeek, average, mondays_until, work_week
from app.attendance.reckoning.hours import monday_of
from app.attendance.services.reading import by_employee
from app.attendance.services.sheets import Sheet, SheetDay
from app.core.settings import setting

SIX_DAYS = timedelta(days=6)

MakeSheets = Callable[[Session, Sequence[Employee], date, date], list[Sheet]]


def flag_averages(session: Session, sheets: Sequence[Sheet], *, make: MakeSheets) -> None:
    """Tell of weeks that end too long a period, on the last day of each.

    `make` makes timesheets of some people for some days.
    """
    most, weeks = setting("attendance_average_hours") * 60, setting("attendance_average_weeks")
    ends = {sheet.employee.id: _ends(sheet) for sheet in sheets}
    mondays = [monday for mine in ends.values() for monday in mine]
    if not most or not mondays:
        return
    first, last = mondays_until(min(mondays), weeks)[0], max(mondays) + SIX_DAYS
    suspects = _suspects(session, ends, weeks=weeks, most=most)
    people = [one.employee for one in sheets if one.employee.id in suspects]
    if not people:
        return
    begun = session.execute(queries.first_days_at_work(suspects))
    known_since = {row.employee_id: row.day for row in begun}
    for sheet in make(session, people, first, last):
        known = _weeks(sheet, known_since[sheet.employee.id])
        for monday, shown in ends[sheet.employee.id].items():
            period = [known[one] for one in mondays_until(monday, weeks) if one in known]
            found = average(period)
            if found is not None and found > most:
                shown.flags.append("long_average")


def _ends(sheet: Sheet) -> dict[date, SheetDay]:
    """Give the last days of weeks, by Monday: of those that are over."""
    leave = sheet.employee.leave_date
    return {
        monday_of(one.day): one
        for one in sheet.days
        if one.is_over and one.day in (monday_of(one.day) + SIX_DAYS, leave)
    }


def _suspects(
    session: Session, ends: Mapping[int, Mapping[date, SheetDay]], *, weeks: int, most: int
) -> set[int]:
    """Give people who may have worked too much: from the first in to the last out of each day.

    Neither breaks nor what of a week was no leave is known yet, so these are never too few.
    """
    mondays = [monday for mine in ends.values() for monday in mine]
    first, last = mondays_until(min(mondays), weeks)[0], max(mondays) + SIX_DAYS
    at_work: dict[int, dict[date, int]] = {}
    for row in session.execute(queries.minutes_by_week([*ends], first, last)):
        at_work.setdefault(row.employee_id, {})[row.monday] = row.minutes
    away = by_employee(session.scalars(queries.away([*ends], first, last)))
    return {
        employee_id
        for employee_id, mine in at_work.items()
        if _may_be_too_much(
            mine,
            _touched(away.get(employee_id, ())),
            ends[employee_id],
            weeks=weeks,
            most=most,
        )
    }


def _may_be_too_much(
    at_work: Mapping[date, int],
    touched: set[date],
    ends: Mapping[date, SheetDay],
    *,
    weeks: int,
    most: int,
) -> bool:
    """Count only weeks that were whole: not the first at work, none with leave."""
    began = min(at_work)
    for monday, end in ends.items():
        period = [one for one in mondays_until(monday, weeks) if one >= began]
        whole = sum(one != began and one not in touched for one in period)
        if end.day != monday + SIX_DAYS and monday != began and monday not in touched:
            whole -= 1
        if sum(at_work.get(one, 0) for one in period) > most * whole:
            return True
    return False


def _touched(absences: Sequence[Absence]) -> set[date]:
    """Give the Mondays of weeks with leave."""
    found: set[date] = set()
    for one in absences:
        monday = monday_of(one.first_day)
        while monday <= one.last_day:
            found.add(monday)
            monday += SIX_DAYS + timedelta(days=1)
    return found


def _weeks(sheet: Sheet, since: date) -> dict[date, WorkWeek]:
    weeks: dict[date, list[SheetDay]] = {}
    for one in sheet.days:
        if one.day >= since:
            weeks.setdefault(monday_of(one.day), []).append(one)
    return {monday: _week(days) for monday, days in weeks.items()}


def _week(days: Sequence[SheetDay]) -> WorkWeek:
    """Take breaks off that rules take off: whoever does not punch one has had it."""
    expected = sum(one.expected for one in days)
    shares = [Fraction(min(one.away, Decimal(1))) for one in days]
    parts = [one.expected if expected else 1 for one in days]
    away = sum((share * part for share, part in zip(shares, parts, strict=True)), Fraction(0))
    minutes = sum(one.figures.raw - one.figures.automatic_break for one in days)
    return work_week(minutes, days=len(days), expected=expected, away=away)
