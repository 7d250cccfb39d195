"""Receiving at the dock, for programs: what a tablet does, by the same services."""

from typing import Any

import marshmallow as ma
from flask_login import current_user

from app.catalog.scan_codes import LONGEST_SCAN
from app.core.api import Blueprint
from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.fields import Quantity
from app.purchasing.models import ReceivingTask
from app.purchasing.models.tasks import IN_HAND
from app.scanning.models import OUTCOMES
from app.scanning.services import ActionResult

RECEIVE = "purchase_orders.receive"
REUSED = "The id belongs to another scan (scan_reused)"

bp = Blueprint(
    "receiving_api",
    __name__,
    url_prefix="/api/v1/receiving/sessions",
    description="Receiving at the dock, piece by piece and bin by bin",
)


class ReceivingStepSchema(ma.Schema):
    """A step; its id makes it count once, however often it is sent."""

    id = ma.fields.UUID(required=True)


class ReceivingScanSchema(ReceivingStepSchema):
    """A code that was scanned."""

    code = ma.fields.Str(required=True, validate=ma.validate.Length(1, LONGEST_SCAN))


class ReceivingQuantitySchema(ReceivingStepSchema):
    """How many there are of something in hand."""

    line_id = ma.fields.Int(strict=True, required=True)
    quantity = Quantity(required=True)


class ReceivingLotSchema(ReceivingStepSchema):
    """The lot or serial number of what was scanned without it."""

    lot = ma.fields.Str(required=True, validate=ma.validate.Length(1, LONGEST_SCAN))
    expires_on = ma.fields.Date(load_default=None, allow_none=True)


class InHandSchema(ma.Schema):
    """So much of one thing in one condition, not put away yet."""

    line_id = ma.fields.Int(attribute="id")
    product_id = ma.fields.Int(allow_none=True)
    sku = ma.fields.Str(attribute="called")
    quantity = Quantity()
    condition = ma.fields.Str(validate=ma.validate.OneOf(IN_HAND))
    lot = ma.fields.Str(attribute="lot.code", allow_none=True)


class ReceivingSessionSchema(ma.Schema):
    """A delivery in somebody's hands."""

    id = ma.fields.Int()
    order_id = ma.fields.Int()
    number = ma.fields.Str(attribute="order.number")
    user_id = ma.fields.Int()
    is_done = ma.fields.Bool()
    asked_code = ma.fields.Str(
        metadata={"description": "What was scanned, and waits for its lot or serial number"}
    )
    items = ma.fields.List(ma.fields.Nested(InHandSchema), attribute="in_hand")


class ReceivingResultSchema(ma.Schema):
    """What became of a step: `outcome` is wrong where it was refused, with the reason."""

    outcome = ma.fields.Str(validate=ma.validate.OneOf(OUTCOMES))
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()
    session_id = ma.fields.Int(allow_none=True)


@bp.post("")
@requires(RECEIVE)
@bp.arguments(ReceivingScanSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def create_receiving_session(body: dict[str, Any]) -> dict[str, Any]:
    """Begin with the order whose number is scanned, or that the goods are of."""
    result = services.begin_receiving(_receiver(), scan_id=body["id"], code=body["code"])
    task = db.session.scalars(queries.task_of(current_user.id)).one_or_none()
    return _told(result, task.id if task else None)


@bp.get("/<int:task_id>")
@requires(RECEIVE)
@bp.response(200, ReceivingSessionSchema)
def get_receiving_session(task_id: int) -> ReceivingTask:
    """Show what is in hand."""
    return one_or_404(queries.task(task_id))


@bp.post("/<int:task_id>/scan")
@requires(RECEIVE)
@bp.arguments(ReceivingScanSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def scan_receiving_session(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Scan a piece, a pack, or the bin that all in hand goes to: that posts it."""
    one_or_404(queries.task(task_id))
    result = services.scan(task_id, _receiver(), scan_id=body["id"], code=body["code"])
    return _told(result, task_id)


@bp.post("/<int:task_id>/quantity")
@requires(RECEIVE)
@bp.arguments(ReceivingQuantitySchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def set_receiving_quantity(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Say how many there are, where nobody scans each of them."""
    one_or_404(queries.task(task_id))
    scan_id = body.pop("id")
    return _told(services.set_received(task_id, _receiver(), scan_id=scan_id, **body), task_id)


@bp.post("/<int:task_id>/lot")
@requires(RECEIVE)
@bp.arguments(ReceivingLotSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def say_received_lot(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Say the lot or serial number of what was scanned without it, and when it expires."""
    one_or_404(queries.task(task_id))
    scan_id = body.pop("id")
    return _told(services.say_lot(task_id, _receiver(), scan_id=scan_id, **body), task_id)


@bp.post("/<int:task_id>/damage")
@requires(RECEIVE)
@bp.arguments(ReceivingStepSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def mark_damaged(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Say that one piece of what was scanned last is damaged."""
    one_or_404(queries.task(task_id))
    return _told(services.mark_damaged(task_id, _receiver(), scan_id=body["id"]), task_id)


@bp.post("/<int:task_id>/aside")
@requires(RECEIVE)
@bp.arguments(ReceivingStepSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def put_refused_aside(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Put aside what was refused last: too much, not ordered, or unknown."""
    one_or_404(queries.task(task_id))
    return _told(services.put_refused_aside(task_id, _receiver(), scan_id=body["id"]), task_id)


@bp.post("/<int:task_id>/undo")
@requires(RECEIVE)
@bp.arguments(ReceivingStepSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def undo_scan(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Undo what was scanned last, as long as it is in hand."""
    one_or_404(queries.task(task_id))
    return _told(services.undo_scan(task_id, _receiver(), scan_id=body["id"]), task_id)


@bp.post("/<int:task_id>/complete")
@requires(RECEIVE)
@bp.arguments(ReceivingStepSchema)
@bp.response(200, ReceivingResultSchema)
@bp.alt_response(409, description=REUSED)
def finish_receiving(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """End the delivery: what is in hand goes where it lives."""
    one_or_404(queries.task(task_id))
    return _told(services.finish_receiving(task_id, _receiver(), scan_id=body["id"]), task_id)


def _receiver() -> services.Receiver:
    return services.Receiver(user_id=current_user.id, device="api")


def _told(result: ActionResult, task_id: int | None) -> dict[str, Any]:
    return {
        "outcome": result.outcome,
        "message": result.message,
        "is_repeat": result.is_repeat,
        "session_id": task_id,
    }
