"""Orders for programs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.core.api import AliasedBlueprint, asked_version, page_of, page_schema
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_changes, for_new, versioned
from app.core.web import one_or_404
from app.orders import queries, services
from app.orders.api.fields import OrderQuery, OrderSchema, ShownOrder, shown
from app.orders.models import SalesOrder

bp = AliasedBlueprint(
    "orders_api",
    __name__,
    url_prefix="/api/v1/orders",
    alias="/api/orders",
    description="Sales orders",
)

Answer = tuple[ShownOrder, int, dict[str, str]]
STALE = "A stale version, or a state in which it is not changed"


@bp.get("")
@requires("orders.view")
@bp.arguments(OrderQuery, location="query")
@bp.response(200, page_schema(OrderSchema))
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """List orders.

    `status` is one of them, `open` for all that is still owed, or `late` for what of that is
    beyond its cut-off.
    """
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.orders(
        search=query.pop("q"),
        customer_id=query.pop("customer"),
        now=datetime.now(UTC),
        **query,
    )
    page = page_of(queries.with_lines(found), paging, sorts=queries.SORTS)
    return page | {"items": shown_orders(*page["items"])}


@bp.post("")
@requires("orders.edit")
@retried
@idempotent
@bp.arguments(for_new(OrderSchema))
@bp.response(201, OrderSchema)
@bp.alt_response(409, description="The external number has come before")
def create_order(values: dict[str, Any]) -> Answer:
    """Write a draft of an order; what is left out follows from customer and product."""
    order = services.create_order(channel="api", **values)
    answer, _status, headers = answered(order)
    location = url_for("orders_api.get_order", order_id=order.id)
    return answer, 201, {"Location": location, **headers}


@bp.get("/<int:order_id>")
@requires("orders.view")
@bp.response(200, OrderSchema)
def get_order(order_id: int) -> Answer:
    """Show an order. Its ETag is the version that a change is based on."""
    return answered(one_or_404(queries.order(order_id)))


@bp.put("/<int:order_id>")
@requires("orders.edit")
@retried
@idempotent
@bp.arguments(for_changes(OrderSchema))
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=STALE)
def update_order(changes: dict[str, Any], order_id: int) -> Answer:
    """Change an order; fields that are not sent stay as they are, `items` are all its lines.

    With `version`, or the version as `If-Match`, only if nobody has changed it since.
    """
    one_or_404(queries.order(order_id))
    version = asked_version(changes)
    return answered(services.change_order(order_id, version=version, **changes))


def answered(order: SalesOrder, *, reserved: Mapping[int, Decimal] | None = None) -> Answer:
    """Answer with an order as it is now; `reserved` for its lines is asked for if not given."""
    order_shown = shown_orders(order)[0] if reserved is None else shown(order, reserved)
    return order_shown, 200, versioned(order)


def shown_orders(*orders: SalesOrder) -> list[ShownOrder]:
    """Put orders and what is reserved for them together."""
    ids = [line.id for order in orders for line in order.single_lines]
    reserved = {n: part for n, part in db.session.execute(queries.reserved_of(ids)) if n}
    return [shown(order, reserved) for order in orders]
