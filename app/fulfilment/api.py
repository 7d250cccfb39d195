"""Pick & pack for programs. `/api/v1/magento` is the older address of the same calls."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import abort
from flask_login import current_user

from app.core.api import AliasedBlueprint
from app.core.db import db
from app.core.errors import DomainError
from app.core.idempotency import idempotent
from app.core.permissions import may, requires
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.models import SHORT_REASONS, Parcel, PickTask
from app.fulfilment.services import Picker
from app.scanning.services import ActionResult
from app.stock.api.fields import Quantity

bp = AliasedBlueprint(
    "fulfilment_api",
    __name__,
    url_prefix="/api/v1/fulfilment",
    alias="/api/v1/magento",
    description="Pick & pack",
)

Answer = dict[str, Any]
MOST = 200
LONGEST = 100
LONGEST_SIDE = 100_000  # centimetres


class NothingReady(DomainError):
    """No order is ready to be picked."""


class QueueItemSchema(ma.Schema):
    """An order that is ready."""

    order_id = ma.fields.Int()
    order_number = ma.fields.Str()
    customer = ma.fields.Str()
    ship_by = ma.fields.AwareDateTime(allow_none=True)
    lines = ma.fields.Int()
    units = ma.fields.Decimal(as_string=True)


class QueueSchema(ma.Schema):
    """What is ready, the first cut-off first."""

    items = ma.fields.List(ma.fields.Nested(QueueItemSchema))
    total = ma.fields.Int()


class SessionLineSchema(ma.Schema):
    """A line of a pick task."""

    id = ma.fields.Int()
    order_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    name = ma.fields.Str(attribute="product.name")
    location = ma.fields.Str(attribute="location.code")
    quantity = ma.fields.Decimal(as_string=True)
    picked = ma.fields.Decimal(as_string=True)
    state = ma.fields.Str()
    reason = ma.fields.Str(allow_none=True)


class SessionOrderSchema(ma.Schema):
    """An order of a pick task, with its tote. `id` is what `pack` and `complete` take."""

    id = ma.fields.Int()
    order_id = ma.fields.Int()
    order_number = ma.fields.Str(attribute="order.number")
    tote = ma.fields.Str(attribute="tote.code")
    state = ma.fields.Str()
    is_stopped = ma.fields.Bool(
        attribute="is_unseen",
        metadata={"description": "Cancelled in the picker's hands: see `stop`"},
    )


class SessionSchema(ma.Schema):
    """A pick task."""

    id = ma.fields.Int()
    state = ma.fields.Str()
    claimed_by_id = ma.fields.Int(allow_none=True)
    lease_until = ma.fields.AwareDateTime(allow_none=True)
    is_idle = ma.fields.Function(lambda task: task.is_idle(datetime.now(UTC)))
    orders = ma.fields.List(ma.fields.Nested(SessionOrderSchema))
    lines = ma.fields.List(ma.fields.Nested(SessionLineSchema))


class ClaimSchema(ma.Schema):
    """Which order is to be picked, if not the next."""

    order_id = ma.fields.Int()


class SessionScanSchema(ma.Schema):
    """A scan; the same id twice counts once."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=200))


class SessionShortSchema(ma.Schema):
    """The rest of a line is not there."""

    id = ma.fields.UUID(required=True)
    line_id = ma.fields.Int(required=True)
    reason = ma.fields.Str(required=True, validate=ma.validate.OneOf([*SHORT_REASONS]))


class SessionPackSchema(SessionScanSchema):
    """A piece goes into the parcel of an order."""

    order_id = ma.fields.Int(required=True)


class SessionCompleteSchema(ma.Schema):
    """The parcels of an order leave; all orders of the pick task, if none is named."""

    order_id = ma.fields.Int()
    accept_short = ma.fields.Bool(load_default=False)


class ActionResultSchema(ma.Schema):
    """What became of a scan, and the pick task after it."""

    outcome = ma.fields.Str(metadata={"description": "ok, line, done or wrong"})
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()
    session = ma.fields.Nested(SessionSchema)


class SessionStepSchema(ma.Schema):
    """A step of the picker; the same id twice counts once."""

    id = ma.fields.UUID(required=True)


class SessionSkipSchema(SessionStepSchema):
    """A line that is left for the end."""

    line_id = ma.fields.Int(required=True, strict=True)


class SessionQuantitySchema(SessionSkipSchema):
    """Several pieces of a line at once."""

    quantity = Quantity(required=True)


class EmptyBinSchema(SessionStepSchema):
    """Whether a bin is as empty as the books say."""

    is_empty = ma.fields.Bool(required=True)


class ParcelLineSchema(ma.Schema):
    """How much of an order line is in a parcel."""

    id = ma.fields.Int()
    order_line_id = ma.fields.Int()
    quantity = Quantity()


class Side(Quantity):
    """A side of a parcel in centimetres, with one decimal."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Decimal:
        side = super()._deserialize(value, *rest, **more)
        if not 0 < side < LONGEST_SIDE or side != round(side, 1):
            raise ma.ValidationError("Above zero, with at most 1 decimal.")
        return side


class ParcelSchema(ma.Schema):
    """A parcel of an order: what is in it, what it weighs, who brings it."""

    id = ma.fields.Int(dump_only=True)
    number = ma.fields.Int(dump_only=True)
    order_id = ma.fields.Int(dump_only=True)
    state = ma.fields.Str(dump_only=True)
    weight_kg = Quantity(allow_none=True)
    length_cm = Side(allow_none=True)
    width_cm = Side(allow_none=True)
    height_cm = Side(allow_none=True)
    carrier = ma.fields.Str(validate=ma.validate.Length(max=LONGEST))
    tracking = ma.fields.Str(validate=ma.validate.Length(max=LONGEST))
    lines = ma.fields.List(ma.fields.Nested(ParcelLineSchema), dump_only=True)


class ParcelsSchema(ma.Schema):
    """The parcels of an order in a pick task."""

    items = ma.fields.List(ma.fields.Nested(ParcelSchema))


@bp.get("/queue")
@requires("fulfilment.pick")
@bp.response(200, QueueSchema)
def show_queue() -> Answer:
    """Show what is ready to be picked, the first cut-off first; at most 200."""
    ready = queries.ready_orders(("allocated",))
    orders = db.session.scalars(ready.limit(MOST)).all()
    amounts = db.session.execute(queries.amounts_of_orders([order.id for order in orders]))
    known = {number: (lines, units) for number, lines, units in amounts}
    items = [
        {
            "order_id": order.id,
            "order_number": order.number,
            "customer": order.customer_name,
            "ship_by": order.ship_by,
            "lines": known.get(order.id, (0, 0))[0],
            "units": known.get(order.id, (0, 0))[1],
        }
        for order in orders
    ]
    return {"items": items, "total": db.session.scalar(queries.counted(ready))}


@bp.post("/sessions")
@requires("fulfilment.pick")
@bp.arguments(ClaimSchema, required=False)
@bp.response(201, SessionSchema)
@bp.alt_response(409, description="Nothing is ready (nothing_ready), or every tote is in use")
def create_session(body: Answer) -> PickTask:
    """Claim the next pick task, at once and alone; who has one in work gets that.

    An order that is named is picked first, by itself.
    """
    task = services.next_task(picker_of_token(), order_id=body.get("order_id"))
    if task is None:
        raise NothingReady("Nothing is ready to be picked.")
    return _fresh(task.id)


@bp.get("/sessions/<int:task_id>")
@requires("fulfilment.pick")
@bp.response(200, SessionSchema)
def show_session(task_id: int) -> PickTask:
    """Show a pick task."""
    return one_or_404(queries.task(task_id))


@bp.post("/sessions/<int:task_id>/scan")
@requires("fulfilment.pick")
@bp.arguments(SessionScanSchema)
@bp.response(200, ActionResultSchema)
def scan(body: Answer, task_id: int) -> Answer:
    """Scan a bin, a piece or a tote; a wrong scan is answered with outcome wrong."""
    one_or_404(queries.task(task_id))
    result = services.scan(task_id, picker_of_token(), scan_id=body["id"], code=body["code"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/short")
@requires("fulfilment.pick")
@bp.arguments(SessionShortSchema)
@bp.response(200, ActionResultSchema)
def report_short(body: Answer, task_id: int) -> Answer:
    """Say that the rest of a line is not there."""
    one_or_404(queries.task(task_id))
    result = services.report_short(
        task_id,
        picker_of_token(),
        scan_id=body["id"],
        line_id=body["line_id"],
        reason=body["reason"],
    )
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/pack")
@requires("fulfilment.pack")
@bp.arguments(SessionPackSchema)
@bp.response(200, ActionResultSchema)
def pack(body: Answer, task_id: int) -> Answer:
    """Scan a piece into the parcel of an order."""
    task = one_or_404(queries.task(task_id))
    task_order = task_order_id_of(task, body["order_id"])
    result = services.scan_into_parcel(task_order, scan_id=body["id"], code=body["code"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/complete")
@requires("fulfilment.pack")
@bp.arguments(SessionCompleteSchema)
@bp.response(200, SessionSchema)
@bp.alt_response(409, description="Something is not in a parcel yet (not_allowed)")
def complete(body: Answer, task_id: int) -> PickTask:
    """Ship the parcels of an order, or of all orders of the pick task."""
    task = one_or_404(queries.task(task_id))
    if "order_id" in body:
        task_orders = [task_order_id_of(task, body["order_id"])]
    else:
        task_orders = [task_order.id for task_order in task.orders if task_order.is_active]
    for task_order in task_orders:
        services.ship_parcels(task_order, accepts_short=body["accept_short"])
    return _fresh(task_id)


@bp.post("/sessions/<int:task_id>/release")
@requires("fulfilment.pick")
@bp.response(200, SessionSchema)
@bp.alt_response(409, description="It is over, or somebody else's (not_allowed)")
def release(task_id: int) -> PickTask:
    """Give a pick task back to the queue."""
    one_or_404(queries.task(task_id))
    services.release(task_id, user_id=None if may("fulfilment.manage") else current_user.id)
    return _fresh(task_id)


@bp.post("/sessions/<int:task_id>/quantity")
@requires("fulfilment.quantity")
@bp.arguments(SessionQuantitySchema)
@bp.response(200, ActionResultSchema)
def pick_quantity(body: Answer, task_id: int) -> Answer:
    """Take several pieces of a line at once, where nobody scans each of them."""
    one_or_404(queries.task(task_id))
    scan_id = body.pop("id")
    return session_result(
        services.pick_quantity(task_id, picker_of_token(), scan_id=scan_id, **body), task_id
    )


@bp.post("/sessions/<int:task_id>/undo")
@requires("fulfilment.pick")
@bp.arguments(SessionStepSchema)
@bp.response(200, ActionResultSchema)
def undo(body: Answer, task_id: int) -> Answer:
    """Take the last step back: picked pieces, a skip, or what was said to be short."""
    one_or_404(queries.task(task_id))
    return session_result(
        services.undo(task_id, picker_of_token(), scan_id=body["id"]), task_id
    )


@bp.post("/sessions/<int:task_id>/skip")
@requires("fulfilment.pick")
@bp.arguments(SessionSkipSchema)
@bp.response(200, ActionResultSchema)
def skip(body: Answer, task_id: int) -> Answer:
    """Leave a line for the end of the pick task."""
    one_or_404(queries.task(task_id))
    result = services.skip(
        task_id, picker_of_token(), scan_id=body["id"], line_id=body["line_id"]
    )
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/empty")
@requires("fulfilment.pick")
@bp.arguments(EmptyBinSchema)
@bp.response(200, ActionResultSchema)
def answer_empty(body: Answer, task_id: int) -> Answer:
    """Say whether the bin is empty; if it is not, somebody counts it."""
    one_or_404(queries.task(task_id))
    result = services.answer_empty(
        task_id, picker_of_token(), scan_id=body["id"], is_empty=body["is_empty"]
    )
    return session_result(result, task_id)


@bp.get("/sessions/<int:task_id>/orders/<int:order_id>/parcels")
@requires("fulfilment.pack")
@bp.response(200, ParcelsSchema)
def list_parcels(task_id: int, order_id: int) -> Answer:
    """List the parcels of an order."""
    task_order = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    return {"items": db.session.scalars(queries.parcels_of(task_order)).all()}


@bp.post("/sessions/<int:task_id>/orders/<int:order_id>/parcels")
@requires("fulfilment.pack")
@idempotent
@bp.response(201, ParcelSchema)
@bp.alt_response(409, description="Nothing is in the last one yet (not_allowed)")
def create_parcel(task_id: int, order_id: int) -> Parcel:
    """Begin one more parcel: what is scanned now goes into it."""
    task_order = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    return _parcel(task_order, services.add_parcel(task_order).id)


@bp.put("/sessions/<int:task_id>/orders/<int:order_id>/parcels/<int:parcel_id>")
@requires("fulfilment.pack")
@idempotent
@bp.arguments(ParcelSchema)
@bp.response(200, ParcelSchema)
@bp.alt_response(409, description="It has left (not_allowed)")
def update_parcel(body: Answer, task_id: int, order_id: int, parcel_id: int) -> Parcel:
    """Say weight, size, carrier and tracking number of a parcel."""
    task_order = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    _parcel(task_order, parcel_id)
    services.update_parcel(parcel_id, task_order, **body)
    return _parcel(task_order, parcel_id)


def _parcel(task_order: int, parcel_id: int) -> Parcel:
    return one_or_404(queries.parcels_of(task_order).where(Parcel.id == parcel_id))


def picker_of_token() -> Picker:
    """Give the person of the token; all their programs are one device."""
    return Picker(user_id=current_user.id, device="api")


def _fresh(task_id: int) -> PickTask:
    return one_or_404(queries.task(task_id).execution_options(populate_existing=True))


def session_result(result: ActionResult, task_id: int) -> Answer:
    """Say what became of a step, with the pick task after it."""
    return {
        "outcome": result.outcome,
        "message": result.message,
        "is_repeat": result.is_repeat,
        "session": _fresh(task_id),
    }


def task_order_id_of(task: PickTask, order_id: int) -> int:
    """Give the id of an order in a pick task; 404 if it is in none."""
    task_order = next(
        (task_order for task_order in task.orders if task_order.order_id == order_id), None
    )
    if task_order is None:
        abort(404)
    return task_order.id
