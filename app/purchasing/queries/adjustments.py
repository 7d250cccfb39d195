"""What was written off, found or counted otherwise, and what that is worth."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import aliased

from app.catalog.models import Product
from app.purchasing.models import CostEntry
from app.stock.models import HOLDS_STOCK, REASONS, WRITE_OFFS, Location, Movement

VALUED = (*WRITE_OFFS, "found", "counted")
VALUED_REASONS = {reason: REASONS[reason] for reason in VALUED}
ADJUSTMENT_SORTS: dict[str, Any] = {"date": Movement.occurred_at}


def valued_adjustments(
    *,
    search: str = "",
    reason: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[*tuple[Any, ...]]:
    """Movements that made stock more or less without buying or selling, each with its value.

    At what it was posted with, or else the product's average of that moment, or what the
    catalogue knows. `quantity` and `value` are below zero for what went. A reversal counts
    under the reason of what it takes back. `since` is included, `until` is not.
    """
    undone = aliased(Movement)
    place, other = aliased(Location), aliased(Location)
    is_in = place.kind.in_(HOLDS_STOCK)
    quantity = case((is_in, Movement.quantity), else_=-Movement.quantity)
    cost = func.coalesce(Movement.unit_cost, _average_then(), Product.cost)
    why = func.coalesce(undone.reason, Movement.reason)
    query = (
        select(
            Movement.id,
            Movement.occurred_at,
            Product.id.label("product_id"),
            Product.sku,
            Product.name,
            Product.unit,
            Product.currency,
            case((is_in, place.code), else_=other.code).label("location"),
            why.label("reason"),
            Movement.reverses_id,
            Movement.note,
            quantity.label("quantity"),
            cost.label("unit_cost"),
            func.round(quantity * cost, 2).label("value"),
        )
        .join(Product, Product.id == Movement.product_id)
        .join(place, place.id == Movement.to_location_id)
        .join(other, other.id == Movement.from_location_id)
        .outerjoin(undone, undone.id == Movement.reverses_id)
        .where(why.in_([reason] if reason else VALUED))
        .where(is_in != other.kind.in_(HOLDS_STOCK))
    )
    wanted = Movement.reason.in_((*([reason] if reason else VALUED), "reversed"))
    query = query.where(wanted)  # an index serves it; what it is really about is said above
    if since:
        query = query.where(Movement.occurred_at >= since)
    if until:
        query = query.where(Movement.occurred_at < until)
    if term := search.strip():
        named = (Product.sku, Product.name, place.code, other.code)
        query = query.where(or_(*(one.icontains(term, autoescape=True) for one in named)))
    return query


def _average_then() -> Any:
    """The product's average when a movement was written down."""
    return (
        select(CostEntry.average_after)
        .where(
            CostEntry.product_id == Movement.product_id,
            CostEntry.created_at <= Movement.created_at,
        )
        .order_by(CostEntry.id.desc())
        .limit(1)
        .correlate(Movement)
        .scalar_subquery()
    )
