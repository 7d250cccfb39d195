"""What is kept of somebody, table by table, as that person may read it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import column, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from app.attendance.models import (
    Absence,
    AbsenceType,
    AccountDay,
    AccountEntry,
    Allowance,
    Contract,
    Correction,
    Credential,
    Device,
    Employee,
    EmployeePin,
    FingerConsent,
    Overtime,
    PayrollExport,
    Punch,
    PunchVerdict,
    RosterEntry,
    RuleSet,
    Shift,
    ShiftSwap,
    WorkSession,
)
from app.core.audit import AuditEntry

RATE = (Contract.rate, Contract.currency)


def _person(employee_id: int) -> Any:
    return select(
        Employee.number,
        Employee.name,
        Employee.department,
        Employee.cost_centre,
        Employee.time_zone,
        Employee.country,
        Employee.region,
        Employee.hire_date,
        Employee.leave_date,
    ).where(Employee.id == employee_id)


def _contracts(employee_id: int) -> Any:
    return (
        select(Contract.valid_from, Contract.weekly_hours, RuleSet.name.label("rules"), *RATE)
        .join(RuleSet, RuleSet.id == Contract.rule_set_id)
        .where(Contract.employee_id == employee_id)
        .order_by(Contract.valid_from.desc())
    )


def _credentials(employee_id: int) -> Any:
    return (
        select(
            Credential.kind,
            Credential.name,
            Credential.valid_from,
            Credential.valid_until,
            Credential.end_reason,
        )
        .where(Credential.employee_id == employee_id)
        .order_by(Credential.id.desc())
    )


def _pins(employee_id: int) -> Any:
    return select(EmployeePin.created_at).where(EmployeePin.employee_id == employee_id)


def _consents(employee_id: int) -> Any:
    return (
        select(
            FingerConsent.created_at,
            FingerConsent.basis,
            FingerConsent.alternative,
            FingerConsent.withdrawn_at,
        )
        .where(FingerConsent.employee_id == employee_id)
        .order_by(FingerConsent.id.desc())
    )


def _punches(employee_id: int) -> Any:
    return (
        select(
            Punch.at,
            Punch.kind,
            Device.name.label("device"),
            PunchVerdict.outcome,
            PunchVerdict.direction,
            Punch.received_at,
            Punch.note,
        )
        .join(PunchVerdict, PunchVerdict.punch_id == Punch.id)
        .join(Device, Device.id == Punch.device_id)
        .where(PunchVerdict.employee_id == employee_id)
        .order_by(PunchVerdict.at.desc(), Punch.id.desc())
    )


def _sessions(employee_id: int) -> Any:
    return (
        select(
            WorkSession.day,
            WorkSession.begin_at,
            WorkSession.end_at,
            WorkSession.seconds,
            WorkSession.break_seconds,
        )
        .where(WorkSession.employee_id == employee_id)
        .order_by(WorkSession.begin_at.desc())
    )


def _corrections(employee_id: int) -> Any:
    return (
        select(
            Correction.created_at,
            Correction.kind,
            Correction.at,
            Correction.direction,
            Correction.reason,
            Correction.state,
            Correction.decided_at,
            Correction.answer,
        )
        .where(Correction.employee_id == employee_id)
        .order_by(Correction.id.desc())
    )


def _absences(employee_id: int) -> Any:
    return (
        select(
            AbsenceType.name.label("type"),
            Absence.first_day,
            Absence.last_day,
            Absence.reason,
            Absence.state,
            Absence.decided_at,
            Absence.answer,
        )
        .join(AbsenceType, AbsenceType.id == Absence.type_id)
        .where(Absence.employee_id == employee_id)
        .order_by(Absence.first_day.desc())
    )


def _allowances(employee_id: int) -> Any:
    return (
        select(
            Allowance.year, AbsenceType.name.label("type"), Allowance.days, Allowance.carried
        )
        .join(AbsenceType, AbsenceType.id == Allowance.type_id)
        .where(Allowance.employee_id == employee_id)
        .order_by(Allowance.year.desc(), AbsenceType.name)
    )


def _roster(employee_id: int) -> Any:
    return (
        select(RosterEntry.day, Shift.code.label("shift"), Shift.begins, Shift.ends)
        .join(Shift, Shift.id == RosterEntry.shift_id)
        .where(RosterEntry.employee_id == employee_id)
        .order_by(RosterEntry.day.desc())
    )


def _account(employee_id: int) -> Any:
    return (
        select(AccountDay.day, AccountDay.credited, AccountDay.expected)
        .where(AccountDay.employee_id == employee_id)
        .order_by(AccountDay.day.desc())
    )


def _entries(employee_id: int) -> Any:
    return (
        select(AccountEntry.day, AccountEntry.kind, AccountEntry.minutes, AccountEntry.reason)
        .where(AccountEntry.employee_id == employee_id)
        .order_by(AccountEntry.id.desc())
    )


def _overtime(employee_id: int) -> Any:
    return (
        select(
            Overtime.day,
            Overtime.overtime,
            Overtime.double,
            Overtime.rest_day,
            Overtime.holiday,
            Overtime.approved,
            Overtime.state,
            Overtime.answer,
        )
        .where(Overtime.employee_id == employee_id)
        .order_by(Overtime.day.desc())
    )


def _swaps(employee_id: int) -> Any:
    """Those that somebody asked for, and those that they were asked for."""
    is_theirs = or_(ShiftSwap.employee_id == employee_id, ShiftSwap.colleague_id == employee_id)
    return (
        select(
            ShiftSwap.day,
            Shift.code.label("shift"),
            ShiftSwap.return_day,
            ShiftSwap.reason,
            ShiftSwap.state,
            ShiftSwap.decided_at,
        )
        .join(Shift, Shift.id == ShiftSwap.shift_id)
        .where(is_theirs)
        .order_by(ShiftSwap.id.desc())
    )


def _payroll(employee_id: int) -> Any:
    """Lines of batches begin with the number of whom they are about."""
    elements = func.jsonb_array_elements(PayrollExport.lines)
    line = elements.table_valued(column("value", JSONB)).lateral("line")
    number = select(Employee.number).where(Employee.id == employee_id).scalar_subquery()
    return (
        select(
            PayrollExport.id.label("batch"),
            PayrollExport.first_day,
            PayrollExport.last_day,
            line.c.value[3].label("minutes"),
        )
        .join(line, literal(True))  # noqa: FBT003  (each export with each of its lines)
        .where(line.c.value[0].astext == number)
        .order_by(PayrollExport.id.desc())
    )


def _history(employee_id: int) -> Any:
    return (
        select(AuditEntry.created_at, AuditEntry.actor, AuditEntry.changes)
        .where(
            AuditEntry.record_type == Employee.__tablename__,
            AuditEntry.record_id == employee_id,
        )
        .order_by(AuditEntry.id.desc())
    )


# In the order in which it is shown and written.
KEPT: Mapping[str, Callable[[int], Any]] = {
    "person": _person,
    "contracts": _contracts,
    "credentials": _credentials,
    "pins": _pins,
    "consents": _consents,
    "punches": _punches,
    "sessions": _sessions,
    "corrections": _corrections,
    "absences": _absences,
    "allowances": _allowances,
    "roster": _roster,
    "account": _account,
    "entries": _entries,
    "overtime": _overtime,
    "swaps": _swaps,
    "payroll": _payroll,
    "history": _history,
}
