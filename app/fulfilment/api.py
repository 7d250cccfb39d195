"""Pick & pack for programs. `/api/v1/magento` is the older address of the same calls."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import abort
from flask_login import current_user

from app.core.api import AliasedBlueprint, only_tokens_write
from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import may, requires
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.models import SHORT_REASONS, PickTask
from app.fulfilment.services import Picker
from app.scanning.services import ActionResult

bp = AliasedBlueprint(
    "fulfilment_api",
    __name__,
    url_prefix="/api/v1/fulfilment",
    alias="/api/v1/magento",
    description="Pick & pack",
)
bp.before_request(only_tokens_write)

Answer = dict[str, Any]
MOST = 200


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
    task_order = _task_order(task, body["order_id"])
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
        task_orders = [_task_order(task, body["order_id"])]
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


def _task_order(task: PickTask, order_id: int) -> int:
    task_order = next(
        (task_order for task_order in task.orders if task_order.order_id == order_id), None
    )
    if task_order is None:
        abort(404)
    return task_order.id
