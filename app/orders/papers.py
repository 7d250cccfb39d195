"""What goes with an order on paper: confirmation, packing slip, copy of the invoice."""

from collections.abc import Mapping
from typing import Any

from app.catalog.rules import countries
from app.core.code128 import code128
from app.documents.papers import DocumentType, Paper
from app.orders import queries, services
from app.orders.models import SalesOrder

PRICED = "orders/documents/priced.html"
PACKING_SLIP = "orders/documents/packing_slip.html"


def _printing(order: SalesOrder, kind: str) -> Mapping[str, Any]:
    return {
        "order": order,
        "bars": code128(order.number) if kind == "packing-slip" else None,
        "address": _address(order),
        "in_parcel": _in_parcel(order),
    }


def _address(order: SalesOrder) -> list[str]:
    """Where it goes, with the country by its name; without an address, whom it is for."""
    *place, last = order.address_lines or [order.customer_name]
    return [*place, countries().get(last, last) if order.ship_country else last]


def _in_parcel(order: SalesOrder) -> dict[int, object]:
    """What is about to leave; of an order of which nothing is reserved, what has left."""
    reserved = services.reserved_for(order)
    if any(reserved.values()):
        reserved = services.with_bundles(order, reserved)
        return {**reserved, **{one.id: one.quantity_open for one in order.free_lines}}
    return {line.id: line.quantity_shipped for line in order.lines}


def _recipient(order: SalesOrder) -> str:
    return order.customer.email


SALES_ORDERS = DocumentType(
    model=SalesOrder,
    noun="an order",
    papers={
        "confirmation": Paper("Order confirmation", PRICED, "order-confirmation"),
        "packing-slip": Paper("Packing slip", PACKING_SLIP, "packing-slip"),
        "invoice": Paper("Invoice copy", PRICED, "invoice-copy"),
    },
    find=queries.order_page,
    printing=_printing,
    recipient=_recipient,
    path="/orders",
    argument="order_id",
    topic="orders",
    view_permission="orders.view",
    send_permission="orders.send",
)
