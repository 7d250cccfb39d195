"""Time accounts: what is in them by now, and what is entered by hand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged
from app.attendance.models import AccountEntry, Employee
from app.attendance.reckoning.accounts import (
    AccountMonth,
    Day,
    Entry,
    MonthOfDays,
    statement,
    with_days,
)
from app.attendance.services.account_days import AT_ONCE, Due, derived, kept, stale_days
from app.attendance.services.locking import ensure_day_open
from app.attendance.services.staleness import BEGIN_OF_TIME, mark_stale
from app.core.actors import current_actor_id
from app.core.checks import Rule, checked, needed
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.texts import parse_line

MOST_MINUTES = 1_000_000
RULES: dict[str, Rule] = {"reason": needed(parse_line)}


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
        due = stale_days(session, ids)
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
        for employee_id, day in kept(derived(session, part)):
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
