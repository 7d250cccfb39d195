"""Selects over what goods have cost, and what they are worth where they lie."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.catalog.models import Product
from app.purchasing.models import CostEntry, LandedCost, ProductCost
from app.stock.models import HOLDS_STOCK, Balance, Location, Movement


def costs_of(product_ids: Collection[int]) -> Select[ProductCost]:
    """What products have cost, by product: in one order, so that locks do not cross."""
    query = select(ProductCost).where(ProductCost.product_id.in_(product_ids))
    return query.order_by(ProductCost.product_id)


def average_costs(product_ids: Collection[int]) -> Select[int, Decimal, str]:
    """What one of each product costs on average, or else as the catalogue says, and in what."""
    average = func.coalesce(func.nullif(ProductCost.average, 0), Product.cost)
    return (
        select(Product.id, average, Product.currency)
        .outerjoin(ProductCost, ProductCost.product_id == Product.id)
        .where(Product.id.in_(product_ids))
    )


def product_costs(*, product_id: int | None = None) -> Select[ProductCost]:
    """What products have cost, with the products."""
    query = select(ProductCost).options(joinedload(ProductCost.product, innerjoin=True))
    return query if product_id is None else query.where(ProductCost.product_id == product_id)


def on_hand_of(product_ids: Collection[int]) -> Select[int, Decimal]:
    """How much there is of products, wherever it lies: also what is on its way or put aside."""
    return (
        select(Balance.product_id, func.sum(Balance.on_hand))
        .where(Balance.product_id.in_(product_ids))
        .group_by(Balance.product_id)
    )


def entries_of_lines(line_ids: Collection[int]) -> Select[CostEntry]:
    """Every step that lines of a receipt have caused."""
    found = select(CostEntry).where(CostEntry.receipt_line_id.in_(line_ids))
    return found.order_by(CostEntry.id)


def entries_of(posting_id: int) -> Select[CostEntry]:
    """Every step that a posting has caused."""
    found = select(CostEntry).where(CostEntry.posting_id == posting_id)
    return found.order_by(CostEntry.id)


def landed_of(receipt_id: int) -> Select[LandedCost]:
    """Freight, duty and the like of a receipt."""
    query = select(LandedCost).options(joinedload(LandedCost.actor))
    return query.where(LandedCost.receipt_id == receipt_id).order_by(LandedCost.id)


def stock_value(*, search: str = "", until: datetime | None = None) -> Select[*tuple[Any, ...]]:
    """What lies at each place, and what it is worth, now or at a moment that is over.

    Each product at its average of that time; where nothing has been received of it yet, at the
    cost that the catalogue knows. One row for each place and currency.
    """
    lying = _lying(until).subquery("lying")
    average = _averages(until).subquery("average")
    worth = func.coalesce(average.c.average, Product.cost)
    query = (
        select(
            Location.id,
            Location.code,
            Location.name,
            Product.currency,
            func.sum(lying.c.quantity).label("quantity"),
            func.round(func.sum(lying.c.quantity * worth), 2).label("value"),
        )
        .select_from(lying)
        .join(Product, Product.id == lying.c.product_id)
        .join(Location, Location.id == lying.c.location_id)
        .outerjoin(average, average.c.product_id == lying.c.product_id)
        .group_by(Location.id, Location.code, Location.name, Product.currency)
        .having(func.sum(lying.c.quantity) != 0)
    )
    if term := search.strip():
        query = query.where(Location.path.icontains(term, autoescape=True))
    return query


def sums_of(values: Select[Any]) -> Select[str, Decimal]:
    """What all rows of a stock value are worth, by currency."""
    of = values.order_by(None).subquery("values").c
    query = select(of.currency, func.sum(of.value).label("value"))
    return query.group_by(of.currency).order_by(of.currency)


def _lying(until: datetime | None) -> Select[*tuple[Any, ...]]:
    """What lies where: what lies there now, less what has moved since."""
    now = select(Balance.product_id, Balance.location_id, Balance.on_hand.label("quantity"))
    if until is None:
        return now.where(Balance.on_hand != 0)
    later = Movement.occurred_at >= until
    came = select(Movement.product_id, Movement.to_location_id, -Movement.quantity)
    went = select(Movement.product_id, Movement.from_location_id, Movement.quantity)
    every = union_all(
        now,
        came.join(Movement.to_location).where(later, Location.kind.in_(HOLDS_STOCK)),
        went.join(Movement.from_location).where(later, Location.kind.in_(HOLDS_STOCK)),
    ).subquery("every")
    quantity = func.sum(every.c.quantity)
    return (
        select(every.c.product_id, every.c.location_id, quantity.label("quantity"))
        .group_by(every.c.product_id, every.c.location_id)
        .having(quantity != 0)
    )


def _averages(until: datetime | None) -> Select[*tuple[Any, ...]]:
    if until is None:
        return select(ProductCost.product_id, ProductCost.average)
    return (
        select(CostEntry.product_id, CostEntry.average_after.label("average"))
        .where(CostEntry.created_at < until)
        .ext(distinct_on(CostEntry.product_id))
        .order_by(CostEntry.product_id, CostEntry.id.desc())
    )
