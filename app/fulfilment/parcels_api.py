"""The ways back, parcels and put-backs for programs: what a tablet can do besides scanning."""

from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import abort

from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.api import ActionResultSchema, Answer, bp, picker_of_token, session_result
from app.fulfilment.models import Parcel, PutBack
from app.fulfilment.services import Repacking
from app.scanning.services import ActionResult


class OnceSchema(ma.Schema):
    """A tap; the same id twice counts once."""

    id = ma.fields.UUID(required=True)


class InsideSchema(ma.Schema):
    """How much of an order line is in a parcel."""

    id = ma.fields.Int()
    order_line_id = ma.fields.Int()
    quantity = ma.fields.Decimal(as_string=True)


class ParcelSchema(ma.Schema):
    """A parcel of an order; what is said of it stands on its shipping label."""

    id = ma.fields.Int()
    order_id = ma.fields.Int()
    number = ma.fields.Int()
    state = ma.fields.Str()
    weight_kg = ma.fields.Decimal(as_string=True, allow_none=True)
    carrier = ma.fields.Str()
    tracking = ma.fields.Str()
    lines = ma.fields.List(ma.fields.Nested(InsideSchema))


class ParcelChangeSchema(ma.Schema):
    """What is said of a parcel; what is left out stays."""

    weight_kg = ma.fields.Decimal(
        as_string=True, allow_none=True, validate=ma.validate.Range(min=0, min_inclusive=False)
    )
    carrier = ma.fields.Str(validate=ma.validate.Length(max=100))
    tracking = ma.fields.Str(validate=ma.validate.Length(max=100))


class NewParcelSchema(OnceSchema):
    """One more parcel of an order."""

    order_id = ma.fields.Int(required=True)


class RepackSchema(NewParcelSchema):
    """So much of a line of a parcel goes elsewhere."""

    line_id = ma.fields.Int(required=True, metadata={"description": "id of a parcel's line"})
    quantity = ma.fields.Decimal(required=True, as_string=True)
    to = ma.fields.Str(
        required=True, metadata={"description": "out, new, or the id of another parcel"}
    )


class PutBackSchema(ma.Schema):
    """Goods of a cancelled order that go from their tote back to a bin."""

    id = ma.fields.Int()
    order_number = ma.fields.Str(attribute="order.number")
    sku = ma.fields.Str(attribute="product.sku")
    tote = ma.fields.Str(attribute="tote.code")
    location = ma.fields.Str(attribute="location.code")
    quantity = ma.fields.Decimal(as_string=True)


class PutBackScanSchema(OnceSchema):
    """The bin that goods were put into; another one than planned is scanned twice."""

    code = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=200))


class PutBackResultSchema(ma.Schema):
    """What became of a step of a put-back."""

    outcome = ma.fields.Str(metadata={"description": "ok, done or wrong"})
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()


@bp.post("/sessions/<int:task_id>/undo")
@requires("fulfilment.pick")
@bp.arguments(OnceSchema)
@bp.response(200, ActionResultSchema)
def undo(body: Answer, task_id: int) -> Answer:
    """Take the last step back: picked pieces, a skip, or what was said to be short."""
    one_or_404(queries.task(task_id))
    result = services.undo(task_id, picker_of_token(), scan_id=body["id"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/stop")
@requires("fulfilment.pick")
@bp.arguments(OnceSchema)
@bp.response(200, ActionResultSchema)
def confirm_stop(body: Answer, task_id: int) -> Answer:
    """Say that the tote of a cancelled order is put aside."""
    one_or_404(queries.task(task_id))
    result = services.confirm_stop(task_id, picker_of_token(), scan_id=body["id"])
    return session_result(result, task_id)


@bp.get("/sessions/<int:task_id>/parcels")
@requires("fulfilment.pack")
@bp.response(200, ParcelSchema(many=True))
def list_parcels(task_id: int) -> list[Parcel]:
    """Show the parcels of a pick task's orders."""
    return _parcels(task_id)


@bp.post("/sessions/<int:task_id>/parcels")
@requires("fulfilment.pack")
@bp.arguments(NewParcelSchema)
@bp.response(200, ActionResultSchema)
def begin_parcel(body: Answer, task_id: int) -> Answer:
    """Begin one more parcel: what is scanned now goes into it."""
    task_order_id = _task_order_id(task_id, body["order_id"])
    result = services.begin_parcel(task_order_id, scan_id=body["id"])
    return session_result(result, task_id)


@bp.put("/sessions/<int:task_id>/parcels/<int:parcel_id>")
@requires("fulfilment.pack")
@bp.arguments(ParcelChangeSchema)
@bp.response(200, ParcelSchema)
@bp.alt_response(409, description="It has left (not_allowed)")
def update_parcel(body: dict[str, Any], task_id: int, parcel_id: int) -> Parcel:
    """Say weight, carrier and tracking number of a parcel."""
    parcel = _parcel(task_id, parcel_id)
    services.update_parcel(parcel.id, parcel.task_order_id, **body)
    return _parcel(task_id, parcel_id)


@bp.delete("/sessions/<int:task_id>/parcels/<int:parcel_id>")
@requires("fulfilment.pack")
@bp.arguments(OnceSchema, location="query")
@bp.response(200, ActionResultSchema)
def remove_parcel(query: Answer, task_id: int, parcel_id: int) -> Answer:
    """Do without an empty parcel."""
    parcel = _parcel(task_id, parcel_id)
    result = services.remove_parcel(parcel.task_order_id, parcel.id, scan_id=query["id"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/repack")
@requires("fulfilment.pack")
@bp.arguments(RepackSchema)
@bp.response(200, ActionResultSchema)
def repack(body: Answer, task_id: int) -> Answer:
    """Take pieces out of a parcel, or put them into another one."""
    wanted = Repacking(
        parcel_line_id=body["line_id"], quantity=Decimal(body["quantity"]), to=body["to"]
    )
    task_order_id = _task_order_id(task_id, body["order_id"])
    result = services.repack(task_order_id, wanted, scan_id=body["id"])
    return session_result(result, task_id)


@bp.get("/putbacks")
@requires("fulfilment.pick")
@bp.response(200, PutBackSchema(many=True))
def list_putbacks() -> list[PutBack]:
    """Show what goes back to its bins, tote by tote; at most 200."""
    return [*db.session.scalars(queries.putbacks().limit(200))]


@bp.post("/putbacks/<int:putback_id>/scan")
@requires("fulfilment.pick")
@bp.arguments(PutBackScanSchema)
@bp.response(200, PutBackResultSchema)
def put_back(body: Answer, putback_id: int) -> ActionResult:
    """Scan the bin that goods were put into; another one than planned twice."""
    one_or_404(queries.putback(putback_id))
    return services.put_back(putback_id, scan_id=body["id"], code=body["code"])


@bp.post("/putbacks/<int:putback_id>/undo")
@requires("fulfilment.pick")
@bp.arguments(OnceSchema)
@bp.response(200, PutBackResultSchema)
def undo_put_back(body: Answer, putback_id: int) -> ActionResult:
    """Take goods out of the bin again: they lie in their tote as before."""
    one_or_404(queries.putback(putback_id))
    return services.undo_put_back(putback_id, scan_id=body["id"])


def _task_order_id(task_id: int, order_id: int) -> int:
    task = one_or_404(queries.task(task_id))
    found = [one.id for one in task.orders if one.order_id == order_id]
    return found[0] if found else abort(404)


def _parcel(task_id: int, parcel_id: int) -> Parcel:
    found = [one for one in _parcels(task_id) if one.id == parcel_id]
    return found[0] if found else abort(404)


def _parcels(task_id: int) -> list[Parcel]:
    task = one_or_404(queries.task(task_id))
    found = [db.session.scalars(queries.parcels_of(one.id)).unique() for one in task.orders]
    return [parcel for parcels in found for parcel in parcels]
