"""Selects over what vendors deliver to customers. Nothing here executes: callers fetch."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.drop_shipping.models import DropShipment
from app.orders.models import OrderLine, SalesOrder
from app.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
)


def shipments_of(purchase_order_id: int) -> Select[DropShipment]:
    """What of a purchase order is for which line of which customer's order."""
    return (
        select(DropShipment)
        .join(DropShipment.purchase_line)
        .options(joinedload(DropShipment.order_line, innerjoin=True))
        .where(PurchaseLine.order_id == purchase_order_id)
        .order_by(DropShipment.id)
    )


def outstanding_of(line_ids: Collection[int]) -> Select[int, Any]:
    """What vendors are to deliver of customers' lines still, by line."""
    left = (
        PurchaseLine.units_ordered - PurchaseLine.units_cancelled - PurchaseLine.units_received
    )
    return (
        select(DropShipment.order_line_id, func.sum(func.greatest(left, 0)))
        .join(DropShipment.purchase_line)
        .join(PurchaseLine.order)
        .where(DropShipment.order_line_id.in_(line_ids), PurchaseOrder.status != "cancelled")
        .group_by(DropShipment.order_line_id)
    )


def customer_orders(purchase_order_id: int) -> Select[int, str]:
    """The customers' orders that a purchase order is for."""
    return (
        select(SalesOrder.id, SalesOrder.number)
        .join(OrderLine, OrderLine.order_id == SalesOrder.id)
        .join(DropShipment, DropShipment.order_line_id == OrderLine.id)
        .join(DropShipment.purchase_line)
        .where(PurchaseLine.order_id == purchase_order_id)
        .distinct()
        .order_by(SalesOrder.id)
    )


def held_orders(purchase_order_id: int) -> Select[str]:
    """The numbers of customers' orders on hold that a purchase order is for."""
    mine = customer_orders(purchase_order_id).where(SalesOrder.status == "on_hold").subquery()
    return select(mine.c.number).order_by(mine.c.id)


def purchase_orders(order_id: int) -> Select[PurchaseOrder]:
    """The purchase orders that deliver a customer's order, the newest first."""
    mine = (
        select(PurchaseLine.order_id)
        .join(DropShipment, DropShipment.purchase_line_id == PurchaseLine.id)
        .join(DropShipment.order_line)
        .where(OrderLine.order_id == order_id)
    )
    found = select(PurchaseOrder).where(PurchaseOrder.id.in_(mine))
    return found.order_by(PurchaseOrder.id.desc())


def last_posting_of(purchase_order_id: int) -> Select[int | None]:
    """The posting of what a vendor has delivered last."""
    return (
        select(GoodsReceipt.posting_id)
        .where(GoodsReceipt.order_id == purchase_order_id, GoodsReceipt.undone_at.is_(None))
        .order_by(GoodsReceipt.id.desc())
        .limit(1)
    )


def delivered_lines(line_ids: Collection[int]) -> Select[int, GoodsReceiptLine]:
    """What vendors have delivered of customers' lines, the newest first, with whose it was."""
    return (
        select(DropShipment.order_line_id, GoodsReceiptLine)
        .join(GoodsReceiptLine, GoodsReceiptLine.order_line_id == DropShipment.purchase_line_id)
        .join(GoodsReceiptLine.receipt)
        .options(joinedload(GoodsReceiptLine.receipt, innerjoin=True))
        .where(DropShipment.order_line_id.in_(line_ids), GoodsReceipt.undone_at.is_(None))
        .order_by(GoodsReceiptLine.id.desc())
    )
