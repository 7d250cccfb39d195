"""What programs do with orders: the steps that API.md fixes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import abort
from sqlalchemy.exc import NoResultFound

from app.core.db import retried
from app.core.errors import InvalidRow, sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.documents.errors import InvalidQuantity
from app.orders import queries, services
from app.orders.api.fields import (
    OrderCancellationSchema,
    OrderHoldSchema,
    OrderReturnSchema,
    OrderSchema,
    OrderShipmentSchema,
    ShipmentSchema,
)
from app.orders.api.orders import Answer, answered, bp
from app.orders.models import OrderLine, SalesOrder
from app.stock import services as stock

WRONG_STATE = "It is in a state in which this is not done (not_allowed)"


@bp.post("/<int:order_id>/confirm")
@requires("orders.confirm")
@retried
@idempotent
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or a line names nothing we know")
def confirm_order(order_id: int) -> Answer:
    """Take an order on: what there is of it is reserved, the rest is on backorder."""
    try:
        confirmed = services.take_on([order_id])
    except NoResultFound:
        abort(404)
    return answered(*confirmed.orders, reserved=confirmed.reserved)


@bp.post("/<int:order_id>/hold")
@requires("orders.confirm")
@retried
@idempotent
@bp.arguments(OrderHoldSchema)
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def hold_order(body: dict[str, Any], order_id: int) -> Answer:
    """Let an order wait, with the reason; with `release`, let it go on."""
    one_or_404(queries.order(order_id))
    if body["release"]:
        return answered(services.release_order(order_id))
    return answered(services.hold_order(order_id, reason=body["reason"]))


@bp.post("/<int:order_id>/cancel")
@requires("orders.cancel")
@retried
@idempotent
@bp.arguments(OrderCancellationSchema)
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def cancel_order(body: dict[str, Any], order_id: int) -> Answer:
    """Cancel an order: what is reserved for it is free again."""
    one_or_404(queries.order(order_id))
    return answered(services.cancel_order(order_id, reason=body["reason"]))


@bp.post("/<int:order_id>/ship")
@requires("orders.ship")
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(OrderShipmentSchema)
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or nothing is reserved")
def ship_order(body: dict[str, Any], order_id: int) -> Answer:
    """Ship what is reserved for an order, or some of it, without picking by tablet."""
    order = one_or_404(queries.order(order_id))
    with parts_of(order, body.get("items")) as parts:
        services.ship(order_id, parts, key=f"api:ship:{uuid4()}")
    return answered(one_or_404(queries.order(order_id)))


@bp.get("/<int:order_id>/shipments")
@requires("orders.view")
@bp.response(200, ShipmentSchema(many=True))
def list_shipments(order_id: int) -> list[services.Shipment]:
    """List what has left for an order and is not undone, the newest first."""
    return services.shipments_of(one_or_404(queries.order(order_id)))


@bp.post("/<int:order_id>/shipments/<int:posting_id>/reversal")
@requires("orders.ship")
@retried
@idempotent
@bp.response(200, OrderSchema)
@bp.alt_response(409, description="It came back in part, was packed, or a shop has been told")
def undo_shipment(order_id: int, posting_id: int) -> Answer:
    """Undo a shipment that never left: its goods lie where they were, and are reserved."""
    one_or_404(queries.order(order_id))
    services.undo_shipment(order_id, posting_id, key=f"undo:{posting_id}")
    return answered(one_or_404(queries.order(order_id)))


@bp.post("/<int:order_id>/return")
@requires("orders.return")
@sent_as(quantities="items")
@retried
@idempotent
@bp.arguments(OrderReturnSchema)
@bp.response(200, OrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def return_goods(body: dict[str, Any], order_id: int) -> Answer:
    """Return items: good ones are on hand again, damaged ones are written off."""
    order = one_or_404(queries.order(order_id))
    place = body.get("location")
    location_id = stock.find_location(place) if place else stock.default_location()
    receipt = services.ReturnReceipt(
        body["reason"], body["condition"], location_id, body["note"]
    )
    lots = _lots(order, body["items"])
    with parts_of(order, body["items"]) as parts:
        services.return_goods(
            order_id, parts or {}, receipt, key=f"api:return:{uuid4()}", lots=lots
        )
    return answered(one_or_404(queries.order(order_id)))


def _lots(order: SalesOrder, items: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Give the lots that items say, by line."""
    lots: dict[int, list[str]] = {}
    for item in items:
        line = _meant(order, item)
        if line is not None and item.get("lot"):
            lots.setdefault(line.id, []).append(item["lot"])
    return {line_id: " ".join(codes) for line_id, codes in lots.items()}


def _meant(order: SalesOrder, item: Mapping[str, Any]) -> OrderLine | None:
    lines = [*order.lines, *order.single_lines]
    return next((line for line in lines if _is_meant(line, item)), None)


@contextmanager
def parts_of(
    order: SalesOrder, items: Iterable[Mapping[str, Any]] | None
) -> Iterator[dict[int, Decimal] | None]:
    """Give quantities by line, None of all; a product names the first of its lines.

    What is wrong with the quantity of a line is said of the item that named the line.

    Raises:
        InvalidRow: An item names no line of the order, or more of it than there is.
    """
    parts: dict[int, Decimal] = {}
    rows: dict[int, int] = {}
    for row, item in enumerate(items or ()):
        line = _meant(order, item)
        if line is None:
            [name] = item.keys() - {"quantity", "lot"}
            raise InvalidRow("items", row, name, "the order has no such line.")
        parts[line.id] = parts.get(line.id, Decimal(0)) + item["quantity"]
        rows[line.id] = row
    try:
        yield None if items is None else parts
    except InvalidQuantity as error:
        if error.line_id not in rows:
            raise
        raise InvalidRow("items", rows[error.line_id], "quantity", str(error)) from error


def _is_meant(line: OrderLine, item: Mapping[str, Any]) -> bool:
    names = {"line_id": line.id, "sku": line.sku, "product_id": line.product_id}
    return any(item.get(name) == value for name, value in names.items() if name in item)
