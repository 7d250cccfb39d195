"""Selects over time accounts and overtime that is to be approved."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.attendance.models import (
    AccountDay,
    AccountEntry,
    Employee,
    Overtime,
    TimeAccount,
    WorkSession,
)

ENTRY_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": AccountEntry.id,
    "day": AccountEntry.day,
}
OVERTIME_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "id": Overtime.id,
    "day": Overtime.day,
}
# The last day that is over where somebody lives.
YESTERDAY = cast(func.timezone(Employee.time_zone, func.now()), Date) - 1


def _among(key: Any, ids: Collection[int]) -> Any:
    return key == func.any(cast(literal([*ids]), ARRAY(BigInteger)))


def stale_accounts(
    employee_ids: Collection[int] | None, *, is_approval_wanted: bool
) -> Select[Any]:
    """People whose account days are not as their timesheets are: since when, and until when.

    Whoever has none yet is among them. After somebody's last day nothing comes any more.
    """
    until = func.least(YESTERDAY, Employee.leave_date)
    is_stale = or_(
        TimeAccount.id.is_(None),
        TimeAccount.known_until.is_(None),
        TimeAccount.known_until < until,
        TimeAccount.stale_from <= until,
        TimeAccount.is_approval_wanted.is_distinct_from(is_approval_wanted),
    )
    found = (
        select(
            Employee.id,
            until.label("until"),
            TimeAccount.known_until,
            TimeAccount.stale_from,
            TimeAccount.is_approval_wanted,
            TimeAccount.kept_from,
        )
        .outerjoin(TimeAccount, TimeAccount.employee_id == Employee.id)
        .where(is_stale)
        .order_by(Employee.id)
    )
    return found if employee_ids is None else found.where(_among(Employee.id, employee_ids))


def begin_of_accounts(employee_ids: Collection[int]) -> Any:
    """When each account begins: with what was brought in, or with the first time at work."""
    opened = (
        select(AccountEntry.employee_id, AccountEntry.day)
        .where(_among(AccountEntry.employee_id, employee_ids), is_opening())
        .subquery()
    )
    first = (
        select(WorkSession.employee_id, func.min(WorkSession.day).label("day"))
        .where(_among(WorkSession.employee_id, employee_ids))
        .group_by(WorkSession.employee_id)
        .subquery()
    )
    return (
        select(Employee.id, func.coalesce(opened.c.day, first.c.day).label("day"))
        .outerjoin(opened, opened.c.employee_id == Employee.id)
        .outerjoin(first, first.c.employee_id == Employee.id)
        .where(_among(Employee.id, employee_ids))
    )


def is_opening() -> Any:
    """Tell openings that count: nobody has reversed them."""
    reversal = aliased(AccountEntry)
    is_reversed = select(reversal.id).where(reversal.reverses_id == AccountEntry.id).exists()
    return and_(
        AccountEntry.kind == "opening", AccountEntry.reverses_id.is_(None), ~is_reversed
    )


def account_days(since: Mapping[int, date]) -> Any:
    """Days of some accounts as they are kept, each since a day."""
    asked = _asked(since)
    return select(
        AccountDay.employee_id,
        AccountDay.day,
        AccountDay.credited,
        AccountDay.expected,
        AccountDay.cap,
        AccountDay.carry,
    ).join(
        asked, (asked.c.employee_id == AccountDay.employee_id) & (AccountDay.day >= asked.c.day)
    )


def overtime_since(since: Mapping[int, date]) -> Select[Overtime]:
    """Overtime of some people as it is kept, each since a day."""
    asked = _asked(since)
    return select(Overtime).join(
        asked, (asked.c.employee_id == Overtime.employee_id) & (Overtime.day >= asked.c.day)
    )


def _asked(since: Mapping[int, date]) -> Any:
    ids = cast(literal([*since]), ARRAY(BigInteger))
    days = cast(literal([*since.values()]), ARRAY(Date))
    return (
        func.unnest(ids, days)
        .table_valued(column("employee_id", BigInteger), column("day", Date))
        .render_derived(name="asked")
    )


def account_months(before: Mapping[int, date]) -> Any:
    """What days of each month add up to, since accounts were opened, and before a day each."""
    asked = _asked(before)
    opening = select(AccountEntry.employee_id, AccountEntry.day).where(is_opening()).subquery()
    month = cast(func.date_trunc("month", AccountDay.day), Date)

    def at_end(limit: Any) -> Any:
        newest_first = aggregate_order_by(limit, AccountDay.day.desc())
        return func.array_agg(newest_first, type_=ARRAY(BigInteger))[1]

    return (
        select(
            AccountDay.employee_id,
            month.label("month"),
            cast(func.sum(AccountDay.credited), BigInteger).label("credited"),
            cast(func.sum(AccountDay.expected), BigInteger).label("expected"),
            at_end(AccountDay.cap).label("cap"),
            at_end(AccountDay.carry).label("carry"),
        )
        .join(
            asked,
            (asked.c.employee_id == AccountDay.employee_id) & (AccountDay.day < asked.c.day),
        )
        .outerjoin(opening, opening.c.employee_id == AccountDay.employee_id)
        .where(or_(opening.c.day.is_(None), AccountDay.day >= opening.c.day))
        .group_by(AccountDay.employee_id, month)
    )


def account_entries(
    *,
    employee_ids: Collection[int] | None = None,
    kind: str = "",
    first: date | None = None,
    last: date | None = None,
) -> Select[AccountEntry]:
    """Entries of accounts that the filters let through, with who made them."""
    found = select(AccountEntry).options(
        joinedload(AccountEntry.employee), joinedload(AccountEntry.created_by)
    )
    if employee_ids is not None:
        found = found.where(_among(AccountEntry.employee_id, employee_ids))
    if kind:
        found = found.where(AccountEntry.kind == kind)
    if first is not None:
        found = found.where(AccountEntry.day >= first)
    return found if last is None else found.where(AccountEntry.day <= last)


def account_entry(entry_id: int) -> Select[AccountEntry]:
    """One entry."""
    return account_entries().where(AccountEntry.id == entry_id)


def paid_out(employee_ids: Collection[int], first: date, last: date) -> Any:
    """How many minutes were paid out of the accounts of some people on some days."""
    return (
        select(
            AccountEntry.employee_id,
            cast(-func.sum(AccountEntry.minutes), BigInteger).label("minutes"),
        )
        .where(
            _among(AccountEntry.employee_id, employee_ids),
            AccountEntry.kind == "payout",
            AccountEntry.day >= first,
            AccountEntry.day <= last,
        )
        .group_by(AccountEntry.employee_id)
    )


def approved_overtime(employee_ids: Collection[int], first: date, last: date) -> Any:
    """How many minutes of some people's overtime are approved, by day."""
    return select(Overtime.employee_id, Overtime.day, Overtime.approved).where(
        _among(Overtime.employee_id, employee_ids),
        Overtime.day >= first,
        Overtime.day <= last,
    )


def overtimes(
    *,
    state: str = "",
    employee_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Select[Overtime]:
    """Days with overtime that the filters let through, with whose they are."""
    found = (
        select(Overtime)
        .join(Employee, Employee.id == Overtime.employee_id)
        .options(contains_eager(Overtime.employee), joinedload(Overtime.decided_by))
    )
    if state:
        found = found.where(Overtime.state == state)
    if employee_id is not None:
        found = found.where(Overtime.employee_id == employee_id)
    if first is not None:
        found = found.where(Overtime.day >= first)
    return found if last is None else found.where(Overtime.day <= last)


def overtime(overtime_id: int) -> Select[Overtime]:
    """One day with overtime."""
    return overtimes().where(Overtime.id == overtime_id)


def people_with_accounts(
    employee_ids: Collection[int] | None, *, department: str = ""
) -> Select[Employee]:
    """People whose accounts are asked for; else all who are employed, by name."""
    found = select(Employee).order_by(Employee.name_key, Employee.id)
    if employee_ids is not None:
        return found.where(_among(Employee.id, employee_ids))
    is_employed = or_(Employee.leave_date.is_(None), Employee.leave_date > YESTERDAY)
    found = found.where(is_employed, Employee.hire_date <= YESTERDAY + 1)
    return found.where(Employee.department == department) if department else found


def last_day_over() -> Any:
    """The last day that is over wherever somebody works; none where nobody does."""
    return select(func.min(YESTERDAY)).where(
        or_(Employee.leave_date.is_(None), Employee.leave_date > YESTERDAY)
    )


def known_until(employee_ids: Collection[int]) -> Any:
    """Up to which day the accounts of some people are known."""
    return select(TimeAccount.employee_id, TimeAccount.known_until).where(
        _among(TimeAccount.employee_id, employee_ids)
    )


def openings(employee_ids: Collection[int]) -> Any:
    """When the accounts of some people were opened, of those that were."""
    return select(AccountEntry.employee_id, AccountEntry.day).where(
        _among(AccountEntry.employee_id, employee_ids), is_opening()
    )


def entered(employee_ids: Collection[int]) -> Any:
    """What was entered into the accounts of some people, by day."""
    return select(AccountEntry.employee_id, AccountEntry.day, AccountEntry.minutes).where(
        _among(AccountEntry.employee_id, employee_ids)
    )
