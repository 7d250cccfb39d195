"""The part of the table of lines that a month lies in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import Column, MetaData, Table, text
from sqlalchemy.orm import Session

from app.sales.tables import sales_line

LONGEST_MONTH = timedelta(days=31)
LIKE = "LIKE sales_line INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
LOADING = "sales_loading"


def ensure_months(session: Session, days: Iterable[date]) -> None:
    """Make the parts that lines of these days go to.

    A part is made by itself and attached then: that lets others read and write the other parts
    meanwhile, which `CREATE TABLE ... PARTITION OF` would not (PostgreSQL, 5.12.2.2).
    """
    for month in missing_months(session, days):
        session.execute(text(f"CREATE TABLE {_part(month)} ({LIKE})"))
        _attach(session, month, to="sales_line")


def missing_months(session: Session, days: Iterable[date]) -> list[date]:
    """Give the months of some days that have no part yet, each by its first day."""
    found = text("SELECT to_regclass(:name)")
    months = sorted({day.replace(day=1) for day in days})
    return [one for one in months if not session.scalar(found, {"name": _part(one)})]


@contextmanager
def new_months(session: Session, months: Sequence[date]) -> Iterator[Table]:
    """Make parts of months that have none yet, and give a table through which they are filled.

    They become parts of the lines afterwards. Their indexes are built then, each at once out
    of sorted keys: that takes a quarter of what it takes line by line.
    """
    session.execute(text(f"CREATE TABLE {LOADING} ({LIKE}) PARTITION BY RANGE (sold_on)"))
    for month in months:
        session.execute(text(f"CREATE TABLE {_part(month)} ({LIKE})"))
        _attach(session, month, to=LOADING)
    columns = [Column(column.name, column.type) for column in sales_line.columns]
    yield Table(LOADING, MetaData(), *columns)
    for month in months:
        session.execute(text(f"ALTER TABLE {LOADING} DETACH PARTITION {_part(month)}"))
        _attach(session, month, to="sales_line")
    session.execute(text(f"DROP TABLE {LOADING}"))


def _part(month: date) -> str:
    return f"sales_line_{month:%Y_%m}"


def _attach(session: Session, month: date, *, to: str) -> None:
    following = (month + LONGEST_MONTH).replace(day=1)
    session.execute(
        text(
            f"ALTER TABLE {to} ATTACH PARTITION {_part(month)} "
            f"FOR VALUES FROM ('{month}') TO ('{following}')"
        )
    )
