"""Days that have been paid are locked: nothing that counts for them changes any more."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.attendance.errors import PeriodLocked
from app.attendance.models import PeriodLock, WorkSession
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
    """Refuse to change a day that is locked; nights that begin on it are of it, too.

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
    ensure_day_open(session, session.scalar(running) or moment.date())


def tell_of_late(session: Session, first: datetime) -> None:
    """Tell that punches came for days that are locked: they are kept, and count."""
    last = locked_until(session)
    if last is None or first.date() > last:
        return
    raise_alert(
        kind="attendance.late",
        key="attendance:late",
        title="Punches came for days that are locked",
        text=f"Some are of {first:%Y-%m-%d}; days up to {last} have been paid. What they "
        "change is in the next file for payroll, where that adds.",
        href="/attendance/timesheets",
    )


def locked_days() -> date | None:
    """Give the last day that is locked; None while none is."""
    with transaction() as session:
        return locked_until(session)
