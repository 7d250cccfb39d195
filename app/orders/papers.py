"""What goes with an order on paper: confirmation, packing slip, copy of the invoice."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from app.catalog.rules import countries
from app.core.code128 import code128
from app.core.db import db
from app.documents.papers import DocumentType, Paper
from app.orders import queries, services
from app.orders.models import SalesOrder
from app.stock.models import Lot

PRICED = "orders/documents/priced.html"
PACKING_SLIP = "orders/documents/packing_slip.html"


def _printing(order: SalesOrder, kind: str) -> Mapping[str, Any]:
    return {
        "order": order,
        "bars": code128(order.number) if kind == "packing-slip" else None,
        "address": _address(order),
        "in_parcel": _in_parcel(order),
        "lots": _lots(order) if kind == "packing-slip" else {},
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


def _lots(order: SalesOrder) -> dict[int, list[tuple[Lot, object]]]:
    """Which lots, or pieces, each line is of: as `_in_parcel`, what leaves or has left."""
    ids = [line.id for line in order.single_lines]
    rows = db.session.execute(queries.lots_reserved_for(ids)).all()
    rows = rows or db.session.execute(queries.lots_sent_for(order.id)).all()
    found: dict[int, list[tuple[Lot, object]]] = defaultdict(list)
    for product_id, lot, quantity in rows:
        for line in order.lines:
            if product_id in {one.product_id for one in [line, *line.components]}:
                found[line.id].append((lot, quantity))
                break  # of a product that is there twice: with the first, as they leave at once
    return found


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
