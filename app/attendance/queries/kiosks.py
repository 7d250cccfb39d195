"""Selects for screens: what a punch was, who is there and who is not."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.attendance.models import (
    Absence,
    Device,
    Employee,
    Punch,
    PunchVerdict,
    RosterEntry,
    WorkSession,
)


def punch_to_greet(punch_id: int) -> Any:
    """A punch, what became of it, whose it is and where it was made."""
    return (
        select(
            Punch.id,
            PunchVerdict.at,
            PunchVerdict.outcome,
            PunchVerdict.direction,
            PunchVerdict.employee_id,
            Employee.name,
            func.coalesce(Employee.time_zone, func.nullif(Device.time_zone, "")).label(
                "time_zone"
            ),
            Device.place,
        )
        .join(PunchVerdict, PunchVerdict.punch_id == Punch.id)
        .join(Device, Device.id == Punch.device_id)
        .outerjoin(Employee, Employee.id == PunchVerdict.employee_id)
        .where(Punch.id == punch_id)
    )


def sessions_of_day(employee_id: int, at: datetime) -> Select[WorkSession]:
    """The sessions of the day that a moment counts for: that of the last one begun by then."""
    day = (
        select(WorkSession.day)
        .where(WorkSession.employee_id == employee_id, WorkSession.begin_at <= at)
        .order_by(WorkSession.begin_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(WorkSession).where(
        WorkSession.employee_id == employee_id, WorkSession.day == day
    )


def who_is_in(now: datetime) -> Any:
    """Who is at work, the last to come first: names, since when, and how many there are."""
    return (
        select(
            Employee.name,
            WorkSession.begin_at,
            WorkSession.zone,
            func.count().over().label("number"),
        )
        .join(Employee, Employee.id == WorkSession.employee_id)
        .where(WorkSession.end_at.is_(None), WorkSession.closes_until >= now)
        .order_by(WorkSession.begin_at.desc())
    )


def latest_punches(since: datetime, *, limit: int) -> Select[PunchVerdict]:
    """What was punched last, with its people; nothing that was taken for enrolment."""
    return (
        select(PunchVerdict)
        .where(PunchVerdict.at >= since, PunchVerdict.outcome.not_in(["captured", "void"]))
        .options(joinedload(PunchVerdict.employee))
        .order_by(PunchVerdict.at.desc(), PunchVerdict.punch_id.desc())
        .limit(limit)
    )


def rostered(days: Sequence[date]) -> Select[RosterEntry]:
    """Who is down for which shift on some days, of those who are employed then."""
    is_employed = and_(
        Employee.hire_date <= RosterEntry.day,
        or_(Employee.leave_date.is_(None), Employee.leave_date >= RosterEntry.day),
    )
    return (
        select(RosterEntry)
        .join(Employee, Employee.id == RosterEntry.employee_id)
        .where(RosterEntry.day.in_(days), is_employed)
        .options(joinedload(RosterEntry.employee), joinedload(RosterEntry.shift))
    )


def begun_sessions(days: Sequence[date]) -> Select[WorkSession]:
    """All time at work of some days, the first begun first."""
    return (
        select(WorkSession)
        .where(WorkSession.day.in_(days))
        .options(joinedload(WorkSession.employee))
        .order_by(WorkSession.begin_at)
    )


def on_leave(first: date, last: date) -> Select[Absence]:
    """Absences that were approved and touch some days, by name."""
    return (
        select(Absence)
        .join(Employee)
        .where(
            Absence.state == "approved", Absence.first_day <= last, Absence.last_day >= first
        )
        .options(joinedload(Absence.employee))
        .order_by(Employee.name_key, Absence.id)
    )
