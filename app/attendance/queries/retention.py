"""What is forgotten: of people, each with the moment before which nothing is kept."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Delete,
    Select,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.attendance.models import (
    Absence,
    AccountDay,
    AccountEntry,
    Allowance,
    Capture,
    Contract,
    Correction,
    Credential,
    DeviceCommand,
    Employee,
    EmployeePin,
    FingerConsent,
    Overtime,
    PayrollExport,
    PinFailure,
    Punch,
    PunchConflict,
    PunchVerdict,
    RosterEntry,
    ShiftSwap,
    TimeAccount,
    WorkSession,
)
from app.attendance.queries.deriving import asked_people
from app.core.audit import AuditEntry
from app.core.files import StoredFile

LET = select(func.set_config("opsroom.retention", "on", True))  # noqa: FBT003  (this unit alone)
HELD = select(func.set_config("opsroom.retention", "off", True))  # noqa: FBT003
# When a punch is too old: an unbelievable time says nothing.
AGED = case((Punch.is_unsure, Punch.received_at), else_=PunchVerdict.at)
SHIFT_DAYS = 2  # a session may be of a shift that began the day before, in any zone
AUDITED = {
    table.__tablename__
    for table in (
        *(Absence, Allowance, Contract, Correction, Credential, FingerConsent),
        *(Overtime, ShiftSwap),
    )
}


def people_to_weigh() -> Any:
    """Everybody of whom something may be too old."""
    return (
        select(Employee.id, Employee.country, Employee.leave_date)
        .where(Employee.forgotten_at.is_(None))
        .order_by(Employee.id)
    )


def old_punches(since: Mapping[int, datetime]) -> Select[int]:
    """Punches of some people, each before a moment."""
    people = asked_people(since)
    return (
        select(PunchVerdict.punch_id)
        .join(Punch, Punch.id == PunchVerdict.punch_id)
        .join(people, people.c.employee_id == PunchVerdict.employee_id)
        .where(people.c.since > AGED)
    )


def old_punches_of_nobody(before: datetime, *, limit: int) -> Select[int]:
    """Some punches before a moment that are nobody's."""
    return (
        select(PunchVerdict.punch_id)
        .join(Punch, Punch.id == PunchVerdict.punch_id)
        .where(PunchVerdict.employee_id.is_(None), before > AGED)
        .limit(limit)
    )


def without_punches(punch_ids: Collection[int]) -> dict[str, Delete]:
    """Delete punches with all that refers to them; the punches themselves come last."""
    ids = func.any(cast(literal([*punch_ids]), ARRAY(BigInteger)))
    return {
        "conflicts": delete(PunchConflict).where(PunchConflict.punch_id == ids),
        "corrections": delete(Correction).where(Correction.punch_id == ids),
        "verdicts": delete(PunchVerdict).where(PunchVerdict.punch_id == ids),
        "punches": delete(Punch).where(Punch.id == ids),
    }


def without_old_time(since: Mapping[int, datetime]) -> dict[str, Delete]:
    """Delete what people had besides punches, each before a moment, by what it is called."""
    people = asked_people(since)
    moment = people.c.since
    is_its: dict[str, tuple[Any, Any]] = {
        "sessions": (WorkSession, WorkSession.begin_at < moment),
        "corrections": (Correction, and_(Correction.kind == "add", Correction.at < moment)),
        "absences": (Absence, Absence.last_day < func.date(moment)),
        "roster": (RosterEntry, RosterEntry.day < func.date(moment) - SHIFT_DAYS),
        "overtime": (Overtime, Overtime.day < func.date(moment)),
        "swaps": (ShiftSwap, ShiftSwap.day < func.date(moment)),
        "allowances": (Allowance, Allowance.year < func.date_part("year", moment)),
    }
    return {
        name: delete(table).where(table.employee_id == people.c.employee_id, is_old)
        for name, (table, is_old) in is_its.items()
    }


def without_old_exports(before: date) -> Delete:
    """Delete what was given to payroll for days before one."""
    return delete(PayrollExport).where(PayrollExport.last_day < before)


def without_old_guesses(before: datetime) -> Delete:
    """Delete wrong PINs of before a moment: nobody is slowed down by them any more."""
    return delete(PinFailure).where(PinFailure.created_at < before)


def people_to_forget(employee_ids: Collection[int]) -> Select[int]:
    """Those of some people of whom no time is kept any more, locked."""
    has_punches = exists(select(1).where(PunchVerdict.employee_id == Employee.id))
    has_sessions = exists(select(1).where(WorkSession.employee_id == Employee.id))
    return (
        select(Employee.id)
        .where(Employee.id.in_([*employee_ids]), ~has_punches, ~has_sessions)
        .order_by(Employee.id)
        .with_for_update()
    )


def fingers_in_sensors(employee_ids: Collection[int]) -> Select[Credential]:
    """Fingers of some people that a sensor has not said to have forgotten."""
    return select(Credential).where(
        Credential.employee_id.in_([*employee_ids]),
        Credential.kind == "finger",
        Credential.is_template_deleted.is_(False),
    )


def is_asked_to_forget(credential_id: int) -> Select[int]:
    """The command to a sensor to forget a finger, while it waits."""
    return select(DeviceCommand.id).where(
        DeviceCommand.credential_id == credential_id, DeviceCommand.state == "pending"
    )


def entries_of(record_type: str, record_ids: Collection[int]) -> Delete:
    """Delete what the history tells of records that are gone."""
    return delete(AuditEntry).where(
        AuditEntry.record_type == record_type, AuditEntry.record_id.in_([*record_ids])
    )


def without_what_is_theirs(employee_ids: Collection[int]) -> dict[str, Delete]:
    """Delete what people had to punch with, and what was agreed with them."""
    tables: dict[str, Any] = {
        "credentials": Credential,
        "pins": EmployeePin,
        "consents": FingerConsent,
        "contracts": Contract,
        "corrections": Correction,
        "absences": Absence,
        "allowances": Allowance,
        "roster": RosterEntry,
        "overtime": Overtime,
        "account_entries": AccountEntry,
        "account_days": AccountDay,
        "accounts": TimeAccount,
    }
    ids = [*employee_ids]
    theirs = {name: delete(one).where(one.employee_id.in_(ids)) for name, one in tables.items()}
    either = or_(ShiftSwap.employee_id.in_(ids), ShiftSwap.colleague_id.in_(ids))
    return theirs | {"swaps": delete(ShiftSwap).where(either)}


def photos_of(employee_ids: Collection[int]) -> Any:
    """The photos of some people."""
    return select(Employee.photo_id).where(
        Employee.id.in_([*employee_ids]), Employee.photo_id.is_not(None)
    )


def without_photos(file_ids: Collection[int]) -> Delete:
    """Delete photos that are nobody's any more."""
    return delete(StoredFile).where(StoredFile.id.in_([*file_ids]))


def nameless_captures(employee_ids: Collection[int]) -> Any:
    """Take people out of what was waited for at readers: punches refer to it."""
    theirs = update(Capture).where(Capture.employee_id.in_([*employee_ids]))
    return theirs.values(employee_id=None, name="")


def nameless(employee_id: int, *, now: datetime) -> Any:
    """Make a person nobody: the row stays, for it is counted."""
    return (
        update(Employee)
        .where(Employee.id == employee_id)
        .values(
            name="Somebody who left",
            number=f"left-{employee_id}",
            user_id=None,
            photo_id=None,
            cost_centre="",
            region="",
            forgotten_at=now,
            version=Employee.version + 1,
        )
    )
