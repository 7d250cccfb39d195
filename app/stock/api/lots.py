"""Lots and serial numbers for programs: what there is of each, and its trace."""

from datetime import timedelta
from typing import Any

import marshmallow as ma

from app.core.api import Blueprint, PageQuery, Sort, asked_version, page_of, page_schema
from app.core.days import today
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_changes, versioned
from app.core.settings import setting
from app.core.web import one_or_404
from app.stock import queries, services
from app.stock.api.fields import Quantity
from app.stock.models import Lot

bp = Blueprint(
    "lots_api",
    __name__,
    url_prefix="/api/v1/lots",
    description="Lots and serial numbers, their days, and their trace",
)
VIEW, BLOCK = "stock.view", "stock.block"
Answer = tuple["ShownLot", int, dict[str, str]]


class LotSchema(ma.Schema):
    """A lot, or a piece by its serial number, with how much there is of it."""

    id = ma.fields.Int(dump_only=True)
    product_id = ma.fields.Int(dump_only=True)
    sku = ma.fields.Str(attribute="product.sku", dump_only=True)
    lot = ma.fields.Str(
        attribute="code", dump_only=True, metadata={"description": "Or the serial number"}
    )
    is_serial = ma.fields.Bool(dump_only=True)
    expires_on = ma.fields.Date(allow_none=True)
    made_on = ma.fields.Date(allow_none=True)
    vendor_id = ma.fields.Int(dump_only=True, allow_none=True)
    blocked_at = ma.fields.DateTime(dump_only=True, allow_none=True)
    block_reason = ma.fields.Str(dump_only=True)
    quantity_on_hand = Quantity(attribute="on_hand", dump_only=True)
    quantity_available = Quantity(attribute="available", dump_only=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class LotQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.LOT_SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "A number, or a SKU"})
    product_id = ma.fields.Int(load_default=None)
    shown = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", *queries.SHOWN]),
        metadata={"description": "held: on hand; soon: expires as soon as alerts say"},
    )


class BlockSchema(ma.Schema):
    """Why nothing of a lot may be used."""

    reason = ma.fields.Str(required=True, validate=ma.validate.Length(1, 200))


class TracedLotSchema(ma.Schema):
    """A lot that one was built of, or into."""

    lot_id = ma.fields.Int(attribute="id")
    lot = ma.fields.Str(attribute="code")
    sku = ma.fields.Str(attribute="product.sku")


class LotArrivalSchema(ma.Schema):
    """How goods came to be here."""

    lot = ma.fields.Str(attribute="movement.lot.code")
    sku = ma.fields.Str(attribute="movement.product.sku")
    quantity = Quantity(attribute="movement.quantity")
    reason = ma.fields.Str(attribute="movement.reason")
    document = ma.fields.Str()
    document_type = ma.fields.Str(attribute="movement.document_type", allow_none=True)
    document_id = ma.fields.Int(attribute="movement.document_id", allow_none=True)
    occurred_at = ma.fields.DateTime(attribute="movement.occurred_at")


class LotDeliverySchema(ma.Schema):
    """What a document brought a customer, and what of it came back."""

    lot = ma.fields.Str(attribute="lot.code")
    sku = ma.fields.Str(attribute="lot.product.sku")
    document = ma.fields.Str()
    document_type = ma.fields.Str(allow_none=True)
    document_id = ma.fields.Int(allow_none=True)
    sent = Quantity(attribute="went")
    returned = Quantity(attribute="back")
    sent_at = ma.fields.DateTime(allow_none=True)


class RecalledSchema(LotDeliverySchema):
    """What a customer has still, and how to reach them."""

    left = Quantity()
    customer_id = ma.fields.Int(attribute="recipient.customer_id", allow_none=True)
    customer = ma.fields.Str(attribute="recipient.name")
    email = ma.fields.Str(attribute="recipient.email")
    phone = ma.fields.Str(attribute="recipient.phone")
    address = ma.fields.Str(attribute="recipient.address")


class TraceEndSchema(ma.Schema):
    """A product without lots that a lot was built into: the trace ends there."""

    product_id = ma.fields.Int()
    sku = ma.fields.Str()
    document = ma.fields.Str()
    document_type = ma.fields.Str(allow_none=True)
    document_id = ma.fields.Int(allow_none=True)


class TraceSchema(ma.Schema):
    """A lot in both directions, over as many builds as it went through."""

    arrivals = ma.fields.List(ma.fields.Nested(LotArrivalSchema))
    built_of = ma.fields.List(ma.fields.Nested(TracedLotSchema), attribute="sources")
    built_into = ma.fields.List(ma.fields.Nested(TracedLotSchema), attribute="products")
    deliveries = ma.fields.List(ma.fields.Nested(LotDeliverySchema))
    ends = ma.fields.List(ma.fields.Nested(TraceEndSchema))


class RecallSchema(ma.Schema):
    """Who has goods of a lot, or of what was built with it."""

    items = ma.fields.List(ma.fields.Nested(RecalledSchema))


class ShownLot:
    """A lot with how much there is of it, as one thing to show."""

    def __init__(self, lot: Lot, on_hand: Any, available: Any) -> None:
        self.lot, self.on_hand, self.available = lot, on_hand, available

    def __getattr__(self, name: str) -> Any:
        return getattr(self.lot, name)


@bp.get("")
@requires(VIEW)
@bp.arguments(LotQuery, location="query")
@bp.response(200, page_schema(LotSchema))
def list_lots(query: dict[str, Any]) -> dict[str, Any]:
    """List lots and serial numbers, what expires first first."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    day = today()
    found = queries.lots(
        search=query.pop("q"),
        day=day,
        until=day + timedelta(days=setting("lot_alert_days")),
        **query,
    )
    page = page_of(found, paging, sorts=queries.LOT_SORTS, rows=True)
    return page | {"items": [ShownLot(*row) for row in page["items"]]}


@bp.get("/<int:lot_id>")
@requires(VIEW)
@bp.response(200, LotSchema)
def get_lot(lot_id: int) -> Answer:
    """Show a lot. Its ETag is the version that a change is based on."""
    return _shown(lot_id)


@bp.put("/<int:lot_id>")
@requires(BLOCK)
@idempotent
@bp.arguments(for_changes(LotSchema))
@bp.response(200, LotSchema)
@bp.alt_response(409, description="A stale version")
def update_lot(changes: dict[str, Any], lot_id: int) -> Answer:
    """Say when a lot expires, and when it was made; what is not sent stays."""
    lot = one_or_404(queries.lot(lot_id))
    days = {name: changes.get(name, getattr(lot, name)) for name in ("expires_on", "made_on")}
    services.revise_lot(lot_id, version=asked_version(changes), **days)
    return _shown(lot_id)


@bp.post("/<int:lot_id>/block")
@requires(BLOCK)
@idempotent
@bp.arguments(BlockSchema)
@bp.response(200, LotSchema)
@bp.alt_response(409, description="It is blocked already (lot_unfit)")
def block_lot(body: dict[str, Any], lot_id: int) -> Answer:
    """Let nothing more of a lot be reserved, picked or shipped."""
    one_or_404(queries.lot(lot_id))
    services.block_lot(lot_id, reason=body["reason"])
    return _shown(lot_id)


@bp.post("/<int:lot_id>/release")
@requires(BLOCK)
@idempotent
@bp.response(200, LotSchema)
@bp.alt_response(409, description="It is not blocked (lot_unfit)")
def free_lot(lot_id: int) -> Answer:
    """Let a lot be used again."""
    one_or_404(queries.lot(lot_id))
    services.free_lot(lot_id)
    return _shown(lot_id)


@bp.get("/<int:lot_id>/trace")
@requires(VIEW)
@bp.response(200, TraceSchema)
def trace_lot(lot_id: int) -> services.Trace:
    """Follow a lot back to whom it came from, and on to the documents by which it left."""
    return services.trace_lot(one_or_404(queries.lot(lot_id)))


@bp.get("/<int:lot_id>/recall")
@requires("stock.recall")
@bp.response(200, RecallSchema)
def recall_lot(lot_id: int) -> dict[str, Any]:
    """List the customers who have goods of a lot, or of what was built with it."""
    return {"items": services.recall_lot(one_or_404(queries.lot(lot_id)))}


def _shown(lot_id: int) -> Answer:
    db.session.flush()
    found = queries.lots().where(Lot.id == lot_id)
    row = db.session.execute(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        one_or_404(queries.lot(lot_id))
    assert row is not None  # noqa: S101  (it was answered with 404)
    return ShownLot(*row), 200, versioned(row[0])
