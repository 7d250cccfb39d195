"""What goes to a vendor on paper."""

from collections.abc import Mapping
from typing import Any

from app.catalog.models import Vendor
from app.catalog.rules import countries
from app.core.code128 import code128
from app.documents.papers import DocumentType, Paper
from app.purchasing import queries, services
from app.purchasing.models import PurchaseOrder
from app.purchasing.prices import COSTS


def _printing(order: PurchaseOrder, _kind: str) -> Mapping[str, Any]:
    return {"order": order, "bars": code128(order.number), "address": _address(order.vendor)}


def _address(vendor: Vendor) -> list[str]:
    town = f"{vendor.postal_code} {vendor.city}".strip()
    company = vendor.company if vendor.company != vendor.name else ""
    parts = [vendor.name, company, vendor.address_line1, vendor.address_line2, town]
    return [one for one in [*parts, vendor.region, countries().get(vendor.country, "")] if one]


def _recipient(order: PurchaseOrder) -> str:
    return order.vendor.email


def _note_sent(order_id: int, _kind: str) -> None:
    services.mark_sent(order_id)


# Papers hold prices: whoever gets them may see what goods cost.
PURCHASE_ORDERS = DocumentType(
    model=PurchaseOrder,
    noun="a purchase order",
    papers={
        "purchase-order": Paper(
            "Purchase order", "purchasing/documents/purchase_order.html", "purchase-order"
        )
    },
    find=queries.order_page,
    printing=_printing,
    recipient=_recipient,
    path="/purchase-orders",
    argument="purchase_order_id",
    topic="purchase_orders",
    view_permission=COSTS,
    send_permission="purchase_orders.send",
    on_send=_note_sent,
)
