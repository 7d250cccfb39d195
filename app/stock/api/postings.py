"""Adjustments and transfers."""

from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.core.errors import sent_as
from app.core.idempotency import request_hash, request_key, takes_key
from app.core.permissions import requires
from app.stock import services
from app.stock.api.blueprint import bp
from app.stock.api.fields import NamesLot, NamesNewLot, NamesProduct, Quantity
from app.stock.models import ADJUSTMENTS

CLASH = "Not enough available (insufficient_stock), or a key used for another request"
NOTE = ma.validate.Length(max=500)


class AdjustmentSchema(NamesProduct, NamesNewLot):
    """A change of what is on hand, or a count of it. The place may be left out."""

    location = ma.fields.Str(validate=ma.validate.Length(min=1))
    location_id = ma.fields.Int(strict=True)
    quantity = Quantity(metadata={"description": "The change; negative where goods go"})
    counted = Quantity(metadata={"description": "What is on hand from now on"})
    reason = ma.fields.Str(validate=ma.validate.OneOf(ADJUSTMENTS))
    note = ma.fields.Str(load_default="", validate=NOTE)

    @ma.validates_schema
    def _one_figure(self, body: dict[str, Any], **_rest: Any) -> None:
        if ("quantity" in body) == ("counted" in body):
            raise ma.ValidationError(
                "Give either the quantity or what was counted.", "quantity"
            )
        if "location" in body and "location_id" in body:
            raise ma.ValidationError("Give either the code or the location_id.", "location")
        if "quantity" in body and "reason" not in body:
            raise ma.ValidationError("Say why.", "reason")


class AdjustedSchema(ma.Schema):
    """What the adjustment did, and what lies at its location since."""

    movement_id = ma.fields.Int(
        allow_none=True, metadata={"description": "null: a count found no difference"}
    )
    product_id = ma.fields.Int()
    location_id = ma.fields.Int()
    quantity = Quantity(attribute="change")
    quantity_on_hand = Quantity(attribute="on_hand")
    quantity_available = Quantity(attribute="available")


class TransferSchema(NamesProduct, NamesLot):
    """Goods go from one place to another, in one warehouse or between two."""

    from_ = ma.fields.Str(data_key="from", required=True, validate=ma.validate.Length(min=1))
    to = ma.fields.Str(required=True, validate=ma.validate.Length(min=1))
    quantity = Quantity(required=True)
    reason = ma.fields.Str(validate=ma.validate.OneOf(("moved", "transferred")))
    note = ma.fields.Str(load_default="", validate=NOTE)


class EndSchema(ma.Schema):
    """What lies at one end of a transfer since."""

    location_id = ma.fields.Int()
    quantity_on_hand = Quantity(attribute="on_hand")
    quantity_available = Quantity(attribute="available")


class TransferredSchema(ma.Schema):
    """What the transfer did."""

    movement_id = ma.fields.Int()
    product_id = ma.fields.Int()
    quantity = Quantity()
    from_ = ma.fields.Nested(EndSchema, data_key="from")
    to = ma.fields.Nested(EndSchema)


@bp.post("/adjustments")
@requires("stock.adjust")
@takes_key
@bp.arguments(AdjustmentSchema)
@bp.response(201, AdjustedSchema)
@bp.alt_response(409, description=CLASH)
def create_adjustment(body: dict[str, Any]) -> dict[str, Any]:
    """Adjust stock, or set it to what was counted.

    Without a location the product's home is meant, or the company's default location. The
    same Idempotency-Key again changes nothing and gives the first answer.
    """
    named = {n: body[n] for n in ("sku", "product_id", "location", "location_id") if n in body}
    reason = body.get("reason", "counted")
    lot = services.LotDraft(body["lot"], body["expires_on"])
    target = services.find_target(reason=reason, lot=lot, **named)
    said: dict[str, Any] = {"reason": reason, "note": body["note"], **_once()}
    if "counted" in body:
        posted = services.count_stock(target, counted=body["counted"], **said)
    else:
        posted = services.adjust_stock(target, quantity=body["quantity"], **said)
    [after] = posted.balances
    return {
        "movement_id": next(iter(posted.movement_ids), None),
        "product_id": after.product_id,
        "location_id": after.location_id,
        "change": after.change,
        "on_hand": after.on_hand,
        "available": after.available,
    }


@bp.post("/transfers")
@requires("stock.transfer")
@takes_key
@sent_as(source="from", destination="to")
@bp.arguments(TransferSchema)
@bp.response(201, TransferredSchema)
@bp.alt_response(409, description=CLASH)
def create_transfer(body: dict[str, Any]) -> dict[str, Any]:
    """Carry goods from one location to another; locations are named by code or barcode.

    The same Idempotency-Key again changes nothing and gives the first answer.
    """
    named = {name: body[name] for name in ("sku", "product_id") if name in body}
    ends = {"source": body["from_"], "destination": body["to"]}
    route = services.find_route(**ends, **named, lot=body["lot"])
    reason = body.get("reason", "moved" if route.is_inside else "transferred")
    carry = services.move_stock if reason == "moved" else services.transfer_stock
    posted = carry(route, quantity=body["quantity"], note=body["note"], **_once())
    return {
        "movement_id": posted.movement_ids[0],
        "product_id": route.product_id,
        "quantity": body["quantity"],
        "from_": posted.at(route.product_id, route.source_id),
        "to": posted.at(route.product_id, route.destination_id),
    }


class TransferLineSchema(NamesProduct, NamesLot):
    """So much of a product from one place to another."""

    from_ = ma.fields.Str(data_key="from", required=True, validate=ma.validate.Length(min=1))
    to = ma.fields.Str(required=True, validate=ma.validate.Length(min=1))
    quantity = Quantity(required=True)


class TransferListSchema(ma.Schema):
    """Several products that are carried at once: all of them, or none."""

    items = ma.fields.List(
        ma.fields.Nested(TransferLineSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=services.MOST_LINES),
    )
    note = ma.fields.Str(load_default="", validate=NOTE)


class TransferredListSchema(ma.Schema):
    """What was posted; the movements stand in the order of the items."""

    posting_id = ma.fields.Int()
    movement_ids = ma.fields.List(ma.fields.Int())


@bp.post("/transfer-lists")
@requires("stock.transfer")
@takes_key
@sent_as(lines="items", source="from", destination="to")
@bp.arguments(TransferListSchema)
@bp.response(201, TransferredListSchema)
@bp.alt_response(409, description=CLASH)
def create_transfer_list(body: dict[str, Any]) -> dict[str, Any]:
    """Carry several products at once, in one posting: within a warehouse, or between two.

    The same Idempotency-Key again changes nothing and gives the first answer.
    """
    lines = [
        services.TransferLine(
            item["from_"],
            item["to"],
            item["quantity"],
            product_id=item.get("product_id"),
            sku=item.get("sku"),
            lot=item["lot"],
        )
        for item in body["items"]
    ]
    posted = services.transfer_lines(lines, note=body["note"], **_once())
    return {"posting_id": posted.id, "movement_ids": posted.movement_ids}


def _once() -> dict[str, Any]:
    """The key of the posting, and what tells this request from another one with the key."""
    if key := request_key():
        return {"key": f"api:{key}", "request": request_hash()}
    return {"key": f"api:{uuid4()}"}
