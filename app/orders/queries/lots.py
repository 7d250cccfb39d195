"""Which lots left with an order, or are about to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import aliased

from app.orders.queries.progress import LINE, ORDER
from app.stock.models import Location, Lot, Movement, Reservation


def lots_shipped(order_id: int, product_id: int) -> Select[*tuple[Any, ...]]:
    """What of a product a customer has of an order: id of the lot, the lot, how much."""
    end = aliased(Location)
    out = func.sum(case((end.kind == "customer", Movement.quantity), else_=-Movement.quantity))
    outside = select(Location.id).where(Location.kind == "customer")
    moved = (
        select(Movement.lot_id, out.label("out"))
        .join(end, end.id == Movement.to_location_id)
        .where(
            Movement.document_type == ORDER,
            Movement.document_id == order_id,
            Movement.product_id == product_id,
            Movement.from_location_id.in_(outside) | Movement.to_location_id.in_(outside),
        )
        .group_by(Movement.lot_id)
        .subquery("moved")
    )
    return (
        select(moved.c.lot_id, Lot, moved.c.out)
        .outerjoin(Lot, Lot.id == moved.c.lot_id)
        .order_by(moved.c.lot_id)
    )


def lots_reserved_for(line_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What of each lot is about to leave for lines of orders: product, lot, how much."""
    return (
        select(Lot.product_id, Lot, func.sum(Reservation.quantity))
        .join(Lot, Lot.id == Reservation.lot_id)
        .where(
            Reservation.document_type == LINE,
            Reservation.document_id.in_(line_ids),
            Reservation.state == "active",
        )
        .group_by(Lot.id)
        .order_by(Lot.id)
    )


def lots_sent_for(order_id: int) -> Select[*tuple[Any, ...]]:
    """What of each lot has left for an order, less what came back: as `lots_reserved_for`."""
    end, start = aliased(Location), aliased(Location)
    signed = case((end.kind == "customer", Movement.quantity), else_=-Movement.quantity)
    out = func.sum(signed)
    return (
        select(Lot.product_id, Lot, out)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(start, start.id == Movement.from_location_id)
        .join(end, end.id == Movement.to_location_id)
        .where(
            Movement.document_type == ORDER,
            Movement.document_id == order_id,
            or_(start.kind == "customer", end.kind == "customer"),
        )
        .group_by(Lot.id)
        .having(out > 0)
        .order_by(Lot.id)
    )
