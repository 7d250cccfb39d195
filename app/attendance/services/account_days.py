"""Days of time accounts: they follow from timesheets, and are made anew where those changed.

Days that are locked stay as they were. Overtime that waits for approval is found on the way.
Days are kept by a job, since it locks people: who reads an account makes what is stale for
itself; who reads overtime waits for the few that are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.events import AttendanceChanged
from app.attendance.models import AccountDay, Employee, Overtime, TimeAccount
from app.attendance.reckoning.accounts import Day
from app.attendance.services.locking import locked_until
from app.attendance.services.rows import write_rows
from app.attendance.services.sheets import SheetDay
from app.attendance.services.staleness import BEGIN_OF_TIME, lock_people, mark_all_stale
from app.attendance.services.timesheets import sheets_with_owed
from app.core.db import transaction
from app.core.events import publish
from app.core.settings import setting

ONE_DAY = timedelta(days=1)
AT_ONCE = 100  # people whose timesheets are held together
FIGURES = ("credited", "expected", "cap", "carry")
PARTS = ("overtime", "double", "rest_day", "holiday")

KEEP_DAYS = """
INSERT INTO time_account_day (employee_id, day, credited, expected, cap, carry)
SELECT employee_id, day, credited, expected, cap, carry
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(
    employee_id bigint, day date, credited bigint, expected bigint, cap bigint, carry bigint)
ON CONFLICT (employee_id, day) DO UPDATE SET credited = excluded.credited,
    expected = excluded.expected, cap = excluded.cap, carry = excluded.carry
"""
# What is more than was decided on waits again; less is still covered by the decision.
KEEP_OVERTIME = """
INSERT INTO overtime (employee_id, day, overtime, double, rest_day, holiday)
SELECT employee_id, day, overtime, double, rest_day, holiday
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(
    employee_id bigint, day date, overtime bigint, double bigint, rest_day bigint,
    holiday bigint)
ON CONFLICT (employee_id, day) DO UPDATE SET overtime = excluded.overtime,
    double = excluded.double, rest_day = excluded.rest_day, holiday = excluded.holiday,
    state = CASE
        WHEN excluded.overtime + excluded.double + excluded.rest_day + excluded.holiday
            > GREATEST(overtime.approved, overtime.overtime + overtime.double
                + overtime.rest_day + overtime.holiday) THEN 'requested'
        WHEN overtime.decided_at IS NOT NULL
            AND excluded.overtime + excluded.double + excluded.rest_day + excluded.holiday
            <= overtime.approved THEN 'approved'
        ELSE overtime.state END
"""


class Due(NamedTuple):
    """The days of an account that are to be derived, and the first that it has at all."""

    since: date
    begin: date
    until: date

    @property
    def days(self) -> int:
        """How many there are."""
        return max(0, (self.until - max(self.since, self.begin)).days + 1)


def refresh_accounts(employee_ids: Collection[int] | None = None) -> int:
    """Derive what is stale of the accounts of some people, or of all; give how many days.

    A day counts once it is over where its person lives.
    """
    changed = 0
    wanted = setting("attendance_overtime_approval")
    with transaction() as session:
        found = queries.stale_accounts(employee_ids, is_approval_wanted=wanted)
        ids = [row.id for row in session.execute(found)]
    for first in range(0, len(ids), AT_ONCE):
        part = ids[first : first + AT_ONCE]
        with transaction() as session:
            changed += _refresh(session, part, is_approval_wanted=wanted)
    return changed


def rebuild_accounts() -> int:
    """Derive all days that are not locked anew; tell how many were others than they should."""
    refresh_accounts()
    with transaction() as session:
        mark_all_stale(session)
    return refresh_accounts()


def keep_days_before(session: Session, days: Mapping[int, date]) -> None:
    """Let days of people before these stay: what they followed from is about to be forgotten.

    Accounts have to be refreshed by then.
    """
    for employee_id, day in days.items():
        session.execute(
            update(TimeAccount)
            .where(TimeAccount.employee_id == employee_id)
            .values(kept_from=func.greatest(TimeAccount.kept_from, day))
        )


def stale_days(session: Session, ids: Collection[int]) -> dict[int, Due]:
    """Give the days of accounts that are not as they are kept."""
    wanted = setting("attendance_overtime_approval")
    stale = queries.stale_accounts(ids, is_approval_wanted=wanted)
    rows = {row.id: row for row in session.execute(stale)}
    return _due(session, rows, is_approval_wanted=wanted) if rows else {}


def _refresh(session: Session, ids: Sequence[int], *, is_approval_wanted: bool) -> int:
    """Derive accounts under the lock of their people: what changes them comes after it."""
    lock_people(session, ids)
    stale = queries.stale_accounts(ids, is_approval_wanted=is_approval_wanted)
    rows = {row.id: row for row in session.execute(stale)}
    due = _due(session, rows, is_approval_wanted=is_approval_wanted)
    changed = 0
    if due:
        days = derived(session, due)
        changed = _keep_days(session, due, days)
        if is_approval_wanted:
            overtime = _keep_overtime(session, due, days)
        else:
            overtime = _forget_overtime(session, due)
        if overtime:
            publish(AttendanceChanged(employees=len(due)))
        changed += overtime
    _note_known(session, rows.values(), is_approval_wanted=is_approval_wanted)
    return changed


def _due(
    session: Session, rows: Mapping[int, Any], *, is_approval_wanted: bool
) -> dict[int, Due]:
    last = locked_until(session)
    first_open = BEGIN_OF_TIME if last is None else last + ONE_DAY
    begun = session.execute(queries.begin_of_accounts([*rows]))
    begins = {row.id: row.day for row in begun}
    due: dict[int, Due] = {}
    for employee_id, row in rows.items():
        since = BEGIN_OF_TIME
        if row.known_until is not None and row.is_approval_wanted == is_approval_wanted:
            since = min(row.stale_from or date.max, row.known_until + ONE_DAY)
        begin = begins.get(employee_id) or date.max
        kept_from = row.kept_from or BEGIN_OF_TIME
        due[employee_id] = Due(max(since, first_open, kept_from), begin, row.until)
    return due


def derived(session: Session, due: Mapping[int, Due]) -> dict[tuple[int, date], SheetDay]:
    """Make the timesheets of the days that are due."""
    wanted = {one: d for one, d in due.items() if d.days}
    if not wanted:
        return {}
    people = session.scalars(select(Employee).where(Employee.id.in_(wanted))).all()
    first = min(max(d.since, d.begin) for d in wanted.values())
    last = max(d.until for d in wanted.values())
    found: dict[tuple[int, date], SheetDay] = {}
    for sheet in sheets_with_owed(session, people, first, last):
        mine = wanted[sheet.employee.id]
        for one in sheet.days:
            if max(mine.since, mine.begin) <= one.day <= mine.until:
                found[sheet.employee.id, one.day] = one
    return found


def _keep_days(
    session: Session, due: Mapping[int, Due], days: Mapping[tuple[int, date], SheetDay]
) -> int:
    since = {employee_id: one.since for employee_id, one in due.items()}
    known = {
        (row.employee_id, row.day): tuple(getattr(row, name) for name in FIGURES)
        for row in session.execute(queries.account_days(since))
    }
    wanted = {(employee_id, one.day): one[1:] for employee_id, one in kept(days)}
    gone = [key for key in known if key not in wanted]
    new = [key for key, figures in wanted.items() if known.get(key) != figures]
    if gone:
        cell = tuple_(AccountDay.employee_id, AccountDay.day)
        session.execute(delete(AccountDay).where(cell.in_(gone)))
    rows = [
        {"employee_id": key[0], "day": key[1], **dict(zip(FIGURES, wanted[key], strict=True))}
        for key in new
    ]
    write_rows(session, KEEP_DAYS, rows)
    return len(gone) + len(new)


def kept(days: Mapping[tuple[int, date], SheetDay]) -> Iterator[tuple[int, Day]]:
    """Give the days that say something to an account."""
    for (employee_id, day), one in days.items():
        if one.banked or one.owed:
            yield employee_id, Day(day, one.banked, one.owed, one.cap, one.carry)


def _keep_overtime(
    session: Session, due: Mapping[int, Due], days: Mapping[tuple[int, date], SheetDay]
) -> int:
    """Let overtime wait for approval; what somebody has decided on is kept, also at nothing."""
    since = {employee_id: one.since for employee_id, one in due.items()}
    known = {
        (one.employee_id, one.day): one
        for one in session.scalars(queries.overtime_since(since))
    }
    wanted = {
        key: {name: int(getattr(one.figures, name)) for name in PARTS}
        for key, one in days.items()
        if one.beyond
    }
    for key, one in known.items():
        if key not in wanted and one.decided_at is not None and one.minutes:
            wanted[key] = dict.fromkeys(PARTS, 0)
    gone = [one for key, one in known.items() if key not in wanted and one.decided_at is None]
    changed = [
        {"employee_id": key[0], "day": key[1], **parts}
        for key, parts in wanted.items()
        if key not in known or {n: getattr(known[key], n) for n in PARTS} != parts
    ]
    if gone:
        session.execute(delete(Overtime).where(Overtime.id.in_([one.id for one in gone])))
    write_rows(session, KEEP_OVERTIME, changed)
    for one in known.values():
        if one in session:
            session.expire(one)  # it was written past the session
    return len(gone) + len(changed)


def _forget_overtime(session: Session, due: Mapping[int, Due]) -> int:
    """Let nothing wait where no approval is wanted; what was decided stays."""
    since = {employee_id: one.since for employee_id, one in due.items()}
    waiting = queries.overtime_since(since).where(Overtime.decided_at.is_(None))
    ids = [one.id for one in session.scalars(waiting)]
    if ids:
        session.execute(delete(Overtime).where(Overtime.id.in_(ids)))
    return len(ids)


def _note_known(session: Session, rows: Iterable[Any], *, is_approval_wanted: bool) -> None:
    values = [
        {
            "employee_id": row.id,
            "known_until": row.until,
            "stale_from": None,
            "is_approval_wanted": is_approval_wanted,
        }
        for row in rows
    ]
    if values:
        noted = insert(TimeAccount).values(values)
        names = ("known_until", "stale_from", "is_approval_wanted")
        new = {name: noted.excluded[name] for name in names}
        session.execute(noted.on_conflict_do_update(index_elements=["employee_id"], set_=new))
