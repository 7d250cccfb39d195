"""Who is in, late, missing or on leave at this moment.

Nobody is called absent by the clock alone: a device that was cut off may still have the punch.
So who is missing is missing until the window of the shift is over, and absent only when all
devices have told everything up to then. On a holiday of theirs nobody is missing, also where
a roster was copied over it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Absence, Employee, RosterEntry, WorkSession
from app.attendance.reckoning.calendar import Place
from app.attendance.reckoning.shifts import span_of
from app.attendance.services.reading import read_holidays
from app.core.db import transaction

Grace = Mapping[tuple[date, int | None], timedelta]  # by day and shift

A_DAY = timedelta(days=1)
SOON = timedelta(hours=2)
SHOWN = 50


class InNow(NamedTuple):
    """Somebody at work; `late` is how much later than the shift, None if not at all."""

    employee: Employee
    since: datetime
    zone: str
    is_on_break: bool
    late: timedelta | None


class Missing(NamedTuple):
    """Somebody who is down for a shift, and was not seen in it."""

    employee: Employee
    shift: str
    begin: datetime
    end: datetime
    zone: str


class OnLeave(NamedTuple):
    """Somebody who is away with leave, on the day or a half of it; nobody says why."""

    employee: Employee
    is_half: bool


class Board(NamedTuple):
    """Everybody's state at a moment."""

    at: datetime
    present: Sequence[InNow]
    missing: Sequence[Missing]  # the shift has begun, or not all devices have told of it
    absent: Sequence[Missing]  # the shift is over, and all devices have told everything
    expected: Sequence[Missing]  # the shift begins within two hours
    on_leave: Sequence[OnLeave]
    forgotten: Sequence[WorkSession]
    told_until: datetime | None  # up to when all devices have told everything


class _Due(NamedTuple):
    entry: RosterEntry
    begin: datetime
    end: datetime
    grace: timedelta
    until: datetime  # when its window is over


def look_at_board(now: datetime | None = None) -> Board:
    """Say who is where now."""
    now = now or datetime.now(UTC)
    days = [(now + A_DAY * step).date() for step in (-1, 0, 1)]
    with transaction() as session:
        due = [_due(entry) for entry in session.scalars(queries.rostered(days)).all()]
        sessions = session.scalars(queries.begun_sessions(days)).all()
        here = session.scalars(queries.present(now)).all()
        forgotten = session.scalars(queries.forgotten(now).limit(SHOWN)).all()
        told_until = session.scalar(queries.least_watermark())
        unseen = _unseen(session, due, sessions)
        leave = _on_leave(session.scalars(queries.on_leave(days[0], days[-1])).all(), now)
    grace: Grace = {(one.entry.day, one.entry.shift_id): one.grace for one in due}
    away = {one.employee.id for one in leave if not one.is_half}
    unseen = [one for one in unseen if one.entry.employee_id not in away]
    here_ids = {one.employee_id for one in here}
    missing, absent, expected = _by_time(unseen, now, told_until, here_ids)
    return Board(
        at=now,
        present=[_in_now(one, grace) for one in here],
        missing=missing,
        absent=absent,
        expected=expected,
        on_leave=leave,
        forgotten=forgotten,
        told_until=told_until,
    )


def _on_leave(absences: Sequence[Absence], now: datetime) -> list[OnLeave]:
    """Tell whose day it is, where they are."""
    found = []
    for one in absences:
        day = now.astimezone(ZoneInfo(one.employee.time_zone)).date()
        if one.first_day <= day <= one.last_day:
            is_first, is_last = day == one.first_day, day == one.last_day
            is_half = (is_first and one.is_first_half) or (is_last and one.is_last_half)
            found.append(OnLeave(one.employee, is_half))
    return found


def _unseen(
    session: Session, due: Sequence[_Due], sessions: Sequence[WorkSession]
) -> list[_Due]:
    seen = {(one.employee_id, one.day, one.shift_id) for one in sessions}
    left = [
        one
        for one in due
        if (one.entry.employee_id, one.entry.day, one.entry.shift_id) not in seen
    ]
    if not left:
        return []
    days = [one.entry.day for one in left]
    holidays = read_holidays(session, {_place(one) for one in left}, min(days), max(days))
    return [one for one in left if one.entry.day not in holidays[_place(one)]]


def _place(due: _Due) -> Place:
    return Place(due.entry.employee.country, due.entry.employee.region)


def _by_time(
    unseen: Sequence[_Due], now: datetime, told_until: datetime | None, here: Collection[int]
) -> tuple[list[Missing], list[Missing], list[Missing]]:
    """Tell who is missing, absent and expected; whoever is here is not missing."""
    missing = [
        _missing(one)
        for one in unseen
        if one.begin + one.grace <= now < one.until and one.entry.employee_id not in here
    ]
    over = [one for one in unseen if now - A_DAY < one.until <= now]
    absent = [_missing(one) for one in over if told_until and told_until >= one.until]
    late_word = [_missing(one) for one in over if not (told_until and told_until >= one.until)]
    expected = [_missing(one) for one in unseen if now < one.begin + one.grace <= now + SOON]
    return missing + late_word, absent, expected


def _due(entry: RosterEntry) -> _Due:
    shift, zone = entry.shift, entry.employee.time_zone
    begin, end = span_of(entry.day, shift.begins, shift.ends, zone)
    return _Due(
        entry,
        begin,
        end,
        timedelta(minutes=shift.grace_minutes),
        end + timedelta(minutes=shift.late_minutes),
    )


def _in_now(session: WorkSession, grace: Grace) -> InNow:
    late = None
    if session.planned_begin is not None:
        over = session.begin_at - session.planned_begin
        late = over if over > grace.get((session.day, session.shift_id), timedelta()) else None
    is_on_break = bool(session.breaks) and session.breaks[-1][1] is None
    return InNow(session.employee, session.begin_at, session.zone, is_on_break, late)


def _missing(due: _Due) -> Missing:
    zone = due.entry.employee.time_zone
    return Missing(due.entry.employee, str(due.entry.shift), due.begin, due.end, zone)
