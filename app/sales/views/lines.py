"""The list of lines: what is behind every figure."""

from datetime import datetime
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.core.countries import countries
from app.core.pages import Asked, Column, Link, ListPage, Nothing, Search
from app.sales import queries
from app.sales.filters import NARROWING, wanted_of
from app.sales.models import KINDS
from app.sales.tables import sales_line

bp = Blueprint("sales_lines", __name__, url_prefix="/sales/lines")

IMPORT = Link(
    label="Import sales",
    endpoint="imports.new",
    permission="sales.import",
    values={"kind": "sales"},
    kind="primary",
    icon="upload",
)


def _lines(asked: Asked) -> Select[Any]:
    return queries.sales_lines(wanted_of(asked), search=asked["search"])


def _moment(row: Any) -> str:
    """The day, and the time where the source says one."""
    if not row.sold_at or row.sold_at.isoformat() == "00:00:00":
        return str(row.sold_on)
    return f"{datetime.combine(row.sold_on, row.sold_at):%Y-%m-%d %H:%M}"


of = sales_line.c
LINES = ListPage(
    name="sales_lines",
    title="Lines of sales",
    subtitle="Without a period, those of the last twelve months.",
    permission="sales.view",
    crumbs=lambda _about: [("Sales", url_for("sales.index"))],
    query=_lines,
    key=of.fingerprint,
    sort="-date",
    css="numbered",
    is_joined=True,
    has_large_files=True,
    filters=(Search(label="Document, code or description"), *NARROWING),
    columns=(
        Column(
            name="document", title="Document", value="document", place="name", is_required=True
        ),
        Column(name="date", title="Date", value=_moment, sort=of.sold_on, place="meta"),
        Column(name="product", title="Product", kind="code", value="product"),
        Column(name="description", title="Description", place="wrap"),
        Column(name="customer", title="Customer", kind="code", place="roomy"),
        Column(name="customer_name", title="Customer name", place="wide", is_shown=False),
        Column(
            name="country",
            title="Country",
            value=lambda row: countries().get(row.country, row.country),
            place="wide desk",
        ),
        Column(name="rep", title="Sales rep", place="wide desk", is_shown=False),
        Column(name="quantity", title="Quantity", kind="quantity"),
        Column(
            name="unit_price",
            title="Unit price",
            kind="money",
            unit="currency",
            place="wide desk",
        ),
        Column(name="amount", title="Amount", kind="money", unit="currency", place="figure"),
        Column(name="currency", title="Currency", is_shown=False),
        Column(name="value", title="Value", kind="money", is_shown=False),
        Column(name="kind", title="Kind", value=lambda row: KINDS[row.kind], place="status"),
        Column(name="source", title="Source", is_shown=False),
    ),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another filter.", action="Show all lines"
    ),
    nothing=Nothing(
        title="No sales yet.",
        advice="Import files of sales; what is shipped and invoiced here comes by itself.",
        link=IMPORT,
        icon="activity",
    ),
    links=(IMPORT,),
)
LINES.add_to(bp)
