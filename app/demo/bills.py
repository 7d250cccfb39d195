"""Bills as books have them: one that agrees, one that differs, one to decide, and rent."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.currencies import rounded
from app.core.days import today
from app.core.db import transaction
from app.purchasing.models import PurchaseOrder
from app.purchasing.queries import with_lines
from app.vendor_bills import services

BOOKS = ("demo", "1")  # of no system that is connected
Bill = tuple[dict[str, Any], list[dict[str, Any]]]
DEARER = Decimal("1.05")


def bills() -> int:
    """Write them for the first orders of which something has come; gives how many."""
    received = with_lines(select(PurchaseOrder)).where(
        PurchaseOrder.status.in_(("received", "part_received")),
        PurchaseOrder.delivery_address == "",
    )
    with transaction() as session:
        orders = session.scalars(received.order_by(PurchaseOrder.id).limit(3)).all()
        known = dict(zip(("agrees", "differs", "asked"), orders, strict=False))
        made = [_bill(order, word) for word, order in known.items()]
        made += [_rent(orders[0])] if orders else []
        if made:
            services.record_documents(*BOOKS, "bill", made)
            services.match_documents()
    return len(made)


def _bill(order: PurchaseOrder, word: str) -> Bill:
    number = f"INV-{order.id:04}" if word == "asked" else order.number
    lines = [
        _line(line, DEARER if word == "differs" else Decimal(1), order.currency)
        for line in order.lines
        if line.product_id and line.units_received
    ]
    return _head(order, number, sum((one["amount"] for one in lines), Decimal(0))), lines


def _line(line: Any, dearer: Decimal, currency: str) -> dict[str, Any]:
    price = line.unit_price / line.pack_quantity * dearer
    return {
        "product_ref": str(line.product_id),
        "product_id": line.product_id,
        "item": line.sku,
        "description": line.description,
        "quantity": line.units_received,
        "price": price,
        "amount": rounded(line.units_received * price, currency),
    }


def _rent(order: PurchaseOrder) -> Bill:
    amount = Decimal(1200)
    head = _head(order, "RENT-12", amount) | {
        "vendor_ref": "rent",
        "vendor_name": "Harbour Estates",
        "vendor_id": None,
    }
    none = dict.fromkeys(("product_id", "quantity", "price"))
    line = {"product_ref": "", "item": "Rent", "description": "Warehouse, December"}
    return head, [line | none | {"amount": amount}]


def _head(order: PurchaseOrder, number: str, total: Decimal) -> dict[str, Any]:
    day = max(order.order_date, today() - timedelta(days=5))
    return {
        "external_id": number,
        "number": number,
        "vendor_ref": str(order.vendor_id),
        "vendor_name": order.vendor_name,
        "vendor_id": order.vendor_id,
        "document_date": day,
        "due_date": day + timedelta(days=30),
        "currency": order.currency,
        "total": total,
        "balance": total,
    }
