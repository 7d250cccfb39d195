"""Lines of sales by month of sale, and what they add up to: tables too large to be objects.

Their ids have no foreign keys: a check of each of half a million lines would take longer than
all the rest of an import. Lines come from `services.lines` alone, which has made or found what
they name; sources, items and parties are never deleted.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Time,
    Uuid,
    cast,
    func,
    text,
)

from app.core.db import Model, Money
from app.sales.models import KINDS

Quantity = Numeric(14, 3)
TotalQuantity, TotalMoney = Numeric(20, 3), Numeric(20, 4)
NOBODY = 0  # the party of lines without a customer, in tables of sums

# One line of a document. `fingerprint` is what it says, `occurrence` numbers lines that say the
# same: the second of two is the second in every file. `value` is the amount in the company's
# currency, NULL as long as there is no rate. Of our own lines, `record_id` is the order's or
# the invoice's.
sales_line = Table(
    "sales_line",
    Model.metadata,
    Column("sold_on", Date, primary_key=True),
    Column("fingerprint", Uuid, primary_key=True),
    Column("occurrence", Integer, primary_key=True, autoincrement=False),
    Column("sold_at", Time),
    Column("source_id", BigInteger, nullable=False),
    Column("import_id", BigInteger),
    Column("record_id", BigInteger),
    Column("document", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("item_id", BigInteger, nullable=False),
    Column("party_id", BigInteger),
    Column("country", Text, nullable=False),
    Column("rep", Text, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("unit_price", Money, nullable=False),
    Column("amount", Money, nullable=False),
    Column("currency", Text, nullable=False),
    Column("value", Money),
    Column("kind", Text, nullable=False),
    CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
    CheckConstraint("occurrence > 0", name="occurrence"),
    Index("ix_sales_line_item", "item_id", "sold_on"),
    Index("ix_sales_line_party", "party_id", "sold_on"),
    Index("ix_sales_line_record", "record_id", postgresql_where=text("record_id IS NOT NULL")),
    postgresql_partition_by="RANGE (sold_on)",
)


BY_LINES = ("country", "rep", "currency", "kind")  # what differs from line to line


def _sums(
    name: str, first: Column[date], *keys: Column[int], by: Sequence[str] = BY_LINES
) -> Table:
    """Make a table of what lines add up to, by its keys and by what lines say themselves."""
    table = Table(
        name,
        Model.metadata,
        first,
        *keys,
        *[Column(text, Text, primary_key=True) for text in by],
        Column("lines", BigInteger, nullable=False),
        Column("unvalued", BigInteger, nullable=False),  # lines for which there is no rate
        Column("quantity", TotalQuantity, nullable=False),
        Column("amount", TotalMoney, nullable=False),
        Column("value", TotalMoney, nullable=False),
    )
    for key in keys:
        Index(f"ix_{name}_{key.name.removesuffix('_id')}", key, first)
    return table


def _key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


# The first day of a week, or of the month where that begins within the week: so weeks and
# months add up from the same rows.
sales_by_item = _sums(
    "sales_by_item", Column("bucket", Date, primary_key=True), _key("item_id")
)
sales_by_party = _sums(
    "sales_by_party",
    Column("bucket", Date, primary_key=True),
    _key("source_id"),
    _key("party_id"),
)
# Whole months of products, whoever bought them: a hundredth of the rows of the others.
sales_by_item_month = _sums(
    "sales_by_item_month",
    Column("month", Date, primary_key=True),
    _key("item_id"),
    by=("currency", "kind"),
)
# The weeks at either end of a period that months leave: of a product one row, where
# `sales_by_item` has one for each country and rep.
sales_by_item_week = _sums(
    "sales_by_item_week",
    Column("bucket", Date, primary_key=True),
    _key("item_id"),
    by=("currency", "kind"),
)
SUMS = (sales_by_item, sales_by_party, sales_by_item_month, sales_by_item_week)
FIGURES = ("lines", "unvalued", "quantity", "amount", "value")


def month_of(day: ColumnElement[date]) -> ColumnElement[date]:
    """The first day of its month, worked out of the number of the day as `bucket_of` is."""
    return day - (cast(func.date_part("day", day), Integer) - 1)


def bucket_of(day: ColumnElement[date]) -> ColumnElement[date]:
    """The first day of its week within its month.

    Worked out of the number of the day: `date_trunc` makes moments of days and days of moments,
    which takes four times as long.
    """
    weekday, place = (
        cast(func.date_part(part, day), Integer) - 1 for part in ("isodow", "day")
    )
    return day - func.least(weekday, place)
