"""Days are locked once they have been paid, and opened again with a reason."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.models import PastRules, PeriodLock
from app.attendance.services.account_days import refresh_accounts
from app.attendance.services.locking import locked_until
from app.attendance.services.staleness import mark_all_stale
from app.core.actors import current_actor_id
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.texts import parse_line


def lock_days(last_day: date) -> PeriodLock:
    """Lock all days up to one: they have been paid.

    Raises:
        NotAllowed: They are locked already, or the day is not over.
    """
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    with transaction() as session:
        last = locked_until(session)
        if last is not None and last >= last_day:
            raise NotAllowed(f"Days up to {last} are locked already.")
        if last_day > (session.scalar(queries.last_day_over()) or yesterday):
            raise NotAllowed("Only days that are over wherever people work can be locked.")
        # As they are now the days stay, whatever else is changed.
        refresh_accounts()
        lock = PeriodLock(last_day=last_day, locked_by_id=current_actor_id())
        session.add(lock)
    return lock


def open_days(*, reason: str) -> PeriodLock:
    """Open the days that were locked last again.

    Raises:
        NotAllowed: None are locked.
        Invalid: No reason is given.
    """
    try:
        kept = parse_line(reason)
    except ValueError as error:
        raise Invalid("reason", str(error)) from error
    if not kept:
        raise Invalid("reason", "This is needed.")
    with transaction() as session:
        newest = select(PeriodLock).where(PeriodLock.opened_at.is_(None))
        ordered = newest.order_by(PeriodLock.last_day.desc()).limit(1)
        lock = session.scalars(locked(ordered, PeriodLock)).one_or_none()
        if lock is None:
            raise NotAllowed("No days are locked.")
        lock.opened_at, lock.reason = datetime.now(UTC), kept
        session.flush()
        gone = delete(PastRules).where(PastRules.last_day > (locked_until(session) or date.min))
        session.execute(gone)
        mark_all_stale(session)
    return lock
