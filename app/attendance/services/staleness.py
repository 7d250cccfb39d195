"""Days of time accounts that have to be derived again, since something before them changed."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.attendance.models import Employee, TimeAccount
from app.attendance.services.rows import write_rows

BEGIN_OF_TIME = date(1900, 1, 1)
# Whoever has no account yet needs no mark: theirs is derived from its first day.
MARKS = """
UPDATE time_account SET stale_from = LEAST(stale_from, row.day)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(employee_id bigint, day date)
WHERE row.employee_id = time_account.employee_id AND time_account.known_until >= row.day
"""


def mark_stale(session: Session, since: Mapping[int, date], *, is_locked: bool = False) -> None:
    """Let the accounts of some people be derived again, each since a day.

    People are locked, as whoever derives an account locks them: no change falls in between.
    """
    if since and not is_locked:
        lock_people(session, since)
    rows = [{"employee_id": one, "day": since[one]} for one in sorted(since)]
    write_rows(session, MARKS, rows)


def mark_all_stale(session: Session, since: date = BEGIN_OF_TIME) -> None:
    """Let all accounts be derived again since a day."""
    lock_people(session, None)
    session.execute(
        update(TimeAccount)
        .where(TimeAccount.known_until >= since)
        .values(stale_from=func.least(TimeAccount.stale_from, since))
    )


def lock_people(session: Session, employee_ids: Collection[int] | None) -> None:
    """Lock some people, or all, in one order; what refers to them goes on."""
    found = select(Employee.id).order_by(Employee.id).with_for_update(key_share=True)
    if employee_ids is not None:
        found = found.where(Employee.id.in_(employee_ids))
    session.execute(found).all()
