"""Selects over punches, what became of them, and who is at work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    SQLColumnExpression,
    case,
    cast,
    func,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import contains_eager, joinedload

from app.attendance.models import Device, Employee, Punch, PunchVerdict, WorkSession
from app.core.words import has_words

NEXT_WEB_PUNCH = text("SELECT nextval('web_punch_seq')")
PUNCH_SORTS: Mapping[str, SQLColumnExpression[Any]] = {"id": Punch.id, "at": Punch.at}
SESSION_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": WorkSession.id,
    "begin_at": WorkSession.begin_at,
    "day": WorkSession.day,
}


def punches_by_key(device_id: int, keys: Sequence[tuple[str, int]]) -> Any:
    """Punches of a device that have these boots and numbers."""
    return select(Punch.boot_id, Punch.device_seq, Punch.id, Punch.content_hash).where(
        Punch.device_id == device_id,
        tuple_(Punch.boot_id, Punch.device_seq).in_(keys),
    )


def verdicts_told(punch_ids: Collection[int]) -> Any:
    """What became of some punches, whose they are, and the day that they count for."""
    ids = cast(literal([*punch_ids]), ARRAY(BigInteger))
    day = (
        select(WorkSession.day)
        .where(
            WorkSession.employee_id == PunchVerdict.employee_id,
            WorkSession.begin_at <= PunchVerdict.at,
        )
        .order_by(WorkSession.begin_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            PunchVerdict.punch_id,
            PunchVerdict.employee_id,
            PunchVerdict.at,
            PunchVerdict.outcome,
            PunchVerdict.direction,
            Employee.name,
            day.label("day"),
        )
        .outerjoin(Employee, Employee.id == PunchVerdict.employee_id)
        .where(PunchVerdict.punch_id == func.any(ids))
        .order_by(PunchVerdict.at, PunchVerdict.punch_id)
    )


def worked_on(employee_ids: Collection[int], days: Collection[date]) -> Any:
    """How long people have worked on some days, and since when they do."""
    ids = cast(literal([*employee_ids]), ARRAY(BigInteger))
    wanted = cast(literal([*days]), ARRAY(Date))
    since = case((WorkSession.end_at.is_(None), WorkSession.begin_at))
    return (
        select(
            WorkSession.employee_id,
            WorkSession.day,
            func.sum(WorkSession.seconds).label("seconds"),
            func.max(since).label("open_since"),
        )
        .where(WorkSession.employee_id == func.any(ids), WorkSession.day == func.any(wanted))
        .group_by(WorkSession.employee_id, WorkSession.day)
    )


def punches(
    *,
    search: str = "",
    outcome: str = "",
    device_id: int | None = None,
    employee_id: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Select[Punch]:
    """Punches that the filters let through, with what became of them."""
    found = (
        select(Punch)
        .outerjoin(PunchVerdict, PunchVerdict.punch_id == Punch.id)
        .outerjoin(Employee, Employee.id == PunchVerdict.employee_id)
        .options(
            contains_eager(Punch.verdict).contains_eager(PunchVerdict.employee),
            joinedload(Punch.device),
            joinedload(Punch.reader),
        )
    )
    if outcome:
        found = found.where(PunchVerdict.outcome == outcome)
    if device_id is not None:
        found = found.where(Punch.device_id == device_id)
    if employee_id is not None:
        found = found.where(PunchVerdict.employee_id == employee_id)
    if since is not None:
        found = found.where(Punch.at >= since)
    if before is not None:
        found = found.where(Punch.at < before)
    return found.where(has_words(Employee.search, search)) if search.strip() else found


def punch(punch_id: int) -> Select[Punch]:
    """One punch, with what became of it."""
    return punches().where(Punch.id == punch_id)


def sessions(
    *,
    employee_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
    is_open: bool | None = None,
) -> Select[WorkSession]:
    """Sessions that the filters let through, with their people."""
    found = select(WorkSession).options(joinedload(WorkSession.employee))
    if employee_id is not None:
        found = found.where(WorkSession.employee_id == employee_id)
    if first is not None:
        found = found.where(WorkSession.day >= first)
    if last is not None:
        found = found.where(WorkSession.day <= last)
    if is_open is not None:
        found = found.where(WorkSession.end_at.is_(None) == is_open)
    return found


def work_session(session_id: int) -> Select[WorkSession]:
    """One session."""
    return sessions().where(WorkSession.id == session_id)


def present(now: datetime) -> Select[WorkSession]:
    """Who is at work: their sessions, open and not forgotten, the last begun first."""
    return (
        select(WorkSession)
        .where(WorkSession.end_at.is_(None), WorkSession.closes_until >= now)
        .options(joinedload(WorkSession.employee))
        .order_by(WorkSession.begin_at.desc())
    )


def forgotten(now: datetime) -> Select[WorkSession]:
    """Sessions that nobody has ended and no punch will, the newest first."""
    return (
        select(WorkSession)
        .where(WorkSession.end_at.is_(None), WorkSession.closes_until < now)
        .options(joinedload(WorkSession.employee))
        .order_by(WorkSession.begin_at.desc())
    )


def devices_to_filter() -> Any:
    """Devices to filter by."""
    return select(Device.id, Device.name).order_by(func.lower(Device.name))
