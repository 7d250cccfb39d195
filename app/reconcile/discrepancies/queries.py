"""Selects over what is compared and what differs."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.catalog.models import Product
from app.integrations.hub.models import Connection
from app.reconcile.discrepancies.models import UNFINISHED, Discrepancy, StockComparison

SORTS = {
    "id": Discrepancy.id,
    "first_seen": Discrepancy.first_seen_at,
    "value": Discrepancy.value,
}
DIRECTIONS = {"missing": "Missing there", "too_many": "Too many there"}
EVERY: ColumnElement[bool] = true()


def discrepancies(
    *, search: str = "", state: str = "", connection_id: int | None = None, direction: str = ""
) -> Select[Discrepancy]:
    """What differs; without a state, what is not reconciled."""
    loaded = joinedload(Discrepancy.product), joinedload(Discrepancy.connection)
    directions = {"missing": Discrepancy.quantity < 0, "too_many": Discrepancy.quantity > 0}
    return (
        select(Discrepancy)
        .join(Product, Product.id == Discrepancy.product_id)
        .options(*loaded)
        .where(
            _searched(search),
            Discrepancy.state == state if state else Discrepancy.state.in_(UNFINISHED),
            EVERY if connection_id is None else Discrepancy.connection_id == connection_id,
            directions.get(direction, EVERY),
        )
    )


def discrepancy(discrepancy_id: int) -> Select[Discrepancy]:
    """One of them."""
    loaded = joinedload(Discrepancy.product), joinedload(Discrepancy.connection)
    return select(Discrepancy).options(*loaded).where(Discrepancy.id == discrepancy_id)


def comparisons() -> Select[StockComparison]:
    """What is compared."""
    loaded = joinedload(StockComparison.connection), joinedload(StockComparison.location)
    return select(StockComparison).options(*loaded).order_by(StockComparison.connection_id)


def comparison_of(connection_id: int) -> Select[StockComparison]:
    """The comparison with an account."""
    return comparisons().where(StockComparison.connection_id == connection_id)


def connection(connection_id: int) -> Select[Connection]:
    """An account that can be compared with."""
    return select(Connection).where(Connection.id == connection_id)


def accounts() -> Select[Connection]:
    """All accounts at outside systems that are not ended."""
    live = select(Connection).where(Connection.state != "disconnected")
    return live.order_by(Connection.id)


def comparisons_at(location_id: int) -> Select[int]:
    """How many accounts a location stands for."""
    query = select(func.count(StockComparison.id))
    return query.where(StockComparison.location_id == location_id)


def _searched(text: str) -> ColumnElement[bool]:
    told: Any = text.strip()
    if not told:
        return EVERY
    same = func.normal_code(Product.sku) == func.normal_code(told)
    return or_(same, Product.name.ilike(f"%{_escaped(told)}%", escape="\\"))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
