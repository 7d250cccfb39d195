"""What is on order and has not come: what stock counts as incoming."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal_column, select

from app.purchasing.models import IS_OWED, OPEN, PurchaseLine, PurchaseOrder

UNITS_OPEN = (
    PurchaseLine.units_ordered - PurchaseLine.units_cancelled - PurchaseLine.units_received
)


def incoming() -> Select[*tuple[Any, ...]]:
    """Each line that a vendor owes something of, as `app.stock.incoming` wants it.

    It counts from the moment it is sent, also when it is late; what a draft says does not, nor
    what goes to a customer.
    """
    return (
        select(
            PurchaseLine.product_id,
            UNITS_OPEN.label("quantity"),
            func.coalesce(PurchaseLine.confirmed_on, PurchaseLine.expected_on).label("due_on"),
            PurchaseOrder.warehouse_id,
            PurchaseOrder.id.label("document_id"),
            PurchaseOrder.number.label("document"),
            ("/purchase-orders/" + cast(PurchaseOrder.id, Text)).label("href"),
        )
        .join(PurchaseLine.order)
        .where(
            PurchaseOrder.status.in_(OPEN),
            PurchaseOrder.delivery_address == "",
            literal_column(IS_OWED),
        )
    )
