"""Lines are written and taken back here alone, so that sums never differ from them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    Table,
    case,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.sales.services.partitions import ensure_months, missing_months, new_months
from app.sales.tables import (
    FIGURES,
    NOBODY,
    SUMS,
    bucket_of,
    month_of,
    sales_line,
)

NAMES = [column.name for column in sales_line.columns]
LOCK = "sales lines"


def lock_lines(session: Session) -> None:
    """Let one at a time write lines: two would wait for each other's rows of sums."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(LOCK))))


def write_lines(session: Session, lines: FromClause) -> None:
    """Write lines that are new, and count them in; `lines` has every column of the table."""
    lock_lines(session)
    days = session.scalars(select(month_of(lines.c.sold_on)).distinct())
    ensure_months(session, days.all())
    columns = [lines.c[name] for name in NAMES]
    session.execute(insert(sales_line).from_select(NAMES, select(*columns)))
    count_in(session, lines)


def load_lines(
    session: Session, new: Select[Any], import_id: int, days: Sequence[date]
) -> None:
    """Write the lines of an import, and count them in; `new` gives them in the table's order.

    They are read back from where they lie: to keep half a million aside would take longer.
    Months that nobody had sold in have no sums either: theirs are not looked for.
    """
    lock_lines(session)
    months = {day.replace(day=1) for day in days}
    missing = missing_months(session, months)
    if len(missing) == len(months):
        with new_months(session, missing) as table:
            session.execute(insert(table).from_select(NAMES, new))
            count_new(session, table)
        return
    ensure_months(session, missing)
    session.execute(insert(sales_line).from_select(NAMES, new))
    lines = sales_line.c
    mine = lines.sold_on.between(min(days), max(days)), lines.import_id == import_id
    count_in(session, select(sales_line).where(*mine).subquery())


def count_new(session: Session, lines: Table) -> None:
    """Count lines in of months that have none yet: no sums are looked for."""
    for sums in SUMS:
        names = [column.name for column in sums.columns]
        session.execute(insert(sums).from_select(names, _added_up(sums, lines, 1)))


def delete_lines(session: Session, *which: ColumnElement[bool]) -> int:
    """Take lines back, and count them out; gives how many there were.

    Conditions should say of which days they are, so that only their months are looked at.
    """
    lock_lines(session)
    gone = _kept_aside(session, select(sales_line).where(*which))
    session.execute(delete(sales_line).where(*which))
    count_in(session, gone, sign=-1)
    count = session.scalar(select(func.count()).select_from(gone)) or 0
    gone.drop(session.connection())
    return count


def _kept_aside(session: Session, rows: Select[Any]) -> Table:
    """Keep rows in a table of their own while what they come from changes."""
    aside = Table(
        "sales_aside",
        sales_line.metadata.__class__(),
        *[Column(column.name, column.type) for column in sales_line.columns],
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    aside.create(session.connection())
    session.execute(insert(aside).from_select(NAMES, rows))
    return aside


def count_in(session: Session, lines: FromClause, *, sign: int = 1) -> None:
    """Add what lines come to to the sums; with a sign of -1 take it off again."""
    for sums in SUMS:
        keys = [column.name for column in sums.primary_key]
        added = _added_up(sums, lines, sign)
        statement = upsert(sums).from_select([*keys, *FIGURES], added)
        counted = {name: sums.c[name] + statement.excluded[name] for name in FIGURES}
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=counted))
        if sign < 0:
            session.execute(delete(sums).where(sums.c.lines == 0))


def _added_up(sums: Table, lines: FromClause, sign: int) -> Select[Any]:
    of = lines.c
    keys: dict[str, ColumnElement[Any]] = {
        "bucket": bucket_of(of.sold_on),
        "month": month_of(of.sold_on),
        "party_id": func.coalesce(of.party_id, NOBODY),
    }
    names = [column.name for column in sums.primary_key]
    grouped = [keys[name] if name in keys else of[name] for name in names]
    unvalued = func.count(case((of.value.is_(None), 1)))
    figures = (
        func.count() * sign,
        unvalued * sign,
        func.sum(of.quantity) * sign,
        func.sum(of.amount) * sign,
        func.coalesce(func.sum(of.value), 0) * sign,
    )
    return select(*grouped, *figures).group_by(*grouped)


def change_lines(
    session: Session, values: dict[str, ColumnElement[Any]], *which: ColumnElement[bool]
) -> int:
    """Change kinds or values of lines, and count their months anew; gives how many."""
    lock_lines(session)
    changed = sales_line.update().where(*which).values(values)
    months = session.execute(changed.returning(month_of(sales_line.c.sold_on))).scalars().all()
    count_anew(session, sorted(set(months)))
    return len(months)


def count_anew(session: Session, months: Sequence[date]) -> None:
    """Add months up again from their lines."""
    for month in months:
        end = func.date(literal(month)) + func.make_interval(0, 1)
        for sums in SUMS:
            begin = next(iter(sums.columns))  # of the bucket, or of the month
            of_month = (begin >= month) & (begin < end)
            session.execute(delete(sums).where(of_month))
        lines = select(sales_line).where(
            sales_line.c.sold_on >= month, sales_line.c.sold_on < end
        )
        count_in(session, lines.subquery())
