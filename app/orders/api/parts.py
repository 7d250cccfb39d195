"""Orders in parts, for programs: split, backorder, close, and what waits for goods."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.core.api import asked_version
from app.core.db import retried
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import versioned
from app.core.web import one_or_404
from app.orders import queries, services
from app.orders.api.fields import OrderPartSchema, OrderSchema
from app.orders.api.orders import Answer, answered, bp
from app.orders.api.steps import WRONG_STATE, parts_of
from app.orders.models import SalesOrder


class OrderSplitSchema(ma.Schema):
    """What goes into an order of its own."""

    items = ma.fields.List(
        ma.fields.Nested(OrderPartSchema), required=True, validate=ma.validate.Length(min=1)
    )
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class OrderClosureSchema(ma.Schema):
    """What is taken for enough; without items, all that is open."""

    items = ma.fields.List(ma.fields.Nested(OrderPartSchema))
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


@bp.post("/<int:order_id>/split")
@requires("orders.edit")
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(OrderSplitSchema)
@bp.response(201, OrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or a stale version")
def split_order(body: dict[str, Any], order_id: int) -> Answer:
    """Put some lines, or parts of them, into an order of their own; the answer is that one."""
    order = one_or_404(queries.order(order_id))
    version = asked_version(body)
    with parts_of(order, body["items"]) as parts:
        return _made(services.split_order(order_id, parts or {}, version=version))


@bp.post("/<int:order_id>/backorder")
@requires("orders.edit")
@retried
@idempotent
@bp.response(201, OrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def create_backorder(order_id: int) -> Answer:
    """Put what is not reserved into an order of its own; the answer is that one."""
    one_or_404(queries.order(order_id))
    return _made(services.backorder(order_id))


@bp.post("/<int:order_id>/close")
@requires("orders.edit")
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(OrderClosureSchema)
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or a stale version")
def close_order(body: dict[str, Any], order_id: int) -> Answer:
    """Take less than was ordered for enough: what remains is neither owed nor charged."""
    order = one_or_404(queries.order(order_id))
    version = asked_version(body)
    with parts_of(order, body.get("items")) as parts:
        services.close_short(order_id, parts, version=version)
    return answered(one_or_404(queries.order(order_id)))


@bp.post("/<int:order_id>/allocate")
@requires("orders.confirm")
@retried
@idempotent
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def allocate_order(order_id: int) -> Answer:
    """Try again to reserve what an order is missing."""
    one_or_404(queries.order(order_id))
    services.allocate(order_id)
    return answered(one_or_404(queries.order(order_id)))


@bp.post("/<int:order_id>/release")
@requires("orders.confirm")
@retried
@idempotent
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def release_order(order_id: int) -> Answer:
    """Let an order that waits go on."""
    one_or_404(queries.order(order_id))
    return answered(services.release_order(order_id))


def _made(order: SalesOrder) -> Answer:
    made = one_or_404(queries.order(order.id))
    location = url_for("orders_api.get_order", order_id=made.id)
    return answered(made)[0], 201, {"Location": location, **versioned(made)}
