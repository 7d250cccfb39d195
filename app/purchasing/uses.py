"""What of purchasing needs products, vendors and warehouses."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, literal_column, select

from app.core.db import db
from app.purchasing.models import (
    IS_OWED,
    NOT_SENT,
    OPEN,
    PurchaseLine,
    PurchaseOrder,
    ReceivingLine,
    ReceivingTask,
)

NAMED = 3  # orders by number; the rest is counted
UNFINISHED = (*NOT_SENT, *OPEN)


def uses_of_product(product_id: int) -> Sequence[str]:
    """Orders by which some of a product is still to come, or is to be ordered."""
    owed = (PurchaseLine.product_id == product_id) & literal_column(IS_OWED)
    ordered = _unfinished().where(PurchaseOrder.lines.any(owed))
    held = ReceivingTask.lines.any(ReceivingLine.product_id == product_id)
    in_hand = select(PurchaseOrder.number).join(
        ReceivingTask, (ReceivingTask.order_id == PurchaseOrder.id) & ~ReceivingTask.is_done
    )
    return [
        *_said(ordered, "on {} purchase {}"),
        *_said(in_hand.where(held).distinct(), "being received of {} purchase {}"),
    ]


def uses_of_vendor(vendor_id: int) -> Sequence[str]:
    """Orders of a vendor that are not finished."""
    theirs = _unfinished().where(PurchaseOrder.vendor_id == vendor_id)
    return _said(theirs, "{} unfinished purchase {}")


def uses_of_location(location_id: int) -> Sequence[str]:
    """Orders that are delivered to a warehouse."""
    here = _unfinished().where(PurchaseOrder.warehouse_id == location_id)
    return _said(here, "{} unfinished purchase {}")


def _unfinished() -> Select[Any]:
    return select(PurchaseOrder.number).where(PurchaseOrder.status.in_(UNFINISHED))


def _said(orders: Select[Any], words: str) -> list[str]:
    found = db.session.scalars(orders.order_by(PurchaseOrder.number)).all()
    if not found:
        return []
    more = f" and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    orders_named = f" ({', '.join(found[:NAMED])}{more})"
    return [words.format(len(found), "order" if len(found) == 1 else "orders") + orders_named]
