"""What programs do with purchase orders."""

from collections.abc import Mapping
from typing import Any

from app.core.api import asked_version
from app.core.db import retried
from app.core.errors import Invalid, sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.documents import services as documents
from app.purchasing import queries, services
from app.purchasing.api.fields import (
    PurchaseOrderCancellationSchema,
    PurchaseOrderClosureSchema,
    PurchaseOrderConfirmationSchema,
    PurchaseOrderSchema,
    PurchaseOrderSendingSchema,
)
from app.purchasing.api.orders import Answer, answered, bp
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.purchasing.papers import PURCHASE_ORDERS

WRONG_STATE = "It is in a state in which this is not done (not_allowed)"
PAPER = "purchase-order"


@bp.post("/<int:purchase_order_id>/approve")
@requires("purchase_orders.approve")
@retried
@idempotent
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(403, description="It comes to more than your role approves (over_limit)")
@bp.alt_response(409, description=WRONG_STATE)
def approve_purchase_order(purchase_order_id: int) -> Answer:
    """Say that an order may go to its vendor."""
    one_or_404(queries.order(purchase_order_id))
    services.approve_order(purchase_order_id)
    return answered(purchase_order_id)


@bp.post("/<int:purchase_order_id>/send")
@requires("purchase_orders.send")
@retried
@idempotent
@bp.arguments(PurchaseOrderSendingSchema)
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
@bp.alt_response(503, description="No mail server is set up (no_mail_server)")
def send_purchase_order(body: dict[str, Any], purchase_order_id: int) -> Answer:
    """Send an approved order to its vendor as PDF: it is incoming from now on.

    Sent once more, it goes out again and counts once.
    """
    order = one_or_404(queries.order_page(purchase_order_id))
    if body.pop("without_email"):
        services.mark_sent(purchase_order_id)
        return answered(purchase_order_id)
    usual = documents.usual_letter(PURCHASE_ORDERS, order, PAPER)
    names = {"to": "recipient", "subject": "subject", "text": "body"}
    letter = usual._replace(**{names[name]: said for name, said in body.items()})
    documents.send_document(PURCHASE_ORDERS, order, PAPER, letter)
    return answered(purchase_order_id)


@bp.post("/<int:purchase_order_id>/confirm")
@requires("purchase_orders.send")
@sent_as(days="items")
@retried
@idempotent
@bp.arguments(PurchaseOrderConfirmationSchema)
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or a stale version")
def confirm_purchase_order(body: dict[str, Any], purchase_order_id: int) -> Answer:
    """Note what the vendor says: their number, and when what comes."""
    order = one_or_404(queries.order(purchase_order_id))
    version = asked_version(body)
    items = body.pop("items", ())
    days = {line_of(order, item).id: item["confirmed_on"] for item in items}
    services.confirm_order(purchase_order_id, days=days, version=version, **body)
    return answered(purchase_order_id)


@bp.post("/<int:purchase_order_id>/reopen")
@requires("purchase_orders.edit")
@retried
@idempotent
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def reopen_purchase_order(purchase_order_id: int) -> Answer:
    """Make a draft again of what was approved or sent, as long as nothing has come."""
    one_or_404(queries.order(purchase_order_id))
    services.reopen_order(purchase_order_id)
    return answered(purchase_order_id)


@bp.post("/<int:purchase_order_id>/close")
@requires("purchase_orders.edit")
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(PurchaseOrderClosureSchema)
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or a stale version")
def close_purchase_order(body: dict[str, Any], purchase_order_id: int) -> Answer:
    """Close lines short: what remains open is neither owed nor charged."""
    order = one_or_404(queries.order(purchase_order_id))
    version = asked_version(body)
    parts = None
    if "items" in body:
        parts = {line_of(order, item).id: item["quantity"] for item in body["items"]}
    services.close_short(purchase_order_id, parts, version=version)
    return answered(purchase_order_id)


@bp.post("/<int:purchase_order_id>/cancel")
@requires("purchase_orders.cancel")
@retried
@idempotent
@bp.arguments(PurchaseOrderCancellationSchema)
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def cancel_purchase_order(body: dict[str, Any], purchase_order_id: int) -> Answer:
    """Cancel an order of which nothing has come."""
    one_or_404(queries.order(purchase_order_id))
    services.cancel_order(purchase_order_id, reason=body["reason"])
    return answered(purchase_order_id)


def line_of(order: PurchaseOrder, item: Mapping[str, Any]) -> PurchaseLine:
    """Give the line that is meant; a product names the first of its lines that is open.

    Raises:
        Invalid: There is none.
    """
    found = [line for line in order.lines if _is_meant(line, item)]
    open_first = sorted(found, key=lambda line: not line.units_open)
    if not open_first:
        raise Invalid("items", "The order has no such line.")
    return open_first[0]


def _is_meant(line: PurchaseLine, item: Mapping[str, Any]) -> bool:
    names = {"line_id": line.id, "sku": line.sku, "product_id": line.product_id}
    return any(item.get(name) == value for name, value in names.items() if name in item)
