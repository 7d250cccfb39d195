"""Purchase orders for programs."""

from typing import Any

from flask import url_for

from app.core.api import Blueprint, asked_version, page_of, page_schema
from app.core.days import today
from app.core.db import retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_changes, for_new, versioned
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.fields import PurchaseOrderQuery, PurchaseOrderSchema
from app.purchasing.models import PurchaseOrder

bp = Blueprint(
    "purchase_orders_api",
    __name__,
    url_prefix="/api/v1/purchase-orders",
    description="Purchase orders, and what has come of them",
)

Answer = tuple[PurchaseOrder, int, dict[str, str]]
STALE = "A stale version, or a state in which it is not changed"


@bp.get("")
@requires("purchase_orders.view")
@bp.arguments(PurchaseOrderQuery, location="query")
@bp.response(200, page_schema(PurchaseOrderSchema))
def list_purchase_orders(query: dict[str, Any]) -> dict[str, Any]:
    """List purchase orders.

    `sort` is one of number, date, due, vendor and total. `status` is one of them, `open` for
    all that a vendor owes, or `late` for what of that was due before today.
    """
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.orders(
        search=query.pop("q"), vendor_id=query.pop("vendor"), today=today(), **query
    )
    return page_of(queries.with_lines(found), paging, sorts=queries.SORTS)


@bp.post("")
@requires("purchase_orders.edit")
@retried
@idempotent
@bp.arguments(for_new(PurchaseOrderSchema))
@bp.response(201, PurchaseOrderSchema)
@bp.alt_response(409, description="The external number has come before")
def create_purchase_order(values: dict[str, Any]) -> Answer:
    """Write a draft of a purchase order; what is left out follows from vendor and product."""
    order = services.create_order(channel="api", **values)
    answer, _status, headers = answered(order.id)
    location = url_for("purchase_orders_api.get_purchase_order", purchase_order_id=order.id)
    return answer, 201, {"Location": location, **headers}


@bp.get("/<int:purchase_order_id>")
@requires("purchase_orders.view")
@bp.response(200, PurchaseOrderSchema)
def get_purchase_order(purchase_order_id: int) -> Answer:
    """Show a purchase order. Its ETag is the version that a change is based on."""
    return answered(purchase_order_id)


@bp.put("/<int:purchase_order_id>")
@requires("purchase_orders.edit")
@retried
@idempotent
@bp.arguments(for_changes(PurchaseOrderSchema))
@bp.response(200, PurchaseOrderSchema)
@bp.alt_response(409, description=STALE)
def update_purchase_order(changes: dict[str, Any], purchase_order_id: int) -> Answer:
    """Change a purchase order; fields that are not sent stay, `items` are all its lines.

    With `version`, or the version as `If-Match`, only if nobody has changed it since. What was
    approved is a draft again.
    """
    one_or_404(queries.order(purchase_order_id))
    version = asked_version(changes)
    services.change_order(purchase_order_id, version=version, **changes)
    return answered(purchase_order_id)


def answered(purchase_order_id: int) -> Answer:
    """Answer with an order as it is now."""
    order = one_or_404(queries.order(purchase_order_id))
    return order, 200, versioned(order)
