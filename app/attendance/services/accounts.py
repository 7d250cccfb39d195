"""Time accounts: their days follow from timesheets, and are made anew from what has changed.

Days that are locked stay as they were. Overtime that waits for approval is found on the way.
Days are kept by a job, since it locks people: who only reads makes what is stale for itself.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged
from app.attendance.models import AccountDay, AccountEntry, Employee, Overtime, TimeAccount
from app.attendance.reckoning.accounts import (
    AccountMonth,
    Day,
    Entry,
    MonthOfDays,
    statement,
    with_days,
)
from app.attendance.services.locking import ensure_day_open, locked_until
from app.attendance.services.rows import write_rows
from app.attendance.services.sheets import SheetDay
from app.attendance.services.staleness import (
    BEGIN_OF_TIME,
    lock_people,
    mark_all_stale,
    mark_stale,
)
from app.attendance.services.timesheets import sheets_with_owed
from app.core.actors import current_actor_id
from app.core.checks import Rule, checked, needed
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.settings import setting
from app.core.texts import parse_line

ONE_DAY = timedelta(days=1)
AT_ONCE = 100  # people whose timesheets are held together
MOST_MINUTES = 1_000_000
RULES: dict[str, Rule] = {"reason": needed(parse_line)}
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


def _refresh(session: Session, ids: Sequence[int], *, is_approval_wanted: bool) -> int:
    """Derive accounts under the lock of their people: what changes them comes after it."""
    lock_people(session, ids)
    stale = queries.stale_accounts(ids, is_approval_wanted=is_approval_wanted)
    rows = {row.id: row for row in session.execute(stale)}
    due = _due(session, rows, is_approval_wanted=is_approval_wanted)
    changed = 0
    if due:
        days = _derived(session, due)
        changed = _keep_days(session, due, days)
        if is_approval_wanted:
            changed += _keep_overtime(session, due, days)
        else:
            _forget_overtime(session, due)
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


def _derived(session: Session, due: Mapping[int, Due]) -> dict[tuple[int, date], SheetDay]:
    """Make the timesheets of the days that are due."""
    wanted = {one: d for one, d in due.items() if max(d.since, d.begin) <= d.until}
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
    wanted = {(employee_id, one.day): one[1:] for employee_id, one in _kept(days)}
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


def _kept(days: Mapping[tuple[int, date], SheetDay]) -> Iterator[tuple[int, Day]]:
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


def _forget_overtime(session: Session, due: Mapping[int, Due]) -> None:
    """Let nothing wait where no approval is wanted; what was decided stays."""
    since = {employee_id: one.since for employee_id, one in due.items()}
    waiting = queries.overtime_since(since).where(Overtime.decided_at.is_(None))
    ids = [one.id for one in session.scalars(waiting)]
    if ids:
        session.execute(delete(Overtime).where(Overtime.id.in_(ids)))


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


class Account(NamedTuple):
    """Somebody's time account, in minutes, as it is at the end of the last day that is over."""

    employee: Employee
    months: list[AccountMonth]
    known_until: date | None

    @property
    def balance(self) -> int:
        """What is in it."""
        return self.months[-1].closing if self.months else 0


def account_of(employee_id: int) -> Account:
    """Give somebody's account, as it is by now."""
    return accounts([employee_id])[0]


def accounts(
    employee_ids: Collection[int] | None = None, *, department: str = ""
) -> list[Account]:
    """Give the accounts of some people, or of all who are employed, by name."""
    with transaction() as session:
        found = queries.people_with_accounts(employee_ids, department=department)
        people = session.scalars(found).all()
        ids = [one.id for one in people]
        due = _stale(session, ids)
        known = {
            row.employee_id: row.known_until
            for row in session.execute(queries.known_until(ids))
        }
        known |= {employee_id: one.until for employee_id, one in due.items()}
        months = _months(session, ids, due)
        entries = _entries(session, ids)
    return [
        Account(
            one,
            statement(
                months.get(one.id, ()),
                entries.get(one.id, ()),
                known_until=known.get(one.id) or BEGIN_OF_TIME,
            ),
            known.get(one.id),
        )
        for one in people
    ]


def _stale(session: Session, ids: Collection[int]) -> dict[int, Due]:
    """Give the days of accounts that are not as they are kept."""
    wanted = setting("attendance_overtime_approval")
    stale = queries.stale_accounts(ids, is_approval_wanted=wanted)
    rows = {row.id: row for row in session.execute(stale)}
    return _due(session, rows, is_approval_wanted=wanted) if rows else {}


def _months(
    session: Session, ids: Sequence[int], due: Mapping[int, Due]
) -> dict[int, list[MonthOfDays]]:
    """Add up days as they are kept, and those that are stale as they should be."""
    before = {one: due[one].since if one in due else date.max for one in ids}
    months: dict[int, list[MonthOfDays]] = {}
    for row in session.execute(queries.account_months(before)):
        months.setdefault(row.employee_id, []).append(
            MonthOfDays(row.month, row.credited, row.expected, row.cap, row.carry)
        )
    days: dict[int, list[Day]] = {}
    stale = sorted(due)
    for first in range(0, len(stale), AT_ONCE):
        part = {one: due[one] for one in stale[first : first + AT_ONCE]}
        for employee_id, day in _kept(_derived(session, part)):
            days.setdefault(employee_id, []).append(day)
    return months | {one: with_days(months.get(one, ()), days[one]) for one in days}


def _entries(session: Session, ids: Collection[int]) -> dict[int, list[Entry]]:
    """Read what was entered, since accounts were opened."""
    opened = {row.employee_id: row.day for row in session.execute(queries.openings(ids))}
    found: dict[int, list[Entry]] = {}
    for row in session.execute(queries.entered(ids)):
        if row.day >= opened.get(row.employee_id, date.min):
            found.setdefault(row.employee_id, []).append(Entry(row.day, row.minutes))
    return found


def enter_minutes(
    employee_id: int, *, kind: str, day: date, minutes: int, reason: str
) -> AccountEntry:
    """Put minutes into an account, or take them out; a payout takes out what is positive.

    Raises:
        Invalid: There is nothing to enter, or more is paid out than is in it.
        NotAllowed: The account was opened already.
        PeriodLocked: The day is locked.
    """
    with transaction() as session:
        employee = session.scalars(locked(queries.employee(employee_id), Employee)).one()
        if kind == "payout":
            minutes = _paid_out(employee_id, minutes)
        entry = AccountEntry(
            employee_id=employee_id,
            kind=kind,
            day=day,
            minutes=minutes,
            created_by_id=current_actor_id(),
            **checked({"reason": reason}, RULES),
        )
        _refuse_unfit(session, entry, employee)
        session.add(entry)
        session.flush()
        _follow(session, entry)
    return entry


def _paid_out(employee_id: int, minutes: int) -> int:
    there = account_of(employee_id).balance
    if minutes <= 0:
        raise Invalid("minutes", "How much is paid out?")
    if minutes > there:
        raise Invalid("minutes", f"There are only {max(0, there)} minutes in the account.")
    return -minutes


def reverse_entry(entry_id: int, *, reason: str) -> AccountEntry:
    """Take back an entry by another one of the same day.

    Raises:
        NotAllowed: It was taken back already, or takes another one back itself.
        PeriodLocked: The day is locked.
    """
    with transaction() as session:
        entry = session.scalars(queries.account_entry(entry_id)).one()
        session.scalars(locked(queries.employee(entry.employee_id), Employee)).one()
        if entry.reverses_id is not None:
            raise NotAllowed("This entry takes another one back.")
        taken = select(AccountEntry.id).where(AccountEntry.reverses_id == entry.id)
        if session.scalar(taken) is not None:
            raise NotAllowed("This entry was taken back already.")
        ensure_day_open(session, entry.day)
        reversal = AccountEntry(
            employee_id=entry.employee_id,
            kind=entry.kind,
            day=entry.day,
            minutes=-entry.minutes,
            reverses_id=entry.id,
            created_by_id=current_actor_id(),
            **checked({"reason": reason}, RULES),
        )
        session.add(reversal)
        session.flush()
        _follow(session, reversal)
    return reversal


def _refuse_unfit(session: Session, entry: AccountEntry, employee: Employee) -> None:
    if abs(entry.minutes) > MOST_MINUTES:
        raise Invalid("minutes", f"At most {MOST_MINUTES} minutes.")
    if not entry.minutes and entry.kind != "opening":
        raise Invalid("minutes", "How much is it?")
    if entry.day > employee.today:
        raise Invalid("day", "This is in the future.")
    if entry.day < employee.hire_date:
        raise Invalid("day", f"{employee.name} is employed since {employee.hire_date}.")
    ensure_day_open(session, entry.day)
    opened = session.execute(queries.openings([entry.employee_id])).first()
    if opened is None:
        return
    if entry.kind == "opening":
        raise NotAllowed(f"The account was opened on {opened.day}: take that back first.")
    if entry.day < opened.day:
        raise Invalid("day", f"The account begins on {opened.day}.")


def _follow(session: Session, entry: AccountEntry) -> None:
    """Derive days anew where the account begins elsewhere now."""
    if entry.kind == "opening":
        mark_stale(session, {entry.employee_id: BEGIN_OF_TIME})
    publish(AttendanceChanged(employees=1))


def approve_overtime(
    overtime_id: int, *, minutes: int | None = None, answer: str = ""
) -> Overtime:
    """Let overtime count: all of it, or so many minutes.

    Raises:
        Invalid: There are fewer.
        NotAllowed: It waits for approval no more.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        one = _waiting(session, overtime_id)
        if minutes is not None and not 0 < minutes <= one.minutes:
            raise Invalid("minutes", f"From 1 to {one.minutes}.")
        approved = one.minutes if minutes is None else minutes
        return _decided(session, one, "approved", approved, answer)


def reject_overtime(overtime_id: int, *, answer: str = "") -> Overtime:
    """Let overtime not count; what was approved of it before stays.

    Raises:
        NotAllowed: It waits for approval no more.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        one = _waiting(session, overtime_id)
        return _decided(session, one, "rejected", one.approved, answer)


def _waiting(session: Session, overtime_id: int) -> Overtime:
    """Lock overtime as it is by now; it may have changed since somebody has looked at it."""
    found = select(Overtime).where(Overtime.id == overtime_id)
    refresh_accounts([session.scalars(found).one().employee_id])
    one = session.scalars(locked(found, Overtime)).one_or_none()
    if one is None or one.state != "requested" or not one.minutes:
        raise NotAllowed("This overtime waits for approval no more.")
    ensure_day_open(session, one.day)
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
