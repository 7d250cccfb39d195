"""Selects over shifts and rosters."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, select

from app.attendance.models import RosterEntry, Shift

SHIFT_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "code": func.normal_code(Shift.code),
    "begins": Shift.begins,
}


def shifts(*, is_active: bool | None = None) -> Select[Shift]:
    """Shifts, by their begin."""
    found = select(Shift).order_by(Shift.begins, func.normal_code(Shift.code))
    return found if is_active is None else found.where(Shift.is_active == is_active)


def shift(shift_id: int) -> Select[Shift]:
    """One shift."""
    return select(Shift).where(Shift.id == shift_id)


def roster(employee_ids: Collection[int], first: date, last: date) -> Any:
    """Who of some people is down for which shift on some days."""
    return (
        select(RosterEntry.employee_id, RosterEntry.day, RosterEntry.shift_id)
        .where(
            RosterEntry.employee_id.in_(employee_ids),
            RosterEntry.day >= first,
            RosterEntry.day <= last,
        )
        .order_by(RosterEntry.day, RosterEntry.employee_id, RosterEntry.id)
    )


def roster_between(first: date, last: date, *, employee_id: int | None = None) -> Any:
    """Who is down for what on some days, by person."""
    found = select(RosterEntry.employee_id, RosterEntry.day, RosterEntry.shift_id).where(
        RosterEntry.day >= first, RosterEntry.day <= last
    )
    if employee_id is not None:
        found = found.where(RosterEntry.employee_id == employee_id)
    return found.order_by(RosterEntry.employee_id, RosterEntry.day, RosterEntry.id)


def first_days_of(shift_id: int) -> Any:
    """Who is down for a shift, each with the first day."""
    return (
        select(RosterEntry.employee_id, func.min(RosterEntry.day).label("day"))
        .where(RosterEntry.shift_id == shift_id)
        .group_by(RosterEntry.employee_id)
    )
