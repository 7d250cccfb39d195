"""A purchase order of which something has come, for the pages that show it."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import db
from app.purchasing import queries, services
from app.purchasing.models import PurchaseDraft
from app.purchasing.services import Delivery, ReceivedItem, Receiver
from tests.browser.billing import billing
from tests.factories import ApprovalLimitFactory, ReorderRuleFactory, VendorFactory


def buying(product: Product, user: User, name: str) -> dict[str, Any]:
    """Make an order that has come in part, with something put aside; give the ids."""
    vendor = VendorFactory.create(name=f"{name} Trading", currency=product.currency)
    wanted = PurchaseDraft(
        Decimal(4),
        product_id=product.id,
        unit_price=Decimal("31.5"),
        pack_quantity=Decimal(12),
        purchase_unit="carton",
    )
    order = services.create_order(
        vendor_id=vendor.id, items=[wanted], vendor_reference="THEIR-ORDER-2026-000123"
    )
    services.approve_order(order.id)
    services.mark_sent(order.id)
    items = [
        ReceivedItem(Decimal(7), line_id=order.lines[0].id),
        ReceivedItem(Decimal(2), line_id=order.lines[0].id, condition="damaged"),
        ReceivedItem(Decimal(1), code="A-CODE-THAT-NOBODY-KNOWS"),
    ]
    delivery = Delivery(delivery_note="SLIP-2026-000123", note=name)
    receiver = Receiver(user_id=user.id, device="tablet")
    services.begin_receiving(receiver, scan_id=uuid4(), code=order.number)
    receiving = db.session.scalars(queries.task_of(user.id)).one()
    services.scan(receiving.id, receiver, scan_id=uuid4(), code=product.sku)
    receipt = services.receive_goods(order.id, items, delivery, key="bought")
    shipment = services.create_shipment(
        name=name, carrier=name, tracking="TRACK-2026-000123", order_ids=[order.id], note=name
    )
    cost = services.add_shipment_cost(
        shipment.id, kind="freight", amount=Decimal(80), currency="EUR", spread="weight"
    )
    return billing(order.id, name) | {
        "shipment_id": shipment.id,
        "cost_id": cost.id,
        "purchase_order_id": order.id,
        "receiving_id": receiving.id,
        "receipt_id": receipt.id,
        "limit_id": ApprovalLimitFactory.create().id,
        "reorder_rule_id": ReorderRuleFactory.create(product=product).id,
    }
