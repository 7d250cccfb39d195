"""Selects over sales: figures by what is asked for, and lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union,
    union_all,
)

from app.catalog.models import Customer, Product
from app.core.codes import normal_code
from app.core.search import has_part
from app.sales.models import SalesItem, SalesParty, SalesSource
from app.sales.tables import (
    BY_LINES,
    FIGURES,
    NOBODY,
    bucket_of,
    sales_by_item,
    sales_by_item_month,
    sales_by_item_week,
    sales_by_party,
    sales_line,
)

TIMES = ("week", "month", "quarter", "year")
GOODS = ("sale", "return", "cancellation")
OURS = ("product", "customer")  # rows of which some are records of ours
COUNTED = ("lines", "unvalued")
OF_ITEM, OF_PARTY = {"product", "category"}, {"customer", "source"}
KEYS = ("bucket", "item_id", "party_id", "source_id", "country", "rep", "kind")
KEPT_AS = {
    "product": "item_id",
    "category": "item_id",
    "customer": "party_id",
    "source": "source_id",
}
NOTHING = "-"  # of a filter: lines that have none
NONE = {
    "customer": "No customer",
    "category": "No category",
    "country": "No country",
    "rep": "No sales rep",
}
SHOWN = (
    *("sold_on", "fingerprint", "occurrence", "sold_at", "document", "line", "country", "rep"),
    *(
        "quantity",
        "unit_price",
        "amount",
        "currency",
        "value",
        "kind",
        "import_id",
        "record_id",
    ),
)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks of sales: filters, rows, columns, and which figure.

    `since` and `until` are days, both counted. `kind` is one of them, or "goods" for sales less
    what came back; `product` and `customer` are codes, ours or a source's.
    """

    since: date
    until: date
    rows: str = "month"
    across: str = ""
    measure: str = "value"
    compares: bool = False
    country: str = ""
    product: str = ""
    customer: str = ""
    category: str = ""
    rep: str = ""
    source: int | None = None
    kind: str = ""

    @property
    def names(self) -> set[str]:
        """What the figures are kept by, of all that is asked."""
        asked = {self.rows, self.across}
        asked |= {"product"} if self.product else set()
        asked |= {"customer"} if self.customer else set()
        asked |= {"source"} if self.source else set()
        return asked | ({"category"} if self.category else set())

    @property
    def is_of_items(self) -> bool:
        """Tell whether sums by item and time say all: no party, country or rep is asked for."""
        asked = self.names - {""}
        return not (self.country or self.rep) and asked <= OF_ITEM | {*TIMES, "kind"}

    def year_before(self) -> "Wanted":
        """The same a year earlier: 52 weeks where rows are weeks, else the same days."""
        if self.rows == "week":
            return replace(self, since=self.since - 52 * WEEK, until=self.until - 52 * WEEK)
        until = _a_year_before(self.until + DAY) - DAY
        return replace(self, since=_a_year_before(self.since), until=until, across="")


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February: what begins there begins in March
        return date(day.year - 1, 3, 1)


def bucket_begin(day: date) -> date:
    """The first day of its week within its month: what sums are kept by."""
    return max(day - day.weekday() * DAY, day.replace(day=1))


def _next_begin(day: date) -> date:
    first = bucket_begin(day)
    if first == day:
        return day
    monday = day - day.weekday() * DAY + WEEK
    return min(monday, _next_month(day))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def figures_by(wanted: Wanted) -> Select[Any]:
    """What sales come to: `row`, `across`, `label`, `detail`, `lines`, `unvalued`, the measure.

    Of products and customers `row` is `p7` or `c7` with the id of ours, or a source's code.
    """
    sums = _sums(wanted)
    figures = {"lines", "unvalued", wanted.measure}  # each costs as much as a column across
    keys = _keys(wanted, sums)
    grouped = (
        select(
            *(expression.label(name) for name, expression in keys.items()),
            *(_sum(sums, name) for name in FIGURES if name in figures),
        )
        .select_from(_known(wanted, sums))
        .where(_filters(wanted, sums))
        .group_by(*keys.values())
        .subquery()
    )
    return _named(wanted, grouped)


def _sum(of: FromClause, name: str) -> ColumnElement[Any]:
    total = func.sum(of.c[name])
    return (cast(total, BigInteger) if name in COUNTED else total).label(name)


def _sums(wanted: Wanted) -> FromClause:
    """Where the figures come from: tables of sums, but for days at either end that they cut.

    Products by customer are in no table of sums: there would be as many rows as lines.
    """
    of_item, of_party = wanted.names & OF_ITEM, wanted.names & OF_PARTY
    end = wanted.until + DAY
    first, last = _next_begin(wanted.since), bucket_begin(end)
    if (of_item and of_party) or first >= last:
        return _lines(wanted.since, end).subquery("figures")
    if wanted.is_of_items:
        by_month = "week" not in wanted.names
        parts = [*(_with_months if by_month else _plain)(sales_by_item_week, first, last)]
    else:
        parts = [*_plain(sales_by_item if of_item else sales_by_party, first, last)]
    if wanted.since < first:
        parts.append(_lines(wanted.since, first))
    if last < end:
        parts.append(_lines(last, end))
    return union_all(*parts).subquery("figures")


def _plain(table: Table, first: date, last: date) -> Iterator[Select[Any]]:
    yield _whole(table, first, last)


def _with_months(table: Table, first: date, last: date) -> Iterator[Select[Any]]:
    """Whole months by their own sums; weeks at either end that they leave."""
    begin = first if first.day == 1 else _next_month(first)
    end = last.replace(day=1)
    if begin >= end:
        yield _whole(table, first, last)
        return
    if first < begin:
        yield _whole(table, first, begin)
    yield _whole(sales_by_item_month, begin, end)
    if end < last:
        yield _whole(table, end, last)


def _whole(table: Table, first: date, last: date) -> Select[Any]:
    """Weeks within months, or months, that are asked for as a whole."""
    begin = next(iter(table.columns))
    of = {**table.c, "bucket": begin}
    unknown = {name: cast(null(), Text if name in BY_LINES else BigInteger) for name in KEYS}
    keys = [of.get(name, unknown[name]).label(name) for name in KEYS]
    figures = [table.c[name] for name in FIGURES]
    return select(*keys, *figures).where(begin >= first, begin < last)


def _lines(first: date, last: date) -> Select[Any]:
    of = sales_line.c
    keys: dict[str, ColumnElement[Any]] = {
        "bucket": bucket_of(of.sold_on),
        "party_id": func.coalesce(of.party_id, NOBODY),
    }
    figures: dict[str, ColumnElement[Any]] = {
        "lines": literal(1),
        "unvalued": case((of.value.is_(None), 1), else_=0),
        "value": func.coalesce(of.value, 0),
    }
    return select(
        *((keys[name] if name in keys else of[name]).label(name) for name in KEYS),
        *((figures[name] if name in figures else of[name]).label(name) for name in FIGURES),
    ).where(of.sold_on >= first, of.sold_on < last)


def _known(wanted: Wanted, sums: FromClause) -> FromClause:
    """The sums, with what is known of the products or the customers that rows are of."""
    if wanted.rows == "product":
        return sums.join(SalesItem, SalesItem.id == sums.c.item_id)
    if wanted.rows == "customer":
        return sums.outerjoin(SalesParty, SalesParty.id == sums.c.party_id)
    return sums


def _keys(wanted: Wanted, sums: FromClause) -> dict[str, ColumnElement[Any]]:
    """By what the figures are grouped.

    Products and customers by the id of ours, and what is none of ours by the id of the source's
    code, below zero: so what means the same is one row at once. Other rows are grouped by what
    is kept, not yet by what it means.
    """
    ours = {
        "product": func.coalesce(SalesItem.product_id, -SalesItem.id),
        "customer": func.coalesce(SalesParty.customer_id, -SalesParty.id, NOBODY),
    }
    key = ours.get(wanted.rows)
    keys = {"row_key": _key(wanted.rows, sums) if key is None else key}
    return keys | ({"across": _key(wanted.across, sums)} if wanted.across else {})


def _key(name: str, sums: FromClause) -> ColumnElement[Any]:
    if name in TIMES:
        return cast(func.date_trunc(name, sums.c.bucket), Date)
    return sums.c[KEPT_AS.get(name, name)]


def _filters(wanted: Wanted, sums: FromClause) -> ColumnElement[bool]:
    of = sums.c
    asked: list[ColumnElement[bool]] = [true()]
    for column, text in ((of.country, wanted.country), (of.rep, wanted.rep)):
        if text:
            asked.append(column == ("" if text == NOTHING else text))
    if wanted.kind:
        asked.append(of.kind.in_(GOODS if wanted.kind == "goods" else (wanted.kind,)))
    if wanted.source:
        asked.append(of.source_id == wanted.source)
    return and_(*asked, *_named_filters(wanted, sums))


def _named_filters(wanted: Wanted, sums: FromClause) -> Iterator[ColumnElement[bool]]:
    """What filters by products and customers, who are known by what sources call them."""
    of = sums.c
    if wanted.product:
        yield of.item_id.in_(items_called(wanted.product))
    if wanted.category:
        yield of.item_id.in_(items_of_category(wanted.category))
    if wanted.customer == NOTHING:
        yield func.coalesce(of.party_id, NOBODY) == NOBODY
    elif wanted.customer:
        yield of.party_id.in_(parties_called(wanted.customer))


def items_called(code: str) -> CompoundSelect[Any]:
    """What sources call the product of a code; the code may be one that is not ours."""
    ours = select(Product.id).where(func.normal_code(Product.sku) == normal_code(code))
    unknown = SalesItem.product_id.is_(None) & (SalesItem.code_key == normal_code(code))
    return _either(SalesItem.id, SalesItem.product_id.in_(ours), unknown)


def parties_called(code: str) -> CompoundSelect[Any]:
    """What sources call the customer of a code; the code may be one that is not ours."""
    ours = select(Customer.id).where(func.lower(Customer.code) == code.lower())
    unknown = SalesParty.customer_id.is_(None) & (SalesParty.code_key == normal_code(code))
    return _either(SalesParty.id, SalesParty.customer_id.in_(ours), unknown)


def _either(ids: Any, *which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """The ids of what is one or the other: two questions, of which each has its index.

    As one question with OR the planner takes it for half of all there are, and reads every
    line of sales for a single product.
    """
    return union(*(select(ids).where(one) for one in which))


def items_of_category(category: str) -> Select[Any]:
    """What sources call the products of a category; of none, what is no product of ours too."""
    wanted = "" if category == NOTHING else category
    found = select(SalesItem.id).outerjoin(Product, Product.id == SalesItem.product_id)
    return found.where(func.coalesce(Product.category, "") == wanted)


def _named(wanted: Wanted, grouped: FromClause) -> Select[Any]:
    """Put the names beside that people know, and together what means the same."""
    of = grouped.c
    row, label, detail, joined = _meaning(wanted.rows, grouped)
    across = of.across if wanted.across else cast(null(), Date)
    figures = [name for name in FIGURES if name in of]
    if wanted.rows in OURS:
        names = (row.label("row"), label.label("label"), detail.label("detail"))
        told = select(*names, across.label("across"), *(of[name] for name in figures))
        return told.select_from(joined)
    named = select(
        row.label("row"),
        func.min(label).label("label"),
        func.min(detail).label("detail"),
        across.label("across"),
        *(_sum(grouped, name) for name in figures),
    )
    return named.select_from(joined).group_by(row, *([of.across] if wanted.across else []))


def _meaning(name: str, grouped: FromClause) -> tuple[Any, Any, Any, FromClause]:
    """What a row is about, what it is called, what else is known of it, and the join."""
    of, nothing = grouped.c, cast(null(), Text)
    if name in OURS:
        return _ours(name, grouped)
    if name == "category":
        joined = grouped.join(SalesItem, SalesItem.id == of.row_key).outerjoin(
            Product, Product.id == SalesItem.product_id
        )
        return func.coalesce(Product.category, ""), nothing, nothing, joined
    if name == "source":
        joined = grouped.join(SalesSource, SalesSource.id == of.row_key)
        return SalesSource.name, nothing, nothing, joined
    return of.row_key, nothing, nothing, grouped


def _ours(name: str, grouped: FromClause) -> tuple[Any, Any, Any, FromClause]:
    key = grouped.c.row_key
    ours, theirs, code, letter = (
        (Product, SalesItem, Product.sku, "p")
        if name == "product"
        else (Customer, SalesParty, Customer.code, "c")
    )
    joined = grouped.outerjoin(ours, ours.id == key).outerjoin(theirs, theirs.id == -key)
    return (
        case((key > 0, func.concat(letter, key)), else_=_code(theirs)),
        func.coalesce(code, theirs.code, *([NONE[name]] if name in NONE else [])),
        func.coalesce(ours.name, theirs.name),
        joined,
    )


def _code(kind: Any) -> ColumnElement[str]:
    """What a source calls something that we do not know, in one of its sources."""
    return func.coalesce(func.concat("?", kind.source_id, " ", kind.code_key), "?")


def source_of(row: str) -> int | None:
    """Read the id of the source out of a row that is a code of one."""
    number = row[1:].partition(" ")[0] if row.startswith("?") else ""
    return int(number) if number else None


def source_names() -> Select[int, str]:
    """What sources are called, by id."""
    return select(SalesSource.id, SalesSource.name)


def sales_lines(wanted: Wanted, *, search: str = "") -> Select[Any]:
    """Lines with what they name; a search is for a document, or part of a code or a name."""
    of = sales_line.c
    query = (
        select(
            *(of[name] for name in SHOWN),
            SalesSource.name.label("source"),
            SalesItem.code.label("item_code"),
            SalesItem.product_id.label("product_id"),
            func.coalesce(Product.sku, SalesItem.code).label("product"),
            func.coalesce(Product.name, SalesItem.name).label("description"),
            func.coalesce(Customer.code, SalesParty.code, "").label("customer"),
            func.coalesce(Customer.name, SalesParty.name, "").label("customer_name"),
        )
        .select_from(sales_line)
        .join(SalesSource, SalesSource.id == of.source_id)
        .join(SalesItem, SalesItem.id == of.item_id)
        .outerjoin(Product, Product.id == SalesItem.product_id)
        .outerjoin(SalesParty, SalesParty.id == of.party_id)
        .outerjoin(Customer, Customer.id == SalesParty.customer_id)
        .where(of.sold_on >= wanted.since, of.sold_on <= wanted.until)
        .where(_filters(wanted, sales_line))
    )
    if search:
        is_document = func.lower(of.document) == normal_code(search)
        is_sold = has_part(search, codes=(SalesItem.code,), names=(SalesItem.name,))
        query = query.where(is_document | is_sold)
    return query


def has_sales() -> Select[bool]:
    """Tell whether there are any sales."""
    return select(select(sales_line.c.sold_on).exists())


def source_named(name: str) -> Select[int]:
    """The id of a source."""
    return select(SalesSource.id).where(SalesSource.name == name)


def last_sale() -> Select[Any]:
    """The last day of sales."""
    return select(func.max(sales_line.c.sold_on))


def used(name: str) -> Select[Any]:
    """The countries, or the reps, that sales are of."""
    column = sales_by_party.c[name]
    return select(column).where(column != "").distinct().order_by(column)


def unknown_items() -> Select[SalesItem]:
    """Codes of sources that are no product of ours yet."""
    return select(SalesItem).where(SalesItem.product_id.is_(None))


def unknown_parties() -> Select[SalesParty]:
    """Codes of sources that are no customer of ours yet."""
    return select(SalesParty).where(SalesParty.customer_id.is_(None))
