"""Lots and serial numbers: by what people call them, by what is left of them, by their day."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.stock.models import Balance, Location, Lot

WITH_PRODUCT = joinedload(Lot.product, innerjoin=True)


def lot(lot_id: int) -> Select[Lot]:
    """One lot with its product and vendor."""
    return select(Lot).options(WITH_PRODUCT, joinedload(Lot.vendor)).where(Lot.id == lot_id)


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
