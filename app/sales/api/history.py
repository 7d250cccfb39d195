"""What was sold, for programs: added up as asked, and line by line."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.api import Blueprint, Sort, page_of, page_schema
from app.core.errors import Invalid
from app.core.pages.asked import read
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.settings import setting
from app.sales import queries
from app.sales.exploring import ROWS, Pivot, PivotRow, explore
from app.sales.filters import FILTERS, KIND_CHOICES, NARROWING, wanted_of
from app.sales.models import KINDS
from app.sales.tables import sales_line

LINE_SORTS = {"fingerprint": sales_line.c.fingerprint, "sold_on": sales_line.c.sold_on}


history = Blueprint(
    "sales_history_api",
    __name__,
    url_prefix="/api/v1/sales-history",
    description="What was sold, added up as asked, and the lines behind it",
)


class NarrowingQuery(ma.Schema):
    """Filters of sales. Without a period it is the last twelve months of sales."""

    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)
    country = ma.fields.Str(
        load_default="",
        metadata={"description": "ISO 3166-1, or as the source wrote it; - none"},
    )
    customer = ma.fields.Str(
        load_default="", metadata={"description": "Code, ours or a source's; - for none"}
    )
    product = ma.fields.Str(
        load_default="", metadata={"description": "SKU, or the code of a source"}
    )
    category = ma.fields.Str(load_default="")
    rep = ma.fields.Str(load_default="", metadata={"description": "- for none"})
    source = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *KIND_CHOICES]))


class HistoryQuery(NarrowingQuery):
    """Filters, and by what to add up."""

    group_by = ma.fields.Str(load_default="month", validate=ma.validate.OneOf([*ROWS]))
    across = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *queries.TIMES]))
    beside = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", "year"]),
        metadata={"description": "year: with the same days of the year before"},
    )
    measure = ma.fields.Str(
        load_default="value", validate=ma.validate.OneOf(["value", "quantity", "lines"])
    )


class Figure(Number):
    """A figure, which may be below zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=MONEY_DECIMALS, **kwargs)


class HistoryRowSchema(ma.Schema):
    """What one group comes to."""

    key = ma.fields.Str(metadata={"description": "Stable; of time, its first day"})
    label = ma.fields.Str()
    detail = ma.fields.Str(metadata={"description": "Name of a product or a customer"})
    total = Figure()
    is_known = ma.fields.Bool(
        metadata={"description": "False: no line of it has an exchange rate"}
    )
    before = Figure(allow_none=True, metadata={"description": "A year earlier"})
    share = Figure(allow_none=True, metadata={"description": "Of all, of 1"})
    rank = ma.fields.Str(metadata={"description": "A, B or C; empty of time"})
    cells = ma.fields.Dict(
        keys=ma.fields.Str(), values=Figure(), metadata={"description": "By column"}
    )


class HistorySchema(ma.Schema):
    """Sales added up."""

    since = ma.fields.Date(data_key="from")
    until = ma.fields.Date(data_key="to")
    group_by = ma.fields.Str()
    measure = ma.fields.Str()
    currency = ma.fields.Str(metadata={"description": "Of values: the company's"})
    columns = ma.fields.List(ma.fields.Str())
    rows = ma.fields.List(ma.fields.Nested(HistoryRowSchema))
    total = Figure()
    before = Figure(allow_none=True)
    unvalued = ma.fields.Int(
        metadata={"description": "Lines without an exchange rate: they are in no value"}
    )


class SalesLineSchema(ma.Schema):
    """A line of sales."""

    sold_on = ma.fields.Date()
    document = ma.fields.Str()
    source = ma.fields.Str()
    product = ma.fields.Str()
    description = ma.fields.Str()
    customer = ma.fields.Str()
    customer_name = ma.fields.Str()
    country = ma.fields.Str()
    rep = ma.fields.Str()
    quantity = Number(decimals=QUANTITY_DECIMALS)
    unit_price = Figure()
    amount = Figure()
    currency = ma.fields.Str()
    value = Figure(allow_none=True, metadata={"description": "In the company's currency"})
    kind = ma.fields.Str(validate=ma.validate.OneOf([*KINDS]))


class LinesQuery(NarrowingQuery):
    """Filters of lines, and which part of them."""

    page = ma.fields.Int(load_default=1, validate=ma.validate.Range(min=1, max=10**7))
    per_page = ma.fields.Int(load_default=50, validate=ma.validate.Range(min=1, max=200))
    sort = Sort(LINE_SORTS, "sold_on")
    q = ma.fields.Str(
        load_default="", metadata={"description": "Document, code or description"}
    )


def _asked(query: Mapping[str, Any]) -> dict[str, str]:
    """Read filters of a call as those of the page are read.

    Raises:
        Invalid: Sales are asked for that end before they begin.
    """
    since, until = query["since"], query["until"]
    if since and until and since > until:
        raise Invalid("to", "The period ends before it begins.")
    texts = {
        name: query[name] for name in ("country", "customer", "product", "category", "rep")
    }
    texts |= {"kind": query["kind"], "source": str(query["source"] or "")}
    texts |= {"from": _day(since), "to": _day(until)}
    texts |= {name: query.get(name, "") for name in ("across", "beside", "measure")}
    return {**texts, "rows": query.get("group_by", "month")}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


@history.get("")
@requires("sales.view")
@history.arguments(HistoryQuery, location="query")
@history.response(200, HistorySchema)
def show_history(query: dict[str, Any]) -> dict[str, Any]:
    """Add sales up by a product, a customer, a month and so on."""
    return _shown(explore(wanted_of(read(FILTERS, _asked(query)))))


def _shown(pivot: Pivot) -> dict[str, Any]:
    wanted = pivot.wanted
    return {
        "since": wanted.since,
        "until": wanted.until,
        "group_by": wanted.rows,
        "measure": wanted.measure,
        "currency": setting("currency"),
        "columns": pivot.columns,
        "rows": [*map(_row, pivot.rows)],
        "total": pivot.total,
        "before": pivot.before,
        "unvalued": pivot.unvalued,
    }


def _row(row: PivotRow) -> PivotRow:
    if row.share is not None:
        row.share = round(row.share, MONEY_DECIMALS)
    return row


@history.get("/lines")
@requires("sales.view")
@history.arguments(LinesQuery, location="query")
@history.response(200, page_schema(SalesLineSchema))
def list_lines(query: dict[str, Any]) -> dict[str, Any]:
    """List lines of sales, the oldest first."""
    wanted = wanted_of(read(NARROWING, _asked(query)))
    found = queries.sales_lines(wanted, search=query["q"])
    paging = {name: query[name] for name in ("page", "per_page", "sort")}
    return page_of(found, paging, sorts=LINE_SORTS, rows=True)
