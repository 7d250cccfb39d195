"""Overtime that counts only when somebody approves it, by the figures of now."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged
from app.attendance.models import Overtime
from app.attendance.services.account_days import (
    AT_ONCE,
    refresh_accounts,
    stale_days,
)
from app.attendance.services.locking import ensure_day_open
from app.attendance.services.staleness import mark_stale
from app.core.actors import current_actor_id
from app.core.checks import checked
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.settings import setting
from app.core.texts import parse_line

MOST_DAYS = 3_000  # that whoever looks at overtime waits for: a fifth of a second


def look_at_overtime(employee_ids: Collection[int] | None = None) -> int:
    """Find overtime anew before somebody looks at it; give whose days are too many for that.

    Theirs are found by the job that keeps accounts, five minutes later at most.
    """
    if not setting("attendance_overtime_approval"):
        return 0
    with transaction() as session:
        stale = queries.stale_accounts(employee_ids, is_approval_wanted=True)
        ids = [row.id for row in session.execute(stale)]
        if len(ids) > AT_ONCE:
            return len(ids)
        if sum(one.days for one in stale_days(session, ids).values()) > MOST_DAYS:
            return len(ids)
    refresh_accounts(ids)
    return 0


def look_at_overtime_of(overtime_id: int) -> None:
    """Find somebody's overtime anew before one day of it is looked at."""
    with transaction() as session:
        found = select(Overtime.employee_id).where(Overtime.id == overtime_id)
        employee_id = session.scalars(found).one_or_none()
    if employee_id is not None and setting("attendance_overtime_approval"):
        refresh_accounts([employee_id])


def approve_overtime(
    overtime_id: int, *, minutes: int | None = None, answer: str = "", seen: int | None = None
) -> Overtime:
    """Let overtime count: all of it, or so many minutes.

    Raises:
        Invalid: There are fewer.
        NotAllowed: It waits for approval no more, or all of it is another figure than `seen`,
            or than it was until now.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        one = _waiting(session, overtime_id, seen, is_of_all=minutes is None)
        if minutes is not None and not 0 < minutes <= one.minutes:
            raise Invalid("minutes", f"From 1 to {one.minutes}.")
        approved = one.minutes if minutes is None else minutes
        return _decided(session, one, "approved", approved, answer)


def reject_overtime(overtime_id: int, *, answer: str = "", seen: int | None = None) -> Overtime:
    """Let overtime not count; what was approved of it before stays.

    Raises:
        NotAllowed: It waits for approval no more, or is another figure than `seen`, or than
            it was until now.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        one = _waiting(session, overtime_id, seen)
        return _decided(session, one, "rejected", one.approved, answer)


def _waiting(
    session: Session, overtime_id: int, seen: int | None, *, is_of_all: bool = True
) -> Overtime:
    """Lock overtime as it is by now, and refuse what was decided on another figure."""
    found = select(Overtime).where(Overtime.id == overtime_id)
    kept = session.scalars(found).one()
    seen = kept.minutes if seen is None else seen
    refresh_accounts([kept.employee_id])
    one = session.scalars(locked(found, Overtime)).one_or_none()
    if one is None or one.state != "requested" or not one.minutes:
        raise NotAllowed("This overtime waits for approval no more.")
    ensure_day_open(session, one.day)
    if is_of_all and one.minutes != seen:
        then, now = (f"{minutes // 60}:{minutes % 60:02}" for minutes in (seen, one.minutes))
        raise NotAllowed(f"It is {now} by now, not {then}: look at it again.")
    return one


def _decided(
    session: Session, one: Overtime, state: str, approved: int, answer: str
) -> Overtime:
    one.revise(
        version=None,
        state=state,
        approved=approved,
        decided_by_id=current_actor_id(),
        decided_at=datetime.now(UTC),
        **checked({"answer": answer}, {"answer": parse_line}),
    )
    session.flush()
    mark_stale(session, {one.employee_id: one.day})
    publish(AttendanceChanged(employees=1))
    return one
