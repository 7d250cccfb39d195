"""Timesheets: what was punched, what is counted of it, what was expected, what is odd."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Absence, Employee
from app.attendance.reckoning.calendar import left_of_day
from app.attendance.reckoning.hours import (
    Bands,
    DayFigures,
    Worked,
    count_bands,
    count_day,
    count_week,
    rest_between,
    weeks_of,
)
from app.attendance.services.reading import Terms, Workdays, by_employee, read_workdays
from app.core.db import transaction
from app.core.settings import setting

ONE_DAY = timedelta(days=1)
BEFORE_AND_AFTER = timedelta(days=6)  # weeks are counted whole

TOTALS = (
    *("raw", "counted", "breaks", "automatic_break", "regular", "overtime", "double"),
    *("rest_day", "holiday", "late", "left_early", "expected", "absence", "balance"),
)
FLAGS = {
    "forgotten": "Nobody clocked out",
    "absent": "Absent",
    "on_leave": "Worked while away",
    "short_rest": "Too little rest",
    "no_break": "No break",
    "long_week": "More than the hours of a week",
}


@dataclass(slots=True)
class SheetDay:
    """A day of somebody, in minutes; `absence` is what counts as worked while away."""

    day: date
    figures: DayFigures
    expected: int = 0
    absence: int = 0
    away: Decimal = Decimal(0)  # how much of the day
    away_as: str = ""
    holiday: str = ""
    flags: list[str] = field(default_factory=list)
    is_open: bool = False  # somebody is at work still

    @property
    def credited(self) -> int:
        """What counts in all."""
        return self.figures.counted + self.absence

    @property
    def balance(self) -> int:
        """What counts more, or less, than was expected."""
        return self.credited - self.expected


@dataclass(slots=True)
class Sheet:
    """Somebody's days, in order, and what they add up to."""

    employee: Employee
    days: list[SheetDay]

    def total(self, name: str) -> int:
        """Add up a figure of all days: of the day itself, or of what was counted."""
        own = ("expected", "absence", "credited", "balance")
        if name in own:
            return sum(getattr(one, name) for one in self.days)
        return sum(getattr(one.figures, name) for one in self.days)

    def band(self, name: str) -> int:
        """Add up a band."""
        return sum(getattr(one.figures.bands, name) for one in self.days)

    @property
    def flags(self) -> list[tuple[date, str]]:
        """What is odd, by day."""
        return [(one.day, flag) for one in self.days for flag in one.flags]


@dataclass(slots=True)
class Known:
    """What is read for all people at once."""

    workdays: Mapping[int, Workdays]
    sessions: Mapping[int, Sequence[Any]]
    absences: Mapping[int, Sequence[Absence]]
    told_until: datetime  # all devices have told everything of before
    now: datetime
    rest: timedelta
    week_minutes: int
    break_after: int


def timesheets(employees: Sequence[Employee], first: date, last: date) -> list[Sheet]:
    """Make the timesheets of some people for some days, both included."""
    with transaction() as session:
        known = _read(session, [one.id for one in employees], first, last)
    sheets = [_sheet(one, known, first, last) for one in employees]
    for sheet in sheets:
        _flag_absent(sheet, known)
    return sheets


def timesheet(employee: Employee, first: date, last: date) -> Sheet:
    """Make the timesheet of one person."""
    return timesheets([employee], first, last)[0]


def report(first: date, last: date, *, department: str = "") -> list[Sheet]:
    """Make the timesheets of everybody who was here."""
    with transaction() as session:
        found = queries.people_to_report(first, last, department=department)
        employees = session.scalars(found).all()
    return timesheets(employees, first, last)


def _read(session: Session, ids: Collection[int], first: date, last: date) -> Known:
    begin, end = first - BEFORE_AND_AFTER, last + BEFORE_AND_AFTER
    now = datetime.now(UTC)
    return Known(
        workdays=read_workdays(session, ids, begin, end),
        sessions=by_employee(session.execute(queries.sessions_of(ids, begin, end))),
        absences=by_employee(session.scalars(queries.away(ids, begin, end))),
        told_until=min(session.scalar(queries.least_watermark()) or now, now),
        now=now,
        rest=timedelta(hours=setting("attendance_rest_hours")),
        week_minutes=setting("attendance_week_hours") * 60,
        break_after=setting("attendance_break_after"),
    )


def _sheet(employee: Employee, known: Known, first: date, last: date) -> Sheet:
    workdays = known.workdays[employee.id]
    rows = known.sessions.get(employee.id, ())
    worked = _worked_by_day(rows)
    counted = {
        day: count_day(
            day,
            sessions,
            workdays.terms_on(day).rules,
            is_holiday=workdays.holiday_on(day) > 0,
        )
        for day, sessions in worked.items()
    }
    _count_weeks(counted, workdays)
    days: list[SheetDay] = []
    day = first
    while day <= last:
        if employee.is_employed_on(day):
            figures = counted.get(day) or DayFigures(day)
            days.append(_day(employee, known, figures, worked.get(day, ())))
        day += ONE_DAY
    _flag(days, rows, worked, known)
    return Sheet(employee, days)


def _worked_by_day(rows: Sequence[Any]) -> dict[date, list[Worked]]:
    found: dict[date, list[Worked]] = {}
    for row in rows:
        if row.end_at is None:
            continue
        paid = row.break_minutes if row.is_break_paid else 0
        breaks = [(_moment(b), _moment(e)) for b, e in row.breaks if e] if row.breaks else ()
        found.setdefault(row.day, []).append(
            Worked(
                row.day,
                row.zone,
                row.begin_at,
                row.end_at,
                breaks,
                row.planned_begin,
                row.planned_end,
                paid or 0,
                row.grace_minutes or 0,
            )
        )
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _count_weeks(counted: Mapping[date, DayFigures], workdays: Workdays) -> None:
    """Let weeks make overtime; where rules change within one, each has its days."""
    by_terms: dict[int, tuple[Terms, dict[date, DayFigures]]] = {}
    for day, figures in counted.items():
        terms = workdays.terms_on(day)
        by_terms.setdefault(terms.rule_set_id, (terms, {}))[1][day] = figures
    for terms, days in by_terms.values():
        if terms.rules.weekly_overtime is None and not terms.rules.has_seventh_day:
            continue
        for week in weeks_of(days, terms.rules.week_start):
            count_week(week, terms.rules)


def _day(
    employee: Employee, known: Known, figures: DayFigures, sessions: Sequence[Worked]
) -> SheetDay:
    workdays, day = known.workdays[employee.id], figures.day
    found = SheetDay(day, figures)
    whole = workdays.minutes_on(day)
    holiday = workdays.holidays.get(day)
    found.holiday = holiday.name if holiday else ""
    free = workdays.holiday_on(day)
    open_part = Decimal(1) - free
    for absence in known.absences.get(employee.id, ()):
        if portion := absence.portion_on(day):
            _left, taken = left_of_day(portion, free)
            found.away += portion
            found.away_as = absence.type.name
            if absence.type.is_paid:
                found.absence += round(whole * taken)
    found.expected = round(whole * open_part)
    rules = workdays.terms_on(day).rules
    if sessions and rules.has_bands:
        figures.bands = count_bands(sessions, rules, _whole_holidays(workdays))
    return found


def _whole_holidays(workdays: Workdays) -> set[date]:
    return {day for day, one in workdays.holidays.items() if one.portion == 1}


def _flag(
    days: Sequence[SheetDay],
    rows: Sequence[Any],
    worked: Mapping[date, Sequence[Worked]],
    known: Known,
) -> None:
    """Say what is odd, so that somebody looks at it."""
    by_day = {one.day: one for one in days}
    _flag_open(by_day, rows, known.now)
    every = [session for sessions in worked.values() for session in sessions]
    for day in rest_between(every, least=known.rest):
        if day in by_day:
            by_day[day].flags.append("short_rest")
    for one in days:
        figures = one.figures
        if one.away == 1 and figures.raw:
            one.flags.append("on_leave")
        if known.break_after and figures.raw > known.break_after and not figures.breaks:
            one.flags.append("no_break")
    _flag_weeks(by_day, known.week_minutes)


def _flag_open(by_day: Mapping[date, SheetDay], rows: Sequence[Any], now: datetime) -> None:
    """Tell who is still at work from who forgot to clock out."""
    for row in rows:
        if row.end_at is not None or row.day not in by_day:
            continue
        if row.closes_until < now:
            by_day[row.day].flags.append("forgotten")
        else:
            by_day[row.day].is_open = True


def _flag_weeks(by_day: Mapping[date, SheetDay], most: int) -> None:
    for week in weeks_of({day: one.figures for day, one in by_day.items()}, 0):
        if most and sum(one.counted for one in week) > most:
            by_day[week[-1].day].flags.append("long_week")


def _flag_absent(sheet: Sheet, known: Known) -> None:
    """Say who did not come: only once the shift's window is over and devices have told so."""
    came = {row.planned_begin for row in known.sessions.get(sheet.employee.id, ())}
    for one in sheet.days:
        planned = known.workdays[sheet.employee.id].planned.get(one.day, ())
        missing = [p for p in planned if p.begin not in came and p.closes < known.told_until]
        if missing and not one.away and not one.holiday:
            one.flags.append("absent")


def sessions_between(first: date, last: date) -> Sequence[Any]:
    """Give when sessions of some days began and ended, with their zones."""
    with transaction() as session:
        return session.execute(queries.sessions_between(first, last)).all()


def departments(sheets: Sequence[Sheet]) -> dict[str, list[Sheet]]:
    """Part timesheets by department."""
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        found.setdefault(sheet.employee.department, []).append(sheet)
    return found


def bands_of(sheet: Sheet) -> Bands:
    """Add up what the clock is paid for."""
    return Bands(*(sheet.band(name) for name in ("night", "deep_night", "sunday", "holiday")))


def find_employee_of(user_id: int) -> Employee | None:
    """Give the employee that a user is."""
    with transaction() as session:
        return session.scalars(
            select(Employee).where(Employee.user_id == user_id)
        ).one_or_none()
