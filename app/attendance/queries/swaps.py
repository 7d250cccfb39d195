"""Selects over shifts that people give each other."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, and_, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.attendance.models import Employee, RosterEntry, Shift, ShiftSwap

SWAP_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": ShiftSwap.id,
    "day": ShiftSwap.day,
}
AROUND = timedelta(days=90)  # whoever had such a shift within knows it


def swaps(
    *, state: str = "", employee_id: int | None = None, first: date | None = None
) -> Select[ShiftSwap]:
    """Swaps that the filters let through: those that somebody asked for or is asked for."""
    found = select(ShiftSwap).options(
        joinedload(ShiftSwap.employee),
        joinedload(ShiftSwap.colleague),
        joinedload(ShiftSwap.shift),
        joinedload(ShiftSwap.return_shift),
        joinedload(ShiftSwap.decided_by),
    )
    if state:
        found = found.where(ShiftSwap.state == state)
    if employee_id is not None:
        is_theirs = ShiftSwap.employee_id == employee_id
        found = found.where(or_(is_theirs, ShiftSwap.colleague_id == employee_id))
    return found if first is None else found.where(ShiftSwap.day >= first)


def swap(swap_id: int) -> Select[ShiftSwap]:
    """One swap."""
    return swaps().where(ShiftSwap.id == swap_id)


def swap_to_mail(swap_id: int) -> Select[ShiftSwap]:
    """A swap that waits for a colleague who can sign in, with who that is."""
    is_mailed = ShiftSwap.colleague.has(Employee.user.has(User.is_active))
    return (
        swap(swap_id)
        .options(joinedload(ShiftSwap.colleague).joinedload(Employee.user))
        .where(ShiftSwap.state == "asked", is_mailed)
    )


def swaps_offered(employee_id: int, today: date) -> Select[ShiftSwap]:
    """Swaps that somebody may accept: they are asked, or it is open and they know the shift."""
    is_open = and_(
        ShiftSwap.colleague_id.is_(None),
        ShiftSwap.shift_id.in_(shifts_known(employee_id, today)),
    )
    return (
        swaps(state="asked", first=today)
        .where(
            ShiftSwap.employee_id != employee_id,
            or_(ShiftSwap.colleague_id == employee_id, is_open),
        )
        .order_by(ShiftSwap.day, ShiftSwap.id)
    )


def shifts_known(employee_id: int, today: date) -> Select[int]:
    """The shifts that somebody is down for around a day."""
    return (
        select(RosterEntry.shift_id)
        .where(
            RosterEntry.employee_id == employee_id,
            RosterEntry.day.between(today - AROUND, today + AROUND),
        )
        .distinct()
    )


def colleagues_with(shift_id: int, employee_id: int, today: date) -> Select[Employee]:
    """Others who are down for a shift around a day, by name."""
    known = select(RosterEntry.employee_id).where(
        RosterEntry.shift_id == shift_id,
        RosterEntry.day.between(today - AROUND, today + AROUND),
    )
    return (
        select(Employee)
        .where(
            Employee.id.in_(known),
            Employee.id != employee_id,
            or_(Employee.leave_date.is_(None), Employee.leave_date >= today),
        )
        .order_by(Employee.name_key, Employee.id)
    )


def shifts_coming(employee_id: int, first: date, last: date) -> Any:
    """What somebody is down for on some days, with the shifts."""
    return (
        select(RosterEntry.day, Shift)
        .join(Shift, Shift.id == RosterEntry.shift_id)
        .where(
            RosterEntry.employee_id == employee_id,
            RosterEntry.day >= first,
            RosterEntry.day <= last,
        )
        .order_by(RosterEntry.day, Shift.begins)
    )


def people_of(employee_ids: Collection[int]) -> Select[Employee]:
    """Some people, in the order of their ids."""
    return select(Employee).where(Employee.id.in_(employee_ids)).order_by(Employee.id)
