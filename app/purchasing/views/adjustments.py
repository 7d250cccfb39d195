"""Write-offs and counts, and what they are worth."""

from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.core.days import day_after, day_begin
from app.core.db import db
from app.core.pages import Asked, Choice, Column, Day, ListPage, Nothing, Search
from app.purchasing import queries
from app.purchasing.prices import COSTS
from app.purchasing.queries.adjustments import ADJUSTMENT_SORTS, VALUED_REASONS
from app.stock.models import Movement

bp = Blueprint("stock_adjustments", __name__, url_prefix="/stock-adjustments")


def _adjustments(asked: Asked) -> Select[Any]:
    since, until = asked["from"], asked["to"]
    return queries.valued_adjustments(
        search=asked["search"],
        reason=asked["reason"],
        since=day_begin(since) if since else None,
        until=day_after(until) if until else None,
    )


def _reason(row: Any) -> str:
    label = VALUED_REASONS[row.reason]
    return f"{label}, taken back" if row.reverses_id else label


def _sums(query: Select[Any]) -> dict[str, Any]:
    """What all that the filters let through is worth, by currency."""
    return {"sums": db.session.execute(queries.sums_of(query)).all()}


ADJUSTMENTS = ListPage(
    name="stock_adjustments",
    title="Write-offs and counts",
    subtitle="What was lost, found or counted otherwise, at what it had cost by then.",
    permission=COSTS,
    query=_adjustments,
    key=Movement.id,
    is_joined=True,
    sort="-date",
    href=lambda row: url_for("stock.show", product_id=row.product_id),
    filters=(
        Search(label="SKU, product or location"),
        Choice(name="reason", label="Why", options=VALUED_REASONS, everything="All reasons"),
        Day(name="from", label="From"),
        Day(name="to", label="To"),
    ),
    columns=(
        Column(
            name="sku", title="SKU", kind="code", place="code", is_link=True, is_required=True
        ),
        Column(name="name", title="Product", place="name"),
        Column(name="location", title="Location", kind="code"),
        Column(name="reason", title="Why", value=_reason, place="meta"),
        Column(
            name="date",
            title="When",
            kind="moment",
            value="occurred_at",
            sort=ADJUSTMENT_SORTS["date"],
        ),
        Column(name="quantity", title="Quantity", kind="quantity", unit="unit"),
        Column(name="unit_cost", title="Cost", kind="money", unit="currency", place="desk"),
        Column(
            name="value",
            title="Value",
            kind="money",
            unit="currency",
            sort="value",
            place="figure",
        ),
        Column(name="note", title="Note", place="wide desk", is_shown=False),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
    ),
    sums=_sums,
    below="purchasing/_adjustment_sums.html",
    nouns=("adjustment", "adjustments"),
    events=("stock:changed",),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another day.", action="Show everything"
    ),
    nothing=Nothing(
        title="Nothing was written off or counted otherwise.",
        advice="Counts and write-offs are listed here with what they are worth.",
        icon="boxes",
    ),
)

ADJUSTMENTS.add_to(bp)
