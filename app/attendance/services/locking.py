"""Days that have been paid are locked: nothing that counts for them changes any more."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.attendance.errors import PeriodLocked
from app.attendance.models import Employee, PeriodLock, WorkSession
from app.core.alerts import raise_alert
from app.core.db import transaction


def locked_until(session: Session) -> date | None:
    """Give the last day that is locked; None while none is."""
    return session.scalar(
        select(PeriodLock.last_day)
        .where(PeriodLock.opened_at.is_(None))
        .order_by(PeriodLock.last_day.desc())
        .limit(1)
    )


def ensure_day_open(session: Session, day: date) -> None:
    """Refuse to change a day that is locked.

    Raises:
        PeriodLocked: It is.
    """
    last = locked_until(session)
    if last is not None and day <= last:
        raise PeriodLocked(f"Days up to {last} are locked. Open them first.")


def ensure_open(session: Session, employee_id: int, moment: datetime) -> None:
    """Refuse to change a day that is locked, by the clock of the person; nights are of it, too.

    Raises:
        PeriodLocked: It is.
    """
    if locked_until(session) is None:
        return
    running = (
        select(WorkSession.day)
        .where(
            WorkSession.employee_id == employee_id,
            WorkSession.begin_at <= moment,
            func.coalesce(WorkSession.end_at, WorkSession.closes_until) >= moment,
        )
        .order_by(WorkSession.begin_at.desc())
        .limit(1)
    )
    day = session.scalar(running)
    if day is None:
        zone = session.scalars(
            select(Employee.time_zone).where(Employee.id == employee_id)
        ).one()
        day = moment.astimezone(ZoneInfo(zone)).date()
    ensure_day_open(session, day)


def tell_of_late(session: Session, days: Collection[date]) -> None:
    """Tell that what was worked on days is another than before, if some of them are locked.

    Punches that come late are kept, and count, as does a card that is somebody's only now.
    """
    last = locked_until(session) if days else None
    if last is None or min(days) > last:
        return
    raise_alert(
        kind="attendance.late",
        key="attendance:late",
        title="Time at work has changed on days that are locked",
        text=f"The first is {min(days)}; days up to {last} have been paid. What is different "
        "is in the next file for payroll of those days, where that adds. Time accounts stay "
        "as they were.",
        href="/attendance/timesheets",
    )


def locked_days() -> date | None:
    """Give the last day that is locked; None while none is."""
    with transaction() as session:
        return locked_until(session)
