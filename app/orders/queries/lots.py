"""Which lots of a product left with an order."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from app.orders.queries.progress import ORDER
from app.stock.models import Location, Lot, Movement


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
