"""The ways back for programs: parcels that are changed, put-backs, orders that are stopped."""

import marshmallow as ma

from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.api import (
    ActionResultSchema,
    Answer,
    SessionStepSchema,
    bp,
    picker_of_token,
    session_result,
    task_order_id_of,
)
from app.fulfilment.models import PutBack
from app.fulfilment.services import Repacking
from app.scanning.services import ActionResult
from app.stock.api.fields import Quantity

__all__ = ["bp"]

MOST = 200


class RepackSchema(SessionStepSchema):
    """So much of a line of a parcel goes elsewhere."""

    line_id = ma.fields.Int(required=True, metadata={"description": "id of a parcel's line"})
    quantity = Quantity(required=True)
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
    quantity = Quantity()


class PutBacksSchema(ma.Schema):
    """What goes back to its bins, tote by tote."""

    items = ma.fields.List(ma.fields.Nested(PutBackSchema))


class PutBackScanSchema(SessionStepSchema):
    """The bin that goods were put into; another one than planned is scanned twice."""

    code = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=200))


class PutBackResultSchema(ma.Schema):
    """What became of a step of a put-back."""

    outcome = ma.fields.Str(metadata={"description": "ok, done or wrong"})
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()


@bp.post("/sessions/<int:task_id>/stop")
@requires("fulfilment.pick")
@bp.arguments(SessionStepSchema)
@bp.response(200, ActionResultSchema)
def confirm_stop(body: Answer, task_id: int) -> Answer:
    """Say that the tote of a cancelled order is put aside."""
    one_or_404(queries.task(task_id))
    result = services.confirm_stop(task_id, picker_of_token(), scan_id=body["id"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/orders/<int:order_id>/repack")
@requires("fulfilment.pack")
@bp.arguments(RepackSchema)
@bp.response(200, ActionResultSchema)
def repack(body: Answer, task_id: int, order_id: int) -> Answer:
    """Take pieces out of a parcel, or put them into another one."""
    task_order_id = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    wanted = Repacking(parcel_line_id=body["line_id"], quantity=body["quantity"], to=body["to"])
    result = services.repack(task_order_id, wanted, scan_id=body["id"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/orders/<int:order_id>/parcels/<int:parcel_id>/removal")
@requires("fulfilment.pack")
@bp.arguments(SessionStepSchema)
@bp.response(200, ActionResultSchema)
def remove_parcel(body: Answer, task_id: int, order_id: int, parcel_id: int) -> Answer:
    """Do without an empty parcel; those after it move up in number."""
    task_order_id = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    result = services.remove_parcel(task_order_id, parcel_id, scan_id=body["id"])
    return session_result(result, task_id)


@bp.get("/putbacks")
@requires("fulfilment.pick")
@bp.response(200, PutBacksSchema)
def list_putbacks() -> Answer:
    """Show what goes back to its bins, tote by tote; at most 200."""
    return {"items": db.session.scalars(queries.putbacks().limit(MOST)).all()}


@bp.post("/putbacks/<int:putback_id>/scan")
@requires("fulfilment.pick")
@bp.arguments(PutBackScanSchema)
@bp.response(200, PutBackResultSchema)
def put_back(body: Answer, putback_id: int) -> ActionResult:
    """Scan the bin that goods were put into; another one than planned twice."""
    _putback(putback_id)
    return services.put_back(putback_id, scan_id=body["id"], code=body["code"])


@bp.post("/putbacks/<int:putback_id>/undo")
@requires("fulfilment.pick")
@bp.arguments(SessionStepSchema)
@bp.response(200, PutBackResultSchema)
def undo_put_back(body: Answer, putback_id: int) -> ActionResult:
    """Take goods out of the bin again: they lie in their tote as before."""
    _putback(putback_id)
    return services.undo_put_back(putback_id, scan_id=body["id"])


def _putback(putback_id: int) -> PutBack:
    return one_or_404(queries.putback(putback_id))
