"""What came of deliveries, for programs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db, retried
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.fields import Quantity
from app.purchasing.api.orders import bp as orders
from app.purchasing.models import CONDITIONS, DECISIONS, RECEIVED, GoodsReceipt, PurchaseOrder
from app.purchasing.services import Delivery, ReceivedItem
from app.purchasing.services.receiving import LONGEST_NOTE
from app.stock import services as stock

VIEW, RECEIVE = "purchase_orders.view", "purchase_orders.receive"
TOO_MUCH = "More has come than is taken in, and it is not said that it is put aside"
WORDS = ma.validate.Length(max=LONGEST_NOTE)

bp = Blueprint(
    "goods_receipts_api",
    __name__,
    url_prefix="/api/v1/goods-receipts",
    description="What has come of purchase orders, and what came without one",
)


class LotFields(ma.Schema):
    """What is tracked says its lot, and each piece its serial number."""

    lot = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    serials = ma.fields.List(
        ma.fields.Str(validate=ma.validate.Length(1, 100)),
        load_default=[],
        metadata={"description": "Of several pieces with serial numbers: all of them"},
    )
    expires_on = ma.fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Needed of a new lot of a product that has expiry dates"},
    )
    made_on = ma.fields.Date(load_default=None, allow_none=True)

    @ma.validates_schema
    def _as_many(self, body: dict[str, Any], **_rest: Any) -> None:
        serials, quantity = body.get("serials"), body.get("quantity")
        if serials and (body.get("lot") or len(serials) != quantity):
            raise ma.ValidationError("Give as many as have come, and no lot.", "serials")


class ReceivedItemSchema(LotFields):
    """So much of a line, or of a product, in the product's own unit.

    A `code` that no product of ours has is put aside as what nobody knows.
    """

    line_id = ma.fields.Int(strict=True)
    product_id = ma.fields.Int(strict=True)
    sku = ma.fields.Str(validate=ma.validate.Length(1, 200))
    code = ma.fields.Str(validate=ma.validate.Length(1, 200))
    quantity = Quantity(required=True)
    condition = ma.fields.Str(load_default="good", validate=ma.validate.OneOf(RECEIVED))
    location = ma.fields.Str(validate=ma.validate.Length(min=1))

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("line_id", "product_id", "sku", "code")) != 1:
            reason = "Give one of line_id, product_id, sku and code."
            raise ma.ValidationError(reason, "line_id")


class ReceivingSchema(ma.Schema):
    """A delivery; without a location each product goes where it lives."""

    items = ma.fields.List(
        ma.fields.Nested(ReceivedItemSchema), required=True, validate=ma.validate.Length(1)
    )
    location = ma.fields.Str(validate=ma.validate.Length(min=1))
    delivery_note = ma.fields.Str(load_default="", validate=WORDS)
    note = ma.fields.Str(load_default="", validate=WORDS)
    put_excess_aside = ma.fields.Bool(load_default=False)
    serve_first = ma.fields.Bool(
        load_default=False,
        metadata={"description": "Reserve it at once for the orders that wait for it"},
    )


class AsideItemSchema(LotFields):
    """So much of something that nobody has ordered: by SKU, barcode, or whatever is on it."""

    code = ma.fields.Str(required=True, validate=ma.validate.Length(1, 200))
    quantity = Quantity(required=True)


class AsideSchema(ma.Schema):
    """A delivery that belongs to no order."""

    vendor_id = ma.fields.Int(strict=True)
    items = ma.fields.List(
        ma.fields.Nested(AsideItemSchema), required=True, validate=ma.validate.Length(1)
    )
    delivery_note = ma.fields.Str(load_default="", validate=WORDS)
    note = ma.fields.Str(load_default="", validate=WORDS)


class AsideDecisionSchema(ma.Schema):
    """What becomes of an item that was put aside; what is taken in goes to a location."""

    item_id = ma.fields.Int(strict=True, required=True)
    decision = ma.fields.Str(required=True, validate=ma.validate.OneOf(DECISIONS))
    location = ma.fields.Str(validate=ma.validate.Length(min=1))


class AsideDecisionsSchema(ma.Schema):
    """What becomes of what was put aside: all of it, or some."""

    items = ma.fields.List(
        ma.fields.Nested(AsideDecisionSchema), required=True, validate=ma.validate.Length(1)
    )
    note = ma.fields.Str(load_default="", validate=WORDS)


class ReceiptLineSchema(ma.Schema):
    """So much of one thing in one condition, and where it was put."""

    id = ma.fields.Int()
    line_id = ma.fields.Int(attribute="order_line_id", allow_none=True)
    product_id = ma.fields.Int(allow_none=True)
    sku = ma.fields.Str(attribute="called")
    quantity = Quantity()
    condition = ma.fields.Str(validate=ma.validate.OneOf(CONDITIONS))
    location = ma.fields.Str(attribute="location.code", allow_none=True)
    lot = ma.fields.Str(
        attribute="lot.code", allow_none=True, metadata={"description": "Or serial number"}
    )
    lot_id = ma.fields.Int(allow_none=True)
    decision = ma.fields.Str(
        allow_none=True,
        validate=ma.validate.OneOf(DECISIONS),
        metadata={"description": "Of what was put aside: what has become of it"},
    )
    decided_at = ma.fields.DateTime(allow_none=True)


class ReceiptSchema(ma.Schema):
    """What came in one go."""

    id = ma.fields.Int()
    number = ma.fields.Str()
    order_id = ma.fields.Int(allow_none=True)
    order_status = ma.fields.Str(attribute="order.status", allow_none=True)
    vendor_id = ma.fields.Int(allow_none=True)
    posting_id = ma.fields.Int(allow_none=True)
    delivery_note = ma.fields.Str()
    note = ma.fields.Str()
    items = ma.fields.List(ma.fields.Nested(ReceiptLineSchema), attribute="lines")
    received_at = ma.fields.DateTime(attribute="created_at")
    undone_at = ma.fields.DateTime(allow_none=True)


class ReceiptQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.RECEIPT_SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "A number, ours or theirs"})
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)
    put_aside = ma.fields.Bool(load_default=False)
    undecided = ma.fields.Bool(
        load_default=False, metadata={"description": "Where somebody has to decide still"}
    )


@orders.post("/<int:purchase_order_id>/receive")
@requires(RECEIVE)
@sent_as(quantities="items", others="items")
@retried
@idempotent
@orders.arguments(ReceivingSchema)
@orders.response(201, ReceiptSchema)
@orders.alt_response(
    409, description="The vendor does not have it, it is cancelled, or a piece is here already"
)
@orders.alt_response(422, description=TOO_MUCH)
def receive_purchase_order(body: dict[str, Any], purchase_order_id: int) -> GoodsReceipt:
    """Take in what has come of an order: partly, more than once, damaged, too much."""
    order = one_or_404(queries.order(purchase_order_id))
    place = body.get("location")
    delivery = Delivery(
        location_id=stock.find_location(place) if place else None,
        delivery_note=body["delivery_note"],
        note=body["note"],
        takes_excess=body["put_excess_aside"],
        serves_first=body["serve_first"],
    )
    items = _items(order, body["items"])
    made = services.receive_goods(
        purchase_order_id, items, delivery, key=f"api:receive:{uuid4()}"
    )
    return _fresh(made.id)


@bp.get("")
@requires(VIEW)
@bp.arguments(ReceiptQuery, location="query")
@bp.response(200, page_schema(ReceiptSchema))
def list_goods_receipts(query: dict[str, Any]) -> dict[str, Any]:
    """List what has come, by `sort=number`; `put_aside` only where something was."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.receipts(
        search=query.pop("q"),
        vendor_id=query.pop("vendor"),
        has_aside=query.pop("put_aside"),
        is_undecided=query.pop("undecided"),
        **query,
    )
    return page_of(queries.with_receipt_lines(found), paging, sorts=queries.RECEIPT_SORTS)


@bp.get("/<int:receipt_id>")
@requires(VIEW)
@bp.response(200, ReceiptSchema)
def get_goods_receipt(receipt_id: int) -> GoodsReceipt:
    """Show what came in one go."""
    return _fresh(receipt_id)


@bp.post("")
@requires(RECEIVE)
@sent_as(others="items", quantities="items")
@retried
@idempotent
@bp.arguments(AsideSchema)
@bp.response(201, ReceiptSchema)
def create_goods_receipt(body: dict[str, Any]) -> GoodsReceipt:
    """Take in a delivery without an order: all of it is put aside, and that is told."""
    items = [
        services.item_called(item["code"], quantity, lot=lot)
        for item in body["items"]
        for quantity, lot in _pieces(item)
    ]
    delivery = Delivery(delivery_note=body["delivery_note"], note=body["note"])
    made = services.put_aside(
        items, delivery, key=f"api:aside:{uuid4()}", vendor_id=body.get("vendor_id")
    )
    return _fresh(made.id)


@bp.post("/<int:receipt_id>/reversal")
@requires(RECEIVE)
@retried
@idempotent
@bp.response(200, ReceiptSchema)
@bp.alt_response(409, description="Undone already, or some of it has gone or is reserved")
def undo_goods_receipt(receipt_id: int) -> GoodsReceipt:
    """Undo a receipt: its goods go as they came, and are open on their order again."""
    one_or_404(queries.receipt(receipt_id))
    services.undo_receipt(receipt_id)
    return _fresh(receipt_id)


@bp.post("/<int:receipt_id>/decisions")
@requires("purchase_orders.edit")
@sent_as(location="items")
@retried
@idempotent
@bp.arguments(AsideDecisionsSchema)
@bp.response(200, ReceiptSchema)
@bp.alt_response(409, description="Undone, decided otherwise already, or it lies there no more")
def decide_goods_receipt(body: dict[str, Any], receipt_id: int) -> GoodsReceipt:
    """Say what becomes of what was put aside: taken in, sent back, or written off."""
    one_or_404(queries.receipt(receipt_id))
    decisions = [
        services.Decision(
            item["item_id"],
            item["decision"],
            stock.find_location(item["location"]) if "location" in item else None,
        )
        for item in body["items"]
    ]
    services.decide_aside(receipt_id, decisions, note=body["note"])
    return _fresh(receipt_id)


@bp.post("/<int:receipt_id>/decisions/<int:item_id>/reversal")
@requires("purchase_orders.edit")
@retried
@idempotent
@bp.response(200, ReceiptSchema)
@bp.alt_response(409, description="Nothing is decided about it, or it lies there no more")
def undo_goods_receipt_decision(receipt_id: int, item_id: int) -> GoodsReceipt:
    """Take back what was decided about an item: it is put aside again."""
    one_or_404(queries.receipt_line(receipt_id, item_id))
    services.undo_decision(receipt_id, item_id)
    return _fresh(receipt_id)


def _fresh(receipt_id: int) -> GoodsReceipt:
    query = queries.receipt(receipt_id).execution_options(populate_existing=True)
    db.session.flush()
    return one_or_404(query)


def _items(
    order: PurchaseOrder, items: Iterable[Mapping[str, Any]]
) -> list[services.ReceivedItem]:
    return [
        _item(order, {**item, "quantity": quantity, "lot": lot})
        for item in items
        for quantity, lot in _pieces(item)
    ]


def _pieces(item: Mapping[str, Any]) -> list[tuple[Decimal, stock.LotDraft]]:
    """Part what has several serial numbers into its pieces."""
    days = item["expires_on"], item["made_on"]
    if not item["serials"]:
        return [(item["quantity"], stock.LotDraft(item["lot"], *days))]
    return [(Decimal(1), stock.LotDraft(code, *days)) for code in item["serials"]]


def _item(order: PurchaseOrder, item: Mapping[str, Any]) -> ReceivedItem:
    """Give an item as the service takes it: a free line goes by its SKU, too."""
    place = item.get("location")
    more = {
        "condition": item["condition"],
        "location_id": stock.find_location(place) if place else None,
        "lot": item["lot"],
    }
    for name in ("line_id", "product_id"):
        if name in item:
            return ReceivedItem(item["quantity"], **{name: item[name]}, **more)
    code = item.get("sku") or item["code"]
    free = next((line for line in order.lines if line.is_free and line.sku == code), None)
    if free:
        return ReceivedItem(item["quantity"], line_id=free.id, **more)
    return services.item_called(code, item["quantity"], **more)
