"""Bills of an order that has come in part: one that differs, and one to decide."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.days import today
from app.core.db import db
from app.purchasing import queries
from app.vendor_bills import services
from app.vendor_bills.models import VendorDocument


def billing(order_id: int, name: str) -> dict[str, Any]:
    """Write them down as books would have them; give what the addresses of the pages need."""
    order = db.session.scalars(queries.order(order_id)).one()
    line = order.lines[0]
    bills = []
    for number in (order.number, "INVOICE-2026-000123"):
        amount = Decimal(10) * Decimal("31.5")
        head = {
            "external_id": number,
            "number": number,
            "vendor_ref": "7",
            "vendor_name": order.vendor_name,
            "vendor_id": order.vendor_id,
            "document_date": today(),
            "due_date": today(),
            "currency": order.currency,
            "total": amount,
            "balance": amount,
            "note": name,
        }
        row = {
            "product_ref": "1",
            "product_id": line.product_id,
            "item": name,
            "description": name,
            "quantity": Decimal(10),
            "price": Decimal("31.5"),
            "amount": amount,
        }
        bills.append((head, [row]))
    services.record_documents("books", "1", "bill", bills)
    services.match_documents()
    found = select(VendorDocument.id).where(VendorDocument.number == order.number)
    mine = {"document_id": db.session.scalars(found).one()}
    return {"vendor_bills.show": mine, "vendor_bills.new_match": mine}
