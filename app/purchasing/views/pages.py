"""The page of a purchase order."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from app.core.db import db
from app.core.pages import Menu, RecordLink, RecordPage
from app.core.permissions import may
from app.documents.views import sending
from app.purchasing import drop_shipping, queries
from app.purchasing.books import booked_of
from app.purchasing.models import CHANNELS, CONDITIONS, PurchaseOrder
from app.purchasing.papers import PURCHASE_ORDERS
from app.purchasing.prices import COSTS, may_see_prices
from app.purchasing.views import actions
from app.purchasing.views.blueprint import bp

PAPER = "purchase-order"


def _context(order: PurchaseOrder) -> Mapping[str, Any]:
    return {
        **sending(PURCHASE_ORDERS, order),
        "receipts": db.session.scalars(queries.receipts_of(order.id)).all(),
        "conditions": CONDITIONS,
        "channels": CHANNELS,
        "customer_orders": drop_shipping.orders_of(order),
        "has_prices": may_see_prices(),
        "booked": booked_of(order.id, may=may),
    }


send = RecordLink(
    label="Send",
    href=lambda order: url_for(
        "purchase_orders.new_sent_document", purchase_order_id=order.id, kind=PAPER
    ),
    permission="purchase_orders.send",
    kind="primary",
    icon="mail",
    is_dialog=True,
    when=lambda order: order.status == "approved",
)
send_again = RecordLink(
    label="Send again",
    href=send.href,
    permission="purchase_orders.send",
    kind="quiet",
    icon="mail",
    is_dialog=True,
    when=lambda order: order.is_open,
)
edit = RecordLink(
    label="Edit",
    href=lambda order: url_for("purchase_orders.edit", purchase_order_id=order.id),
    permission="purchase_orders.edit",
    icon="edit",
    when=lambda order: order.is_editable,
)
paper = RecordLink(
    label="PDF",
    href=lambda order: url_for(
        "purchase_orders.document", purchase_order_id=order.id, kind=PAPER
    ),
    permission=COSTS,
    icon="print",
)
more = Menu(
    label="More",
    items=(
        send_again,
        actions.mark_sent,
        actions.reopen,
        actions.close_short,
        actions.cancel,
    ),
)

order_page = RecordPage(
    resource=actions.ORDER,
    query=queries.order_page,
    permission="purchase_orders.view",
    heading="Purchase order {0.number}",
    subtitle="{0.vendor_name}",
    crumbs=lambda _order: [("Purchase orders", url_for("purchase_orders.index"))],
    buttons=(
        actions.approve,
        send,
        actions.receive,
        actions.deliver,
        actions.confirm,
        edit,
        paper,
        more,
    ),
    has_row=True,
    topic=lambda order: f"purchase_orders:{order.id}",
    news="purchase-order-{0.id}-news",
    body="purchasing/_order.html",
    context=_context,
    labels={
        "vendor_reference": "Their order number",
        "cancel_reason": "Reason",
        "warehouse_id": "Deliver to",
        "delivery_address": "Delivered to the customer at",
        "purchase_lines": "Lines",
        "tax_rate": "Tax rate",
    },
)
order_page.add_to(bp)
