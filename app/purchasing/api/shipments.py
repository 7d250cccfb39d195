"""Shipments on their way to us, for programs."""

from typing import Any

import marshmallow as ma

from app.catalog.rules import parse_currency, parse_line, parse_text
from app.core.api import Blueprint, PageQuery, Sort, asked_version, page_of, page_schema
from app.core.days import today
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.costs import Amount
from app.purchasing.models import (
    LANDED,
    SHIPMENT_STATES,
    SPREADS,
    InboundShipment,
    LandedCost,
)
from app.purchasing.prices import COSTS

bp = Blueprint(
    "inbound_shipments_api",
    __name__,
    url_prefix="/api/v1/inbound-shipments",
    description="Goods of several purchase orders on their way to us, and what that costs",
)
VIEW, EDIT = "purchase_orders.view", "purchase_orders.edit"
WRONG_STATE = "It is in a state in which this is not done (not_allowed)"
SHORT = ma.validate.Length(max=200)


class ShipmentOrderSchema(ma.Schema):
    """A purchase order of which goods are in a shipment."""

    id = ma.fields.Int()
    number = ma.fields.Str()
    vendor_name = ma.fields.Str()
    status = ma.fields.Str()


class InboundShipmentSchema(ma.Schema):
    """A shipment: a container, a pallet or a parcel."""

    id = ma.fields.Int(dump_only=True)
    number = ma.fields.Str(dump_only=True)
    name = Text(parse_line, required=True, validate=ma.validate.Length(1, 200))
    carrier = Text(parse_line, validate=SHORT)
    tracking = Text(parse_line, validate=SHORT)
    status = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf(SHIPMENT_STATES))
    expected_on = ma.fields.Date(allow_none=True)
    arrived_on = ma.fields.Date(dump_only=True, allow_none=True)
    note = Text(parse_text, validate=ma.validate.Length(max=500))
    order_ids = ma.fields.List(
        ma.fields.Int(strict=True),
        load_only=True,
        metadata={"description": "Purchase orders that are sent and come to us"},
    )
    orders = ma.fields.List(ma.fields.Nested(ShipmentOrderSchema), dump_only=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)


class InboundShipmentQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SHIPMENT_SORTS)
    q = ma.fields.Str(
        load_default="", metadata={"description": "Name, carrier, tracking or order"}
    )
    status = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", *queries.SHIPMENTS_OF_LIST, *SHIPMENT_STATES]),
    )


class ArrivalSchema(ma.Schema):
    """Which receipts came with it; without a day, it is today."""

    receipt_ids = ma.fields.List(ma.fields.Int(strict=True), required=True)
    arrived_on = ma.fields.Date(load_default=None, allow_none=True)


class ShipmentCostSchema(ma.Schema):
    """Freight, duty and the like; `spread_at`: since when it is part of what goods cost."""

    id = ma.fields.Int(dump_only=True)
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf(LANDED))
    amount = Amount(required=True, metadata={"description": "A credit is less than zero"})
    currency = Text(parse_currency, required=True)
    spread = ma.fields.Str(load_default="value", validate=ma.validate.OneOf(SPREADS))
    note = ma.fields.Str(load_default="", validate=ma.validate.Length(max=500))
    spread_at = ma.fields.DateTime(dump_only=True, allow_none=True)


class ShipmentCostsSchema(ma.Schema):
    """What a shipment costs."""

    items = ma.fields.List(ma.fields.Nested(ShipmentCostSchema))


@bp.get("")
@requires(VIEW)
@bp.arguments(InboundShipmentQuery, location="query")
@bp.response(200, page_schema(InboundShipmentSchema))
def list_inbound_shipments(query: dict[str, Any]) -> dict[str, Any]:
    """List shipments, by `sort=number` or `expected`; `status=late` for those that are."""
    found = queries.shipments(search=query.pop("q"), status=query.pop("status"), today=today())
    return page_of(found, query, sorts=queries.SHIPMENT_SORTS)


@bp.post("")
@requires(EDIT)
@retried
@idempotent
@bp.arguments(for_new(InboundShipmentSchema))
@bp.response(201, InboundShipmentSchema)
def create_inbound_shipment(values: dict[str, Any]) -> InboundShipment:
    """Plan a shipment with goods of purchase orders."""
    return _fresh(services.create_shipment(**values).id)


@bp.get("/<int:shipment_id>")
@requires(VIEW)
@bp.response(200, InboundShipmentSchema)
def get_inbound_shipment(shipment_id: int) -> InboundShipment:
    """Show a shipment."""
    return _fresh(shipment_id)


@bp.put("/<int:shipment_id>")
@requires(EDIT)
@retried
@idempotent
@bp.arguments(for_changes(InboundShipmentSchema))
@bp.response(200, InboundShipmentSchema)
@bp.alt_response(409, description=f"A stale version. {WRONG_STATE}")
def update_inbound_shipment(changes: dict[str, Any], shipment_id: int) -> InboundShipment:
    """Change a shipment that has not arrived; fields that are not sent stay."""
    _fresh(shipment_id)
    version = asked_version(changes)
    services.change_shipment(shipment_id, version=version, **changes)
    return _fresh(shipment_id)


@bp.post("/<int:shipment_id>/send-off")
@requires(EDIT)
@retried
@idempotent
@bp.response(200, InboundShipmentSchema)
@bp.alt_response(409, description=WRONG_STATE)
def send_off_inbound_shipment(shipment_id: int) -> InboundShipment:
    """Note that it is under way: its orders are expected on its day, if it has one."""
    _fresh(shipment_id)
    services.send_off(shipment_id)
    return _fresh(shipment_id)


@bp.post("/<int:shipment_id>/arrival")
@requires("purchase_orders.receive")
@retried
@idempotent
@bp.arguments(ArrivalSchema)
@bp.response(200, InboundShipmentSchema)
@bp.alt_response(409, description=WRONG_STATE)
def arrive_inbound_shipment(body: dict[str, Any], shipment_id: int) -> InboundShipment:
    """Note that it has arrived, and what came with it: its costs are spread over that."""
    _fresh(shipment_id)
    services.note_arrival(shipment_id, **body)
    return _fresh(shipment_id)


@bp.post("/<int:shipment_id>/arrival/reversal")
@requires(EDIT)
@retried
@idempotent
@bp.response(200, InboundShipmentSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or its costs are spread")
def reopen_inbound_shipment(shipment_id: int) -> InboundShipment:
    """Take an arrival back that was noted wrongly."""
    _fresh(shipment_id)
    services.reopen_shipment(shipment_id)
    return _fresh(shipment_id)


@bp.post("/<int:shipment_id>/cancel")
@requires(EDIT)
@retried
@idempotent
@bp.response(200, InboundShipmentSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or it has costs")
def cancel_inbound_shipment(shipment_id: int) -> InboundShipment:
    """Give it up: its orders stay as they are."""
    _fresh(shipment_id)
    services.cancel_shipment(shipment_id)
    return _fresh(shipment_id)


@bp.get("/<int:shipment_id>/costs")
@requires(COSTS)
@bp.response(200, ShipmentCostsSchema)
def list_shipment_costs(shipment_id: int) -> dict[str, Any]:
    """Say what it costs, spread or not."""
    _fresh(shipment_id)
    return {"items": db.session.scalars(queries.costs_of_shipment(shipment_id)).all()}


@bp.post("/<int:shipment_id>/costs")
@requires(COSTS)
@retried
@idempotent
@bp.arguments(ShipmentCostSchema)
@bp.response(201, ShipmentCostSchema)
@bp.alt_response(409, description=WRONG_STATE)
def create_shipment_cost(body: dict[str, Any], shipment_id: int) -> LandedCost:
    """Add what it costs: spread over all that came with it, once it has arrived."""
    _fresh(shipment_id)
    return services.add_shipment_cost(shipment_id, **body)


@bp.delete("/<int:shipment_id>/costs/<int:cost_id>")
@requires(COSTS)
@retried
@idempotent
@bp.response(204)
@bp.alt_response(409, description="It has been spread")
def delete_shipment_cost(shipment_id: int, cost_id: int) -> None:
    """Take a cost away that was not spread yet."""
    one_or_404(queries.cost_of_shipment(shipment_id, cost_id))
    services.drop_shipment_cost(shipment_id, cost_id)


def _fresh(shipment_id: int) -> InboundShipment:
    db.session.flush()
    query = queries.shipment(shipment_id).execution_options(populate_existing=True)
    return one_or_404(query)
