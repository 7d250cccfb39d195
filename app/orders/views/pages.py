"""The page of an order."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from app.core.db import db
from app.core.pages import Menu, RecordLink, RecordPage
from app.documents.views import papers_menu, sending
from app.orders import queries
from app.orders.channels import channels
from app.orders.models import CONDITIONS, RETURN_REASONS, SalesOrder
from app.orders.papers import SALES_ORDERS
from app.orders.views import actions
from app.orders.views.blueprint import bp
from app.orders.views.progress import progress_of


def _context(order: SalesOrder) -> Mapping[str, Any]:
    return {
        **sending(SALES_ORDERS, order),
        "returns": db.session.scalars(queries.returns_of(order.id)).all(),
        "parts": db.session.scalars(queries.parts_of(order.id)).all(),
        "channels": channels(),
        "reasons": RETURN_REASONS,
        "conditions": CONDITIONS,
    }


edit = RecordLink(
    label="Edit",
    href=lambda order: url_for("orders.edit", order_id=order.id),
    permission="orders.edit",
    icon="edit",
    when=lambda shown: shown.order.is_editable,
)
labels = RecordLink(
    label="Labels",
    href=lambda order: url_for("labels.new", subject="order_number", items=order.number),
    permission="labels.print",
    icon="barcode",
)
buy = RecordLink(
    label="Buy what is missing",
    href=lambda order: f"/shortages/orders/{order.id}/purchases/new",
    permission="purchase_orders.edit",
    icon="truck",
    is_dialog=True,
    when=lambda shown: shown.order.is_waiting and bool(shown.missing),
)
drop_ship = RecordLink(
    label="Drop ship",
    href=lambda order: f"/drop-shipping/orders/{order.id}/deliveries/new",
    permission="purchase_orders.edit",
    icon="truck",
    kind="quiet",
    is_dialog=True,
    when=lambda shown: shown.can_drop_ship,
)
returned_to_vendor = RecordLink(
    label="Returned to the vendor",
    href=lambda order: f"/drop-shipping/orders/{order.id}/returns/new",
    permission="orders.return",
    icon="undo",
    kind="quiet",
    is_dialog=True,
    when=lambda shown: shown.can_return and bool(shown.deliveries),
)
more = Menu(
    label="More",
    items=(
        drop_ship,
        returned_to_vendor,
        actions.hold,
        actions.split,
        actions.backorder,
        actions.close_short,
        actions.undo_shipment,
        actions.cancel,
    ),
)

order_page = RecordPage(
    resource=actions.ORDER,
    query=queries.order_page,
    permission="orders.view",
    heading="Order {0.number}",
    subtitle="{0.customer_name}",
    crumbs=lambda _order: [("Orders", url_for("orders.index"))],
    look=progress_of,
    buttons=(
        actions.confirm,
        actions.release,
        actions.ship,
        actions.allocate,
        buy,
        edit,
        actions.return_items,
        papers_menu(SALES_ORDERS, bp.name),
        labels,
        more,
    ),
    has_row=True,
    topic=lambda order: f"orders:{order.id}",
    news="order-{0.id}-news",
    body="orders/_order.html",
    context=_context,
    labels={
        "customer_po": "Their order number",
        "hold_reason": "Reason",
        "split_from_id": "Split from",
        "total": "Total",
        "tax_rate": "Tax rate",
        "discount": "Discount",
        "shipping_amount": "Shipping",
        "shipping_tax_rate": "Tax on shipping",
    },
)
order_page.add_to(bp)
