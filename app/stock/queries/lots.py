"""Lots and serial numbers: by what people call them, by what is left of them, by their day."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import contains_eager, joinedload

from app.catalog.models import Product
from app.stock.models import Balance, Location, Lot, Reservation
from app.stock.queries.inventory import AVAILABLE

# What a list of lots may be narrowed to; without a word it has all of them.
SHOWN = {
    "held": "On hand",
    "soon": "Expire soon",
    "expired": "Expired",
    "blocked": "Blocked",
}
LOT_SORTS: dict[str, SQLColumnExpression[Any]] = {
    "id": Lot.id,
    "expires_on": Lot.expires_on,
    "lot": func.normal_code(Lot.code),
    "sku": Product.sku,
}
MOST_NAMED = 3  # lots that are named where there are many
WITH_PRODUCT = joinedload(Lot.product, innerjoin=True)


def lot(lot_id: int) -> Select[Lot]:
    """One lot with its product and vendor."""
    return select(Lot).options(WITH_PRODUCT, joinedload(Lot.vendor)).where(Lot.id == lot_id)


def lots(
    *,
    search: str = "",
    product_id: int | None = None,
    shown: str = "",
    day: date | None = None,
    until: date | None = None,
) -> Select[*tuple[Any, ...]]:
    """Lots that a search and all the filters given let through, with what there is of each.

    `search` is a number, or a SKU. `shown` is one of SHOWN; what is `expired`, or expires
    `soon`, is told by `day`, which is today, and `until`.
    """
    held = select(func.coalesce(func.sum(Balance.on_hand), 0)).where(Balance.lot_id == Lot.id)
    free = select(func.coalesce(func.sum(AVAILABLE), 0)).where(Balance.lot_id == Lot.id)
    query = (
        select(
            Lot,
            held.correlate(Lot).scalar_subquery().label("on_hand"),
            free.correlate(Lot).scalar_subquery().label("available"),
        )
        .join(Lot.product)
        .options(contains_eager(Lot.product), joinedload(Lot.vendor))
    )
    if term := search.strip():
        number = func.starts_with(func.normal_code(Lot.code), func.normal_code(term))
        query = query.where(or_(number, Product.id == func.product_with_sku(term)))
    if product_id is not None:
        query = query.where(Lot.product_id == product_id)
    return query.where(*_shown(shown, day, until))


def _shown(shown: str, day: date | None, until: date | None) -> list[ColumnElement[bool]]:
    is_held = exists().where(Balance.lot_id == Lot.id, Balance.on_hand > 0)
    if shown == "blocked":
        return [Lot.blocked_at.is_not(None)]
    if shown == "expired" and day:
        return [is_held, Lot.expires_on < day]
    if shown == "soon" and day and until:
        return [is_held, Lot.expires_on.between(day, until)]
    return [is_held] if shown == "held" else []


def lot_called(product_id: int, code: str) -> Select[Lot]:
    """A lot of a product by its number, in whatever case."""
    return select(Lot).where(
        Lot.product_id == product_id, func.normal_code(Lot.code) == func.normal_code(code)
    )


def lots_at(product_id: int, location_id: int) -> Select[*tuple[Any, ...]]:
    """What lies of a product at a place: code and quantity of each lot, what expires first."""
    return (
        select(Lot.code, Balance.on_hand)
        .select_from(Balance)
        .outerjoin(Lot, Lot.id == Balance.lot_id)
        .where(
            Balance.product_id == product_id,
            Balance.location_id == location_id,
            Balance.on_hand > 0,
        )
        .order_by(Lot.expires_on.nulls_last(), Lot.id)
    )


def place_of_serial(lot_id: int) -> Select[str]:
    """Where a piece lies, by its serial number; nothing if it is not on hand."""
    return (
        select(Location.code)
        .join(Balance, Balance.location_id == Location.id)
        .where(Balance.serial_id == lot_id)
    )


def balances_of_lot(lot_id: int) -> Select[Balance]:
    """Where goods of a lot lie, in the order of picking."""
    return (
        select(Balance)
        .join(Balance.location)
        .options(contains_eager(Balance.location))
        .where(Balance.lot_id == lot_id, Balance.on_hand > 0)
        .order_by(Location.pick_sequence, Location.code, Balance.id)
    )


def reservations_of_lot(lot_id: int) -> Select[Reservation]:
    """What is reserved of a lot, the oldest first."""
    return (
        select(Reservation)
        .options(joinedload(Reservation.location, innerjoin=True))
        .where(Reservation.lot_id == lot_id, Reservation.state == "active")
        .order_by(Reservation.id)
    )


def expiring(until: date) -> Select[date, int, list[int]]:
    """Days up to one on which lots on hand expire, or have: how many, and the first of them."""
    is_held = exists().where(Balance.lot_id == Lot.id, Balance.on_hand > 0)
    ids: Any = func.array_agg(aggregate_order_by(Lot.id, Lot.id), type_=ARRAY(BigInteger))
    return (
        select(Lot.expires_on, func.count(), ids[1:MOST_NAMED])
        .where(Lot.expires_on <= until, is_held)
        .group_by(Lot.expires_on)
        .order_by(Lot.expires_on)
    )


def lots_with(ids: Collection[int]) -> Select[Lot]:
    """Some lots with their products."""
    return select(Lot).options(WITH_PRODUCT).where(Lot.id.in_(ids))
