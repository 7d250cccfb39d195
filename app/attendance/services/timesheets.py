"""Timesheets: what was punched, what is counted of it, what was expected, what is odd."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

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
    first_to_last,
    monday_of,
    part_planned,
    rest_between,
    weeks_of,
)
from app.attendance.services.averages import flag_averages
from app.attendance.services.locking import locked_until
from app.attendance.services.reading import Terms, Workdays, by_employee, read_workdays
from app.attendance.services.sheets import Sheet, SheetDay
from app.core.db import transaction
from app.core.settings import setting

ONE_DAY = timedelta(days=1)
BEFORE_AND_AFTER = timedelta(days=6)  # weeks are counted whole
FIRST_LAST = "first_last"


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
    is_approval_wanted: bool
    locked_until: date | None
    approved: Mapping[tuple[int, date], int]
    paid_out: Mapping[int, int]


def timesheets(employees: Sequence[Employee], first: date, last: date) -> list[Sheet]:
    """Make the timesheets of some people for some days, both included."""
    with transaction() as session:
        known = _read(session, [one.id for one in employees], first, last)
        sheets = [_sheet(one, known, first, last) for one in employees]
        for sheet in sheets:
            _flag_absent(sheet, known)
        flag_averages(session, sheets, make=_plain)
    return sheets


def _plain(
    session: Session, employees: Sequence[Employee], first: date, last: date
) -> list[Sheet]:
    known = _read(session, [one.id for one in employees], first, last)
    return [_sheet(one, known, first, last) for one in employees]


def sheets_with_owed(
    session: Session, employees: Sequence[Employee], first: date, last: date
) -> list[Sheet]:
    """Make timesheets that say besides what each day owes: what time accounts go by."""
    known = _read(session, [one.id for one in employees], first, last)
    sheets = [_sheet(one, known, first, last) for one in employees]
    for sheet in sheets:
        owed = _owed(sheet.employee, known.workdays[sheet.employee.id], first, last)
        for one in sheet.days:
            one.owed = one.expected if one.is_kept else owed[one.day]
    return sheets


def _owed(employee: Employee, workdays: Workdays, first: date, last: date) -> dict[date, int]:
    """Give what is owed where overtime is paid: of a roster that plans some, the rest.

    A week is parted from its begin on, as the hours that were worked are.
    """
    planned: dict[date, DayFigures] = {}
    day = first - BEFORE_AND_AFTER
    while day <= last:
        if employee.is_employed_on(day):
            free = workdays.holiday_on(day)
            minutes = round(workdays.minutes_on(day) * (1 - free))
            rules = workdays.terms_on(day).rules
            planned[day] = part_planned(day, minutes, rules, is_holiday=free > 0)
        day += ONE_DAY
    _count_weeks(planned, workdays)
    return {day: one.regular for day, one in planned.items()}


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
        is_approval_wanted=setting("attendance_overtime_approval"),
        locked_until=locked_until(session),
        approved={
            (row.employee_id, row.day): row.approved
            for row in session.execute(queries.approved_overtime(ids, first, last))
        },
        paid_out={
            row.employee_id: row.minutes
            for row in session.execute(queries.paid_out(ids, first, last))
        },
    )


def _sheet(employee: Employee, known: Known, first: date, last: date) -> Sheet:
    workdays = known.workdays[employee.id]
    rows = known.sessions.get(employee.id, ())
    worked = _worked_by_day(rows, workdays, known.now)
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
    _flag_weeks({one.day: one for one in days}, counted, known.week_minutes)
    return Sheet(employee, days, known.paid_out.get(employee.id, 0))


def _worked_by_day(
    rows: Sequence[Any], workdays: Workdays, now: datetime
) -> dict[date, list[Worked]]:
    found: dict[date, list[Worked]] = {}
    last_marks: dict[tuple[date, datetime | None], datetime] = {}
    for row in rows:
        if row.end_at is None:
            if row.closes_until < now:
                last_marks[row.day, row.planned_begin] = row.begin_at
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
    return {
        day: _first_to_last(sessions, last_marks)
        if workdays.terms_on(day).rules.pairing == FIRST_LAST
        else sessions
        for day, sessions in found.items()
    }


def _first_to_last(
    sessions: Sequence[Worked], last_marks: Mapping[tuple[date, datetime | None], datetime]
) -> list[Worked]:
    """Let each shift of a day count from the first in to the last out."""
    shifts: dict[datetime | None, list[Worked]] = {}
    for one in sessions:
        shifts.setdefault(one.planned_begin, []).append(one)
    return [
        first_to_last(mine, last_mark=last_marks.get((mine[0].day, planned)))
        for planned, mine in shifts.items()
    ]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _count_weeks(counted: Mapping[date, DayFigures], workdays: Workdays) -> None:
    """Let weeks make overtime; where rules change within one, each has its days."""
    by_terms: dict[int, tuple[Terms, dict[date, DayFigures]]] = {}
    for day, figures in counted.items():
        terms = workdays.terms_on(day)
        by_terms.setdefault(id(terms.rules), (terms, {}))[1][day] = figures
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
    found.is_over = day < known.now.astimezone(ZoneInfo(employee.time_zone)).date()
    found.is_kept = rules.overtime_goes == "account"
    found.cap, found.carry = rules.account_cap, rules.account_carry
    found.unapproved = _unapproved(known, employee.id, found)
    return found


def _unapproved(known: Known, employee_id: int, one: SheetDay) -> int:
    """Give what nobody has approved; locked days stay as they were when they were locked."""
    approved = known.approved.get((employee_id, one.day))
    is_locked = known.locked_until is not None and one.day <= known.locked_until
    if not one.beyond or (approved is None if is_locked else not known.is_approval_wanted):
        return 0
    return max(0, one.beyond - (approved or 0))


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
    _flag_open(by_day, rows, known)
    every = [session for sessions in worked.values() for session in sessions]
    for day in rest_between(every, least=known.rest):
        if day in by_day:
            by_day[day].flags.append("short_rest")
    for one in days:
        figures = one.figures
        if one.away == 1 and figures.raw:
            one.flags.append("on_leave")
        if one.unapproved:
            one.flags.append("unapproved")
        if known.break_after and figures.raw > known.break_after and not figures.breaks:
            one.flags.append("no_break")


def _flag_open(by_day: Mapping[date, SheetDay], rows: Sequence[Any], known: Known) -> None:
    """Tell who is still at work from who forgot to clock out.

    From the first in to the last out a day has an end as soon as there are two punches.
    """
    for row in rows:
        if row.end_at is not None or row.day not in by_day:
            continue
        one = by_day[row.day]
        rules = known.workdays[row.employee_id].terms_on(row.day).rules
        if row.closes_until >= known.now:
            one.is_open = True
        elif rules.pairing != FIRST_LAST or not one.figures.raw:
            one.flags.append("forgotten")


def _flag_weeks(
    by_day: Mapping[date, SheetDay], counted: Mapping[date, DayFigures], most: int
) -> None:
    """Tell of too long a week on its last day, with what was worked of it a month before."""
    weeks = {monday_of(week[0].day): week for week in weeks_of(counted, 0)}
    for shown in weeks_of({day: one.figures for day, one in by_day.items()}, 0):
        last = shown[-1].day
        week = weeks.get(monday_of(last), [])
        goes_on = bool(week) and week[-1].day > last
        if most and not goes_on and sum(one.counted for one in week) > most:
            by_day[last].flags.append("long_week")


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
