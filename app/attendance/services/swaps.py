"""People give each other shifts: one asks, a colleague accepts, somebody approves it.

Whether it fits is asked at each of these steps: what has changed in between is refused.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged, SwapRequested
from app.attendance.models import Employee, ShiftSwap
from app.attendance.services.duties import (
    Duty,
    colleague_of,
    duty_of,
    refuse_unfit,
    refuse_unfit_swap,
)
from app.attendance.services.rosters import set_roster
from app.attendance.services.staleness import lock_people
from app.core.actors import current_actor_id
from app.core.alerts import close_alert, raise_alert
from app.core.checks import Rule, checked
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.texts import parse_line

AHEAD = timedelta(days=60)  # so far a roster is offered
RULES: dict[str, Rule] = {"reason": parse_line, "answer": parse_line}


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
        duty = duty_of(session, employee, day, shift_id)
        if colleague_id is not None:
            colleague = session.scalars(queries.employee(colleague_id)).one_or_none()
            if colleague is None or colleague.id == employee.id:
                raise Invalid("colleague_id", "Which colleague is it?")
            refuse_unfit(session, colleague, takes=duty, field="colleague_id")
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
        refuse_unfit_swap(session, swap)
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
        lock_people(session, [swap.employee_id, colleague_of(swap)])
        refuse_unfit_swap(session, swap)
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


def _cells(session: Session, swap: ShiftSwap) -> dict[tuple[int, date], list[int]]:
    """Give the cells of the roster as they are after it."""
    moves = [(swap.employee_id, colleague_of(swap), swap.day, swap.shift_id)]
    if swap.return_day is not None and swap.return_shift_id is not None:
        moves.append(
            (colleague_of(swap), swap.employee_id, swap.return_day, swap.return_shift_id)
        )
    people = [swap.employee_id, colleague_of(swap)]
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
        session.execute(queries.names_of([swap.employee_id, colleague_of(swap)])).all()
    )
    raise_alert(
        kind="attendance.swap",
        key=_alert_key(swap),
        title=f"{names[swap.employee_id]} and {names[colleague_of(swap)]} want to swap shifts",
        text=f"It is about {swap.day}, and waits for approval.",
        href=f"/attendance/swaps/{swap.id}",
    )
