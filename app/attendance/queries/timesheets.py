"""Selects that timesheets are made of, for many people at once."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    SQLColumnExpression,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.attendance.models import (
    Contract,
    DeviceState,
    Employee,
    PastRules,
    PayrollExport,
    PayrollMap,
    RosterEntry,
    RuleSet,
    Shift,
    WorkSession,
)

MAP_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": PayrollMap.id,
    "name": func.lower(PayrollMap.name),
}
PAYROLL_SORTS: Mapping[str, SQLColumnExpression[Any]] = {"id": PayrollExport.id}


def _among(column: Any, ids: Collection[int]) -> Any:
    return column == func.any(cast(literal([*ids]), ARRAY(BigInteger)))


def people_to_report(first: date, last: date, *, department: str = "") -> Select[Employee]:
    """Employees who are here on some of the days, by name."""
    found = select(Employee).where(
        Employee.hire_date <= last,
        func.coalesce(Employee.leave_date, last) >= first,
    )
    if department:
        found = found.where(Employee.department == department)
    return found.order_by(Employee.name_key, Employee.id)


def contracts_of(employee_ids: Collection[int]) -> Any:
    """The contracts of some people, each with its rules, the oldest first."""
    return (
        select(
            Contract.employee_id,
            Contract.valid_from,
            Contract.weekly_hours,
            Contract.rule_set_id,
        )
        .where(_among(Contract.employee_id, employee_ids))
        .order_by(Contract.employee_id, Contract.valid_from)
    )


def all_rule_sets() -> Select[RuleSet]:
    """All rules."""
    return select(RuleSet).order_by(RuleSet.id)


def past_rules() -> Select[PastRules]:
    """Rules as they were for days that are locked, the oldest first."""
    return select(PastRules).order_by(PastRules.rule_set_id, PastRules.last_day)


def sessions_of(employee_ids: Collection[int], first: date, last: date) -> Any:
    """The sessions of some people on some days, with what their shifts pay of breaks."""
    return (
        select(
            WorkSession.employee_id,
            WorkSession.day,
            WorkSession.zone,
            WorkSession.begin_at,
            WorkSession.end_at,
            WorkSession.breaks,
            WorkSession.planned_begin,
            WorkSession.planned_end,
            WorkSession.closes_until,
            Shift.break_minutes,
            Shift.is_break_paid,
            Shift.grace_minutes,
        )
        .outerjoin(Shift, Shift.id == WorkSession.shift_id)
        .where(
            _among(WorkSession.employee_id, employee_ids),
            WorkSession.day >= first,
            WorkSession.day <= last,
        )
        .order_by(WorkSession.employee_id, WorkSession.begin_at)
    )


def minutes_by_week(employee_ids: Collection[int], first: date, last: date) -> Any:
    """How long some people were there, from the first in to the last out of each day."""
    end = func.max(func.coalesce(WorkSession.end_at, WorkSession.begin_at))
    days = (
        select(
            WorkSession.employee_id,
            WorkSession.day,
            (func.extract("epoch", end - func.min(WorkSession.begin_at)) / 60).label("minutes"),
        )
        .where(
            _among(WorkSession.employee_id, employee_ids),
            WorkSession.day >= first,
            WorkSession.day <= last,
        )
        .group_by(WorkSession.employee_id, WorkSession.day)
        .subquery()
    )
    monday = cast(func.date_trunc("week", days.c.day), Date)
    return select(
        days.c.employee_id,
        monday.label("monday"),
        cast(func.ceil(func.sum(days.c.minutes)), BigInteger).label("minutes"),
    ).group_by(days.c.employee_id, monday)


def first_days_at_work(employee_ids: Collection[int]) -> Any:
    """Since when each of some people has been clocking in."""
    return (
        select(WorkSession.employee_id, func.min(WorkSession.day).label("day"))
        .where(_among(WorkSession.employee_id, employee_ids))
        .group_by(WorkSession.employee_id)
    )


def sessions_between(first: date, last: date) -> Any:
    """When sessions of some days began and ended, the first begun first."""
    return (
        select(
            WorkSession.employee_id,
            WorkSession.day,
            WorkSession.planned_begin,
            WorkSession.begin_at,
            WorkSession.end_at,
            WorkSession.zone,
        )
        .where(WorkSession.day >= first, WorkSession.day <= last)
        .order_by(WorkSession.begin_at)
    )


def roster_of(employee_ids: Collection[int], first: date, last: date) -> Any:
    """Who of some people is down for what on some days, with the hours."""
    return (
        select(
            RosterEntry.employee_id,
            RosterEntry.day,
            RosterEntry.shift_id,
            Shift.begins,
            Shift.ends,
            Shift.break_minutes,
            Shift.is_break_paid,
            Shift.late_minutes,
        )
        .join(Shift, Shift.id == RosterEntry.shift_id)
        .where(
            _among(RosterEntry.employee_id, employee_ids),
            RosterEntry.day >= first,
            RosterEntry.day <= last,
        )
        .order_by(RosterEntry.employee_id, RosterEntry.day, Shift.begins)
    )


def watermarks() -> Select[datetime | None]:
    """Up to when each device has told everything."""
    return select(DeviceState.watermark)


def exports_of(preset: str, first: date, last: date) -> Select[PayrollExport]:
    """What was given to a preset for a period, the last first."""
    return (
        select(PayrollExport)
        .where(
            PayrollExport.preset == preset,
            PayrollExport.first_day == first,
            PayrollExport.last_day == last,
        )
        .order_by(PayrollExport.id.desc())
    )


def payroll_exports() -> Select[PayrollExport]:
    """All that was given to payroll."""
    return select(PayrollExport)


def payroll_export(export_id: int) -> Select[PayrollExport]:
    """One of them."""
    return select(PayrollExport).where(PayrollExport.id == export_id)


def payroll_maps() -> Select[PayrollMap]:
    """All maps of columns for payroll."""
    return select(PayrollMap)


def payroll_map(map_id: int) -> Select[PayrollMap]:
    """One of them."""
    return select(PayrollMap).where(PayrollMap.id == map_id)
