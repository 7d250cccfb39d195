"""Selects over absences, allowances and the company's own holidays."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import joinedload

from app.attendance.models import Absence, AbsenceType, Allowance, OwnHoliday

ABSENCE_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": Absence.id,
    "first_day": Absence.first_day,
}
TYPE_SORTS: Mapping[str, SQLColumnExpression[Any]] = {"name": func.lower(AbsenceType.name)}
HOLIDAY_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": OwnHoliday.id,
    "day": OwnHoliday.day,
}


def absences(
    *,
    state: str = "",
    employee_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Select[Absence]:
    """Absences that the filters let through: those that touch the days asked for."""
    found = select(Absence).options(
        joinedload(Absence.employee), joinedload(Absence.decided_by)
    )
    if state:
        found = found.where(Absence.state == state)
    if employee_id is not None:
        found = found.where(Absence.employee_id == employee_id)
    if first is not None:
        found = found.where(Absence.last_day >= first)
    return found if last is None else found.where(Absence.first_day <= last)


def absence(absence_id: int) -> Select[Absence]:
    """One absence."""
    return absences().where(Absence.id == absence_id)


def away(employee_ids: Collection[int], first: date, last: date) -> Select[Absence]:
    """Absences of some people that count, on some days."""
    return (
        select(Absence)
        .where(
            Absence.employee_id.in_(employee_ids),
            Absence.state == "approved",
            Absence.last_day >= first,
            Absence.first_day <= last,
        )
        .order_by(Absence.first_day, Absence.id)
    )


def absence_types(*, is_active: bool | None = None) -> Select[AbsenceType]:
    """Types of absences, by name."""
    found = select(AbsenceType).order_by(func.lower(AbsenceType.name))
    return found if is_active is None else found.where(AbsenceType.is_active == is_active)


def absence_type(type_id: int) -> Select[AbsenceType]:
    """One type of absences."""
    return select(AbsenceType).where(AbsenceType.id == type_id)


def allowances(employee_id: int) -> Select[Allowance]:
    """What an employee has of absences, the newest year first."""
    return (
        select(Allowance)
        .where(Allowance.employee_id == employee_id)
        .order_by(Allowance.year.desc(), Allowance.type_id)
    )


def allowance(employee_id: int, type_id: int, year: int) -> Select[Allowance]:
    """What an employee has of a type in a year."""
    return select(Allowance).where(
        Allowance.employee_id == employee_id,
        Allowance.type_id == type_id,
        Allowance.year == year,
    )


def own_holidays(first: date | None = None, last: date | None = None) -> Select[OwnHoliday]:
    """The company's own holidays, in their order."""
    found = select(OwnHoliday).order_by(OwnHoliday.day, OwnHoliday.id)
    if first is not None:
        found = found.where(OwnHoliday.day >= first)
    return found if last is None else found.where(OwnHoliday.day <= last)


def own_holiday(holiday_id: int) -> Select[OwnHoliday]:
    """One of them."""
    return select(OwnHoliday).where(OwnHoliday.id == holiday_id)
