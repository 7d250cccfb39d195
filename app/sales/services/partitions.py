"""The part of the table of lines that a month lies in."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

LONGEST_MONTH = timedelta(days=31)


def ensure_months(session: Session, days: Iterable[date]) -> None:
    """Make the parts that lines of these days go to.

    A part is made by itself and attached then: that lets others read and write the other parts
    meanwhile, which `CREATE TABLE ... PARTITION OF` would not (PostgreSQL, 5.12.2.2).
    """
    for month in sorted({day.replace(day=1) for day in days}):
        name, following = f"sales_line_{month:%Y_%m}", (month + LONGEST_MONTH).replace(day=1)
        if session.scalar(text("SELECT to_regclass(:name)"), {"name": name}):
            continue
        like = "LIKE sales_line INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
        session.execute(text(f"CREATE TABLE {name} ({like})"))
        session.execute(
            text(
                f"ALTER TABLE sales_line ATTACH PARTITION {name} "
                f"FOR VALUES FROM ('{month}') TO ('{following}')"
            )
        )
