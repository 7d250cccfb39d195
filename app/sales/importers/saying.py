"""What the rows of a file say: their fingerprints, their days, and which say the same twice."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Table,
    Text,
    Time,
    Uuid,
    case,
    cast,
    func,
    insert,
    select,
    text,
)

from app.core.db import Money
from app.core.settings import setting
from app.imports.staging import Staging
from app.sales.models import FILES
from app.sales.services.rates import rates_of
from app.sales.tables import Quantity, TotalMoney, TotalQuantity

FINGERPRINT = (
    *("source_key", "sold_on", "sold_at", "document", "line", "code_key", "quantity"),
    *("unit_price", "amount", "currency", "party_key", "country"),
)


def said_by_rows(staging: Staging) -> Table:
    """Work out what each row says, and make its fingerprint of that."""
    rows, lines = staging.rows.c, _table(staging)
    says = _columns(staging)
    parts = [says[name] for name in FINGERPRINT]
    says["fingerprint"] = cast(
        func.md5(func.concat_ws("\x1f", *[func.coalesce(cast(p, Text), "") for p in parts])),
        Uuid,
    )
    says["row"] = rows.row
    staging.session.execute(insert(lines).from_select([*says], select(*says.values())))
    staging.session.execute(text(f"ANALYZE {lines.name}"))
    return lines


def _columns(staging: Staging) -> dict[str, ColumnElement[Any]]:
    rows = staging.rows.c
    exact = func.round(rows.quantity * rows.unit_price, 4)
    each = case((rows.quantity == 0, 0), else_=func.round(rows.amount / rows.quantity, 4))
    own = str(setting("currency"))
    return {
        "sold_on": cast(rows.sold_on, Date),
        "sold_at": cast(rows.sold_on, Time),
        "source": func.coalesce(rows.source, FILES),
        "source_key": func.lower(func.coalesce(rows.source, FILES)),
        "document": func.coalesce(rows.document, ""),
        "line": func.coalesce(rows.line, ""),
        "code": rows.product,
        "code_key": func.normal_code(rows.product),
        "name": func.coalesce(rows.name, ""),
        "party": rows.customer,
        "party_key": func.normal_code(rows.customer),
        "party_name": func.coalesce(rows.customer_name, ""),
        "country": func.coalesce(rows.country, ""),
        "rep": func.coalesce(rows.rep, ""),
        "quantity": rows.quantity,
        "unit_price": func.coalesce(rows.unit_price, each),
        "amount": func.coalesce(rows.amount, exact),
        "currency": func.coalesce(rows.currency, own),
    }


def _table(staging: Staging) -> Table:
    texts = (
        *("source", "source_key", "document", "line", "code", "code_key", "name", "party"),
        *("party_key", "party_name", "country", "rep", "currency"),
    )
    return staging.add_table(
        "sales_said",
        Column("row", BigInteger),
        Column("sold_on", Date),
        Column("sold_at", Time),
        *[Column(name, Text) for name in texts],
        Column("quantity", Quantity),
        Column("unit_price", Money),
        Column("amount", Money),
        Column("fingerprint", Uuid),
    )


def added_by_day(staging: Staging, lines: Table) -> Table:
    """Add the rows up by day and currency, and look the rate of each up: there are few."""
    said = lines.c
    days = staging.add_table(
        "sales_day",
        Column("currency", Text),
        Column("sold_on", Date),
        Column("lines", BigInteger),
        Column("below", BigInteger),
        Column("quantity", TotalQuantity),
        Column("amount", TotalMoney),
        Column("factor", Numeric),
    )
    added = (
        select(
            said.currency,
            said.sold_on,
            func.count().label("lines"),
            func.count().filter(said.quantity < 0).label("below"),
            func.sum(said.quantity).label("quantity"),
            func.sum(said.amount).label("amount"),
        )
        .group_by(said.currency, said.sold_on)
        .cte()
        .prefix_with("MATERIALIZED")
    )
    rates = rates_of(added).add_columns(
        *[added.c[name] for name in ("lines", "below", "quantity", "amount")]
    )
    names = ["currency", "sold_on", "factor", "lines", "below", "quantity", "amount"]
    staging.session.execute(insert(days).from_select(names, rates))
    staging.session.execute(text(f"ANALYZE {days.name}"))
    return days


def numbered_repeats(staging: Staging, lines: Table) -> Table:
    """Number rows that say the same in the order of the file; most are alone."""
    said = lines.c
    repeated = (
        select(said.fingerprint).group_by(said.fingerprint).having(func.count() > 1).subquery()
    )
    place = func.row_number().over(partition_by=said.fingerprint, order_by=said.row)
    numbered = (
        select(said.row, place.label("occurrence"))
        .join(repeated, repeated.c.fingerprint == said.fingerprint)
        .subquery()
    )
    repeats = staging.add_table(
        "sales_repeat", Column("row", BigInteger), Column("occurrence", Integer)
    )
    rows = select(numbered).where(numbered.c.occurrence > 1)
    staging.session.execute(insert(repeats).from_select(["row", "occurrence"], rows))
    return repeats
