"""What a shift that changes hands has to fit: whoever takes it is there, free, and rested."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Employee, RosterEntry, Shift, ShiftSwap
from app.attendance.reckoning.shifts import span_of
from app.attendance.services.locking import ensure_day_open
from app.core.errors import Invalid
from app.core.quantities import plain
from app.core.settings import setting

ONE_DAY = timedelta(days=1)


class Duty(NamedTuple):
    """A shift of a day."""

    day: date
    shift: Shift

    @property
    def label(self) -> str:
        """Write it."""
        return f"{self.shift.code} on {self.day}"


def colleague_of(swap: ShiftSwap) -> int:
    """Give the id of whoever takes the shift."""
    assert swap.colleague_id is not None  # noqa: S101  (a constraint holds it)
    return swap.colleague_id


def duty_of(
    session: Session, employee: Employee, day: date, shift_id: int, field: str = "shift_id"
) -> Duty:
    """Give a shift that somebody is down for and that has not begun."""
    there = select(RosterEntry.id).where(
        RosterEntry.employee_id == employee.id,
        RosterEntry.day == day,
        RosterEntry.shift_id == shift_id,
    )
    if session.scalar(there) is None:
        raise Invalid(field, f"{employee.name} is not down for this shift on {day}.")
    ensure_day_open(session, day)
    shift = session.scalars(queries.shift(shift_id)).one()
    begin, _end = span_of(day, shift.begins, shift.ends, employee.time_zone)
    if begin <= datetime.now(UTC):
        raise Invalid(field, f"{shift.code} on {day} has begun already.")
    return Duty(day, shift)


def refuse_unfit_swap(session: Session, swap: ShiftSwap) -> None:
    """Refuse a swap of which a part does not fit either of the two."""
    people = {
        one.id: one
        for one in session.scalars(queries.people_of([swap.employee_id, colleague_of(swap)]))
    }
    employee, colleague = people[swap.employee_id], people[colleague_of(swap)]
    given = duty_of(session, employee, swap.day, swap.shift_id)
    in_return = None
    if swap.return_day is not None and swap.return_shift_id is not None:
        day, shift_id = swap.return_day, swap.return_shift_id
        in_return = duty_of(session, colleague, day, shift_id, "return_shift_id")
        refuse_unfit(session, employee, in_return, gives=given, field="return_shift_id")
    refuse_unfit(session, colleague, given, gives=in_return, field="shift_id")


def refuse_unfit(
    session: Session, who: Employee, takes: Duty, *, gives: Duty | None = None, field: str
) -> None:
    """Refuse a shift for somebody who is away then, busy, or would rest too little."""
    if not who.is_employed_on(takes.day):
        raise Invalid(field, f"{who.name} is not employed on {takes.day}.")
    away = session.scalars(queries.away([who.id], takes.day, takes.day)).all()
    if sum((one.portion_on(takes.day) for one in away), Decimal(0)):
        raise Invalid(field, f"{who.name} is away on {takes.day}.")
    rows = session.execute(
        queries.shifts_coming(who.id, takes.day - ONE_DAY, takes.day + ONE_DAY)
    )
    given = (gives.day, gives.shift.id) if gives else None
    for row in rows:
        if (row.day, row.Shift.id) != given:
            _refuse_close(who, takes, Duty(row.day, row.Shift), field)


def _refuse_close(who: Employee, takes: Duty, other: Duty, field: str) -> None:
    """Refuse two shifts that overlap, or lie too close on two days."""
    mine, theirs = (
        span_of(one.day, one.shift.begins, one.shift.ends, who.time_zone)
        for one in (takes, other)
    )
    if mine[0] < theirs[1] and theirs[0] < mine[1]:
        raise Invalid(field, f"{who.name} has {other.label}: the two overlap.")
    rest = max(mine[0] - theirs[1], theirs[0] - mine[1])
    least = timedelta(hours=setting("attendance_rest_hours"))
    if takes.day != other.day and rest < least:
        hours = plain(Decimal(rest // timedelta(minutes=1)) / 60)
        raise Invalid(
            field, f"{who.name} has {other.label}: between the two are only {hours} hours."
        )
