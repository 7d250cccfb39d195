"""Selects over shipments that are on their way to us. Nothing here executes: callers fetch."""

from datetime import date
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.codes import id_in
from app.core.search import has_part
from app.purchasing.models import (
    OPEN,
    SHIPMENT_STATES,
    GoodsReceipt,
    InboundShipment,
    LandedCost,
    PurchaseOrder,
    shipment_order,
)
from app.purchasing.queries.receipts import with_receipt_lines

SHIPMENT_SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": InboundShipment.id,
    "expected": InboundShipment.expected_on,
}
SHIPMENTS_OF_LIST = ("open", "late")  # beside the single states


def shipments(
    *, search: str = "", status: str = "", today: date | None = None
) -> Select[InboundShipment]:
    """Shipments that a search and the filter let through, with their orders.

    `status` is one of them, `open` for what has not arrived, or `late` for what of that should
    have before `today`.
    """
    query = select(InboundShipment).options(
        selectinload(InboundShipment.orders), joinedload(InboundShipment.actor)
    )
    if status in SHIPMENTS_OF_LIST:
        query = query.where(InboundShipment.status.in_(SHIPMENT_STATES.open))
        if status == "late":
            query = query.where(InboundShipment.expected_on < today)
    elif status:
        query = query.where(InboundShipment.status == status)
    if not (term := search.strip()):
        return query
    number = id_in(term, prefix="IS-")
    found = [
        has_part(
            term,
            codes=(InboundShipment.tracking,),
            names=(InboundShipment.name, InboundShipment.carrier),
        ),
        InboundShipment.orders.any(has_part(term, codes=(PurchaseOrder.number,))),
    ]
    if number is not None:
        found.append(InboundShipment.id == number)
    return query.where(or_(*found))


def shipment(shipment_id: int) -> Select[InboundShipment]:
    """One shipment with its orders."""
    return shipments().where(InboundShipment.id == shipment_id)


def shippable_orders(shipment_id: int | None = None) -> Select[PurchaseOrder]:
    """Orders that come to us and are open, or are in the shipment already."""
    mine = select(shipment_order.c.order_id).where(shipment_order.c.shipment_id == shipment_id)
    open_here = PurchaseOrder.status.in_(OPEN) & (PurchaseOrder.delivery_address == "")
    found = select(PurchaseOrder).where(or_(open_here, PurchaseOrder.id.in_(mine)))
    return found.order_by(PurchaseOrder.id.desc())


def receipts_with(shipment_id: int) -> Select[GoodsReceipt]:
    """What came with a shipment that has arrived, with all that costs follow from."""
    return with_receipt_lines(
        select(GoodsReceipt).where(GoodsReceipt.shipment_id == shipment_id)
    ).order_by(GoodsReceipt.id)


def receipts_that_may_be_of(shipment_id: int) -> Select[GoodsReceipt]:
    """What came of a shipment's orders, is not undone, and came with no other shipment."""
    mine = select(shipment_order.c.order_id).where(shipment_order.c.shipment_id == shipment_id)
    return (
        with_receipt_lines(select(GoodsReceipt))
        .where(GoodsReceipt.order_id.in_(mine))
        .where(GoodsReceipt.shipment_id.is_(None), GoodsReceipt.undone_at.is_(None))
        .order_by(GoodsReceipt.id)
    )


def costs_of_shipment(shipment_id: int) -> Select[LandedCost]:
    """What a shipment costs, spread or not."""
    query = select(LandedCost).options(joinedload(LandedCost.actor))
    return query.where(LandedCost.shipment_id == shipment_id).order_by(LandedCost.id)


def cost_of_shipment(shipment_id: int, cost_id: int) -> Select[LandedCost]:
    """One of those costs."""
    return costs_of_shipment(shipment_id).where(LandedCost.id == cost_id)
