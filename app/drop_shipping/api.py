"""What vendors deliver of customers' orders, for programs."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.core.api import Blueprint
from app.core.db import retried
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.drop_shipping import services
from app.orders import queries as orders
from app.orders.api.fields import OrderPartSchema
from app.orders.api.steps import parts_of
from app.orders.models import RETURN_REASONS, SalesOrder
from app.orders.services import load_components
from app.stock.api.fields import Quantity

bp = Blueprint(
    "drop_shipping_api",
    __name__,
    url_prefix="/api/v1/drop-shipping",
    description="What vendors deliver to customers: it never lies here",
)
VIEW, BUY, RETURN = "purchase_orders.view", "purchase_orders.edit", "orders.return"
WRONG_STATE = "It is in a state in which this is not done (not_allowed)"
SOME = ma.validate.Length(min=1)


class DropShippableSchema(ma.Schema):
    """A line that a vendor may deliver: how much of it, and what is missing of it here."""

    line_id = ma.fields.Int(attribute="line.id")
    sku = ma.fields.Str(attribute="line.sku")
    most = Quantity()
    missing = Quantity()
    multiple_of = Quantity(
        attribute="step", metadata={"description": "What the usual vendor sells it by"}
    )
    vendor_name = ma.fields.Str(attribute="vendor")


class VendorDeliverySchema(ma.Schema):
    """A purchase order by which a vendor delivers."""

    number = ma.fields.Str()
    vendor_name = ma.fields.Str(attribute="vendor")
    state = ma.fields.Str()
    delivery_address = ma.fields.Str(attribute="address")


class DropShippingSchema(ma.Schema):
    """What of an order vendors may deliver, and what they do."""

    items = ma.fields.List(ma.fields.Nested(DropShippableSchema))
    deliveries = ma.fields.List(ma.fields.Nested(VendorDeliverySchema))


class DropShipmentSchema(ma.Schema):
    """What vendors are to deliver; without a vendor, who usually sells each product."""

    items = ma.fields.List(ma.fields.Nested(OrderPartSchema), required=True, validate=SOME)
    vendor_id = ma.fields.Int(strict=True)
    version = ma.fields.Int(strict=True, metadata={"description": "Of the order, as read"})


class DirectReturnSchema(ma.Schema):
    """What a customer has sent back to the vendors who delivered it."""

    items = ma.fields.List(ma.fields.Nested(OrderPartSchema), required=True, validate=SOME)
    reason = ma.fields.Str(required=True, validate=ma.validate.OneOf(RETURN_REASONS))
    note = ma.fields.Str(load_default="", validate=ma.validate.Length(max=500))


class NumbersSchema(ma.Schema):
    """The documents that were made."""

    numbers = ma.fields.List(ma.fields.Str())


@bp.get("/orders/<int:order_id>")
@requires(VIEW)
@bp.response(200, DropShippingSchema)
def get_drop_shipping(order_id: int) -> Mapping[str, Any]:
    """Say what of an order vendors may deliver to its customer, and by what they do."""
    order = one_or_404(orders.order(order_id))
    return {
        "items": services.offers_of(order),
        "deliveries": services.deliveries_of(order.id),
    }


@bp.post("/orders/<int:order_id>/deliveries")
@requires(BUY)
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(DropShipmentSchema)
@bp.response(200, NumbersSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or a stale version")
def drop_ship_order(body: dict[str, Any], order_id: int) -> Mapping[str, Any]:
    """Draft purchase orders, one for each vendor, who delivers to the customer."""
    order = _order(order_id)
    with parts_of(order, body.pop("items")) as parts:
        made = services.drop_ship(order_id, parts or {}, **body)
    return {"numbers": [one.number for one in made]}


@bp.post("/orders/<int:order_id>/returns")
@requires(RETURN)
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(DirectReturnSchema)
@bp.response(200, NumbersSchema)
@bp.alt_response(409, description=WRONG_STATE)
def return_drop_shipped(body: dict[str, Any], order_id: int) -> Mapping[str, Any]:
    """Note that a customer has sent goods back to the vendors who delivered them.

    It counts as returned in the order, and as returns to vendors, whose credit is expected.
    """
    order = _order(order_id)
    with parts_of(order, body.pop("items")) as parts:
        made = services.return_to_vendors(
            order_id, parts or {}, key=f"api:direct:{uuid4()}", **body
        )
    return {"numbers": [one.number for one in made]}


def _order(order_id: int) -> SalesOrder:
    order: SalesOrder = one_or_404(orders.order(order_id))
    load_components([order])
    return order
