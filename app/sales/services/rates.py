"""Exchange rates by day, and what amounts are worth in the company's currency."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from sqlalchemy import ColumnElement, FromClause, Select, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert
from sqlalchemy.orm import Session

from app.core.currencies import CURRENCIES
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.exchange_rates import ExchangeRate, euros
from app.core.quantities import MONEY_DECIMALS
from app.core.settings import setting
from app.sales.services.lines import change_lines
from app.sales.tables import sales_line

NOT_QUOTED = {"", "N/A", "NA", "-"}
MOST_BYTES = 20 * 1024 * 1024
AT_ONCE = 5000
ADVICE = "Send the file of the European Central Bank: eurofxref-hist.zip or its .csv."


class Rate(NamedTuple):
    """How much of a currency one euro was worth on a day."""

    currency: str
    day: date
    rate: Decimal


def import_rates(content: bytes) -> int:
    """Take the rates of a file of the European Central Bank; gives how many are new or other.

    Lines for which there was no rate are valued.

    Raises:
        Invalid: It is no such file, with the row.
    """
    rates = [*read_rates(content)]
    if not rates:
        raise Invalid("file", f"There is no rate in the file. {ADVICE}")
    with transaction() as session:
        count = sum(
            _record(session, rates[start : start + AT_ONCE])
            for start in range(0, len(rates), AT_ONCE)
        )
        value_lines(session, sales_line.c.value.is_(None))
    return count


def _record(session: Session, rates: Sequence[Rate]) -> int:
    statement = insert(ExchangeRate).values([rate._asdict() for rate in rates])
    written = statement.on_conflict_do_update(
        index_elements=["currency", "day"],
        set_={"rate": statement.excluded.rate},
        where=ExchangeRate.rate != statement.excluded.rate,
    )
    return len(session.execute(written.returning(ExchangeRate.id)).all())


def read_rates(content: bytes) -> Iterator[Rate]:
    """Read the table of the bank: a column for each currency, a row for each day.

    Its format: www.ecb.europa.eu, euro foreign exchange reference rates, CSV.

    Raises:
        Invalid: It is no such table.
    """
    rows = csv.reader(StringIO(_text(content)), skipinitialspace=True)
    header = [name.strip().upper() for name in next(rows, [])]
    if not header or header[0] != "DATE":
        raise Invalid("file", f"The first column is not called Date. {ADVICE}")
    for number, cells in enumerate(rows, 2):
        if any(map(str.strip, cells)):
            yield from _rates(number, header, [cell.strip() for cell in cells])


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Invalid("file", "The file is too large to be a table of rates.")
    if content.startswith(b"PK"):
        content = _unpacked(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("file", f"This is not text. {ADVICE}") from None


def _unpacked(content: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(content)) as package:
            [part, *others] = package.infolist()
            if others or part.file_size > MOST_BYTES:
                raise Invalid("file", f"There is more than one table in it. {ADVICE}")
            return package.read(part)
    except (BadZipFile, ValueError, OSError, RuntimeError) as error:
        raise Invalid("file", f"The packed file is damaged. {ADVICE}") from error


def _rates(number: int, header: list[str], cells: list[str]) -> Iterator[Rate]:
    try:
        day = _day(cells[0])
    except ValueError:
        raise Invalid("file", f"Row {number} has no date: “{cells[0][:40]}”.") from None
    for currency, text in zip(header[1:], cells[1:], strict=False):
        if not currency or text.upper() in NOT_QUOTED:
            continue
        if currency not in CURRENCIES and not re.fullmatch("[A-Z]{3}", currency):
            raise Invalid("file", f"“{currency[:40]}” is no currency.")
        yield Rate(currency, day, _rate(number, currency, text))


def _rate(number: int, currency: str, text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(0)
    if not rate.is_finite() or not 0 < rate < 10**9:
        raise Invalid("file", f"Row {number}: “{text[:40]}” is no rate of {currency}.")
    return rate


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007  (a day has no zone)


def rates_of(days: FromClause) -> Select[Any]:
    """Give the days of `days` (currency, sold_on) with what one unit was worth to us.

    The rate is that of the day, or of the last day before it that has one.
    """
    ours = literal(str(setting("currency")))
    theirs = days.c.currency
    factor = euros(ours, days.c.sold_on) / euros(theirs, days.c.sold_on)
    worth = case((theirs == ours, literal(Decimal(1))), else_=factor)
    return select(theirs, days.c.sold_on, worth.label("factor"))


def valued(amount: ColumnElement[Any], factor: ColumnElement[Any]) -> ColumnElement[Any]:
    """What an amount is worth in the company's currency."""
    return func.round(amount * factor, MONEY_DECIMALS)


def value_lines(session: Session, *which: ColumnElement[bool]) -> int:
    """Say of lines what they are worth by the rates there are; gives how many changed."""
    lines = sales_line.c
    days = select(lines.currency, lines.sold_on).where(*which).distinct().subquery()
    # Looked up once a day: the planner would do it once a line.
    rates = rates_of(days).cte().prefix_with("MATERIALIZED")
    worth = valued(lines.amount, rates.c.factor)
    same = (rates.c.currency == lines.currency) & (rates.c.sold_on == lines.sold_on)
    differs = lines.value.is_distinct_from(worth)
    return change_lines(session, {"value": worth}, *which, same, differs)


def value_again() -> int:
    """Value every line anew: rates were corrected, or the company has another currency."""
    with transaction() as session:
        return value_lines(session, or_(sales_line.c.value.is_(None), literal(value=True)))


def latest_rates() -> Select[Any]:
    """The newest rate of each currency, and of which days there are any."""
    of = ExchangeRate
    newest = func.array_agg(
        aggregate_order_by(of.rate, of.day.desc()), type_=ARRAY(of.rate.type)
    )
    return (
        select(
            of.currency,
            newest[1].label("rate"),
            func.min(of.day).label("first"),
            func.max(of.day).label("last"),
            func.count().label("days"),
        )
        .group_by(of.currency)
        .order_by(of.currency)
    )
