"""People give each other shifts: one asks, a colleague accepts, somebody approves it.

Whether it fits is asked at each of these steps: what has changed in between is refused.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged, SwapRequested
from app.attendance.models import Employee, RosterEntry, Shift, ShiftSwap
from app.attendance.reckoning.shifts import span_of
from app.attendance.services.locking import ensure_day_open
from app.attendance.services.rosters import set_roster
from app.attendance.services.staleness import lock_people
from app.core.actors import current_actor_id
from app.core.alerts import close_alert, raise_alert
from app.core.checks import Rule, checked
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.quantities import plain
from app.core.settings import setting
from app.core.texts import parse_line

ONE_DAY = timedelta(days=1)
AHEAD = timedelta(days=60)  # so far a roster is offered
RULES: dict[str, Rule] = {"reason": parse_line, "answer": parse_line}


class Duty(NamedTuple):
    """A shift of a day."""

    day: date
    shift: Shift

    @property
    def label(self) -> str:
        """Write it."""
        return f"{self.shift.code} on {self.day}"


def request_swap(
    employee_id: int,
    *,
    day: date,
    shift_id: int,
    colleague_id: int | None = None,
    reason: str = "",
) -> ShiftSwap:
    """Ask a colleague to take a shift; without one everybody who works such shifts is asked.

    Raises:
        Invalid: It is no shift of theirs, is over, or the colleague cannot take it.
        NotAllowed: It is asked for already.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        lock_people(session, [employee_id, *([colleague_id] if colleague_id else [])])
        employee = session.scalars(queries.employee(employee_id)).one()
        duty = _duty(session, employee, day, shift_id)
        if colleague_id is not None:
            colleague = session.scalars(queries.employee(colleague_id)).one_or_none()
            if colleague is None or colleague.id == employee.id:
                raise Invalid("colleague_id", "Which colleague is it?")
            _refuse_unfit(session, colleague, takes=duty, field="colleague_id")
        _refuse_asked_already(session, employee_id, day, shift_id)
        swap = ShiftSwap(
            employee_id=employee_id,
            day=day,
            shift_id=shift_id,
            colleague_id=colleague_id,
            **checked({"reason": reason}, RULES),
        )
        session.add(swap)
        session.flush()
        if colleague_id is not None:
            publish(SwapRequested(swap_id=swap.id))
        publish(AttendanceChanged(employees=2))
    return swap


def accept_swap(
    swap_id: int,
    employee_id: int,
    *,
    return_day: date | None = None,
    return_shift_id: int | None = None,
) -> ShiftSwap:
    """Take somebody's shift, and give one in return if that is agreed.

    Raises:
        NotAllowed: It waits for a colleague no more, or for another one.
        Invalid: The shift does not fit, or what is given in return does not.
        PeriodLocked: A day is locked.
    """
    with transaction() as session:
        swap = _in_state(session, swap_id, "asked")
        lock_people(session, [swap.employee_id, employee_id])
        colleague = session.scalars(queries.employee(employee_id)).one()
        _refuse_stranger(session, swap, colleague)
        swap.revise(
            version=None,
            state="requested",
            colleague_id=employee_id,
            return_day=return_day,
            return_shift_id=return_shift_id,
        )
        _refuse_unfit_swap(session, swap)
        session.flush()
        _tell(session, swap)
        publish(AttendanceChanged(employees=2))
    return swap


def decline_swap(swap_id: int, employee_id: int) -> ShiftSwap:
    """Say no to a colleague.

    Raises:
        NotAllowed: They are not asked, or no more.
    """
    with transaction() as session:
        swap = _in_state(session, swap_id, "asked")
        if swap.colleague_id != employee_id:
            raise NotAllowed("Somebody else is asked.")
        swap.revise(version=None, state="declined")
        publish(AttendanceChanged(employees=2))
    return swap


def withdraw_swap(swap_id: int, employee_id: int) -> ShiftSwap:
    """Ask for it no more.

    Raises:
        NotAllowed: It is somebody else's, or decided.
    """
    with transaction() as session:
        swap = _in_state(session, swap_id, "asked", "requested")
        if swap.employee_id != employee_id:
            raise NotAllowed("Somebody else has asked for this.")
        swap.revise(version=None, state="withdrawn")
        close_alert(_alert_key(swap))
        publish(AttendanceChanged(employees=2))
    return swap


def approve_swap(swap_id: int, *, answer: str = "") -> ShiftSwap:
    """Let a swap count: the roster changes for both at once.

    Raises:
        NotAllowed: It waits for approval no more.
        Invalid: It does not fit any more.
        PeriodLocked: A day is locked.
    """
    with transaction() as session:
        swap = _decided(session, swap_id, "approved", answer)
        lock_people(session, [swap.employee_id, _colleague_id(swap)])
        _refuse_unfit_swap(session, swap)
        set_roster(_cells(session, swap))
        publish(AttendanceChanged(employees=2))
    return swap


def reject_swap(swap_id: int, *, answer: str = "") -> ShiftSwap:
    """Let a swap not count.

    Raises:
        NotAllowed: It waits for approval no more.
    """
    with transaction() as session:
        publish(AttendanceChanged(employees=2))
        return _decided(session, swap_id, "rejected", answer)


def swaps_offered_to(employee_id: int) -> Sequence[ShiftSwap]:
    """Give what somebody may accept."""
    with transaction() as session:
        employee = session.scalars(queries.employee(employee_id)).one()
        found = queries.swaps_offered(employee_id, employee.today)
        return session.scalars(found).all()


def duties_of(employee_id: int) -> list[Duty]:
    """Give the shifts that somebody is down for in the time to come."""
    with transaction() as session:
        employee = session.scalars(queries.employee(employee_id)).one()
        today = employee.today
        rows = session.execute(queries.shifts_coming(employee_id, today, today + AHEAD))
        return [Duty(row.day, row.Shift) for row in rows]


def colleagues_for(employee_id: int) -> Sequence[Employee]:
    """Give the colleagues who work shifts that somebody is down for."""
    with transaction() as session:
        employee = session.scalars(queries.employee(employee_id)).one()
        today = employee.today
        ids = session.scalars(queries.shifts_known(employee_id, today)).all()
        found: dict[int, Employee] = {}
        for shift_id in ids:
            for one in session.scalars(queries.colleagues_with(shift_id, employee_id, today)):
                found[one.id] = one
        return sorted(found.values(), key=lambda one: (one.name, one.id))


def _colleague_id(swap: ShiftSwap) -> int:
    assert swap.colleague_id is not None  # noqa: S101  (a constraint holds it)
    return swap.colleague_id


def _duty(
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


def _refuse_asked_already(session: Session, employee_id: int, day: date, shift_id: int) -> None:
    same = select(ShiftSwap.id).where(
        ShiftSwap.employee_id == employee_id,
        ShiftSwap.day == day,
        ShiftSwap.shift_id == shift_id,
        ShiftSwap.state.in_(("asked", "requested")),
    )
    if session.scalar(same) is not None:
        raise NotAllowed("You have asked for this already.")


def _refuse_stranger(session: Session, swap: ShiftSwap, colleague: Employee) -> None:
    """Let only whoever was asked accept it; what is open is for all who work such shifts."""
    if swap.employee_id == colleague.id or swap.colleague_id not in (None, colleague.id):
        raise NotAllowed("Somebody else is asked.")
    if swap.colleague_id is None:
        known = session.scalars(queries.shifts_known(colleague.id, colleague.today)).all()
        if swap.shift_id not in known:
            raise NotAllowed("This is open to those who work such shifts.")


def _refuse_unfit_swap(session: Session, swap: ShiftSwap) -> None:
    """Refuse a swap of which a part does not fit either of the two."""
    people = {
        one.id: one
        for one in session.scalars(queries.people_of([swap.employee_id, _colleague_id(swap)]))
    }
    employee, colleague = people[swap.employee_id], people[_colleague_id(swap)]
    given = _duty(session, employee, swap.day, swap.shift_id)
    in_return = None
    if swap.return_day is not None and swap.return_shift_id is not None:
        day, shift_id = swap.return_day, swap.return_shift_id
        in_return = _duty(session, colleague, day, shift_id, "return_shift_id")
        _refuse_unfit(session, employee, in_return, gives=given, field="return_shift_id")
    _refuse_unfit(session, colleague, given, gives=in_return, field="shift_id")


def _refuse_unfit(
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


def _cells(session: Session, swap: ShiftSwap) -> dict[tuple[int, date], list[int]]:
    """Give the cells of the roster as they are after it."""
    moves = [(swap.employee_id, _colleague_id(swap), swap.day, swap.shift_id)]
    if swap.return_day is not None and swap.return_shift_id is not None:
        moves.append(
            (_colleague_id(swap), swap.employee_id, swap.return_day, swap.return_shift_id)
        )
    people = [swap.employee_id, _colleague_id(swap)]
    days = [day for _from, _to, day, _shift in moves]
    cells: dict[tuple[int, date], list[int]] = {
        (person, day): [] for person in people for day in days
    }
    for row in session.execute(queries.roster(people, min(days), max(days))):
        if (row.employee_id, row.day) in cells:
            cells[row.employee_id, row.day].append(row.shift_id)
    for giver, taker, day, shift_id in moves:
        cells[giver, day].remove(shift_id)
        cells[taker, day].append(shift_id)
    return cells


def _in_state(session: Session, swap_id: int, *states: str) -> ShiftSwap:
    found = select(ShiftSwap).where(ShiftSwap.id == swap_id)
    swap = session.scalars(locked(found, ShiftSwap)).one()
    if swap.state not in states:
        raise NotAllowed("This swap is decided, or taken back.")
    return swap


def _decided(session: Session, swap_id: int, state: str, answer: str) -> ShiftSwap:
    swap = _in_state(session, swap_id, "requested")
    swap.revise(
        version=None,
        state=state,
        decided_by_id=current_actor_id(),
        decided_at=datetime.now(UTC),
        **checked({"answer": answer}, RULES),
    )
    session.flush()
    close_alert(_alert_key(swap))
    return swap


def _alert_key(swap: ShiftSwap) -> str:
    return f"attendance:swap:{swap.id}"


def _tell(session: Session, swap: ShiftSwap) -> None:
    """Tell whoever approves that two have agreed."""
    names = dict(
        session.execute(queries.names_of([swap.employee_id, _colleague_id(swap)])).all()
    )
    raise_alert(
        kind="attendance.swap",
        key=_alert_key(swap),
        title=f"{names[swap.employee_id]} and {names[_colleague_id(swap)]} want to swap shifts",
        text=f"It is about {swap.day}, and waits for approval.",
        href=f"/attendance/swaps/{swap.id}",
    )
