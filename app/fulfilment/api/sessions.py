"""Pick tasks for programs, which the contract calls sessions, and the queue before them."""

from collections.abc import Callable
from decimal import Decimal

from flask import abort
from flask_login import current_user

from app.core.api import page_of, page_schema
from app.core.db import db
from app.core.errors import DomainError
from app.core.idempotency import idempotent
from app.core.permissions import may, requires
from app.core.totals import total_of
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.api.blueprint import Answer, bp
from app.fulfilment.api.schemas import (
    SORTS,
    ActionResultSchema,
    AssigneeSchema,
    ClaimSchema,
    EmptyBinSchema,
    QueueSchema,
    SessionCompleteSchema,
    SessionPackSchema,
    SessionQuantitySchema,
    SessionQuery,
    SessionScanSchema,
    SessionSchema,
    SessionShortSchema,
    SessionSkipSchema,
    SessionStepSchema,
)
from app.fulfilment.models import PickTask
from app.fulfilment.services import Picker
from app.scanning.services import ActionResult

MOST = 200


class NothingReady(DomainError):
    """No order is ready to be picked."""


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
            "units": known.get(order.id, (0, Decimal(0)))[1],
        }
        for order in orders
    ]
    return {"items": items, **total_of(ready, before=0, some=len(items), most=MOST).shown}


@bp.get("/sessions")
@requires("fulfilment.manage")
@bp.arguments(SessionQuery, location="query")
@bp.response(200, page_schema(SessionSchema))
def list_sessions(query: Answer) -> Answer:
    """List pick tasks with their orders and lines."""
    return page_of(queries.tasks(query.pop("state")), query, sorts=SORTS)


@bp.post("/sessions")
@requires("fulfilment.pick")
@bp.arguments(ClaimSchema, required=False)
@bp.response(201, SessionSchema)
@bp.alt_response(409, description="Nothing is ready (nothing_ready), or every tote is in use")
def create_session(body: Answer) -> PickTask:
    """Claim the next pick task, at once and alone; who has one in work gets that.

    An order that is named is picked first, by itself.
    """
    task = services.next_task(_picker(), order_id=body.get("order_id"))
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
    return _step(services.scan, body, task_id)


@bp.post("/sessions/<int:task_id>/short")
@requires("fulfilment.pick")
@bp.arguments(SessionShortSchema)
@bp.response(200, ActionResultSchema)
def report_short(body: Answer, task_id: int) -> Answer:
    """Say that the rest of a line is not there."""
    return _step(services.report_short, body, task_id)


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


@bp.put("/sessions/<int:task_id>/assignee")
@requires("fulfilment.manage")
@idempotent
@bp.arguments(AssigneeSchema)
@bp.response(200, SessionSchema)
@bp.alt_response(409, description="It is over, or that person has one in work (not_allowed)")
def update_assignee(body: Answer, task_id: int) -> PickTask:
    """Give a pick task to somebody else, who goes on with it on any tablet."""
    one_or_404(queries.task(task_id))
    services.reassign(task_id, body["user_id"])
    return _fresh(task_id)


@bp.post("/sessions/<int:task_id>/quantity")
@requires("fulfilment.quantity")
@bp.arguments(SessionQuantitySchema)
@bp.response(200, ActionResultSchema)
def pick_quantity(body: Answer, task_id: int) -> Answer:
    """Take several pieces of a line at once, where nobody scans each of them."""
    return _step(services.pick_quantity, body, task_id)


@bp.post("/sessions/<int:task_id>/undo")
@requires("fulfilment.pick")
@bp.arguments(SessionStepSchema)
@bp.response(200, ActionResultSchema)
def undo(body: Answer, task_id: int) -> Answer:
    """Take the last step back: picked pieces, a skip, or what was said to be short."""
    return _step(services.undo, body, task_id)


@bp.post("/sessions/<int:task_id>/skip")
@requires("fulfilment.pick")
@bp.arguments(SessionSkipSchema)
@bp.response(200, ActionResultSchema)
def skip(body: Answer, task_id: int) -> Answer:
    """Leave a line for the end of the pick task."""
    return _step(services.skip, body, task_id)


@bp.post("/sessions/<int:task_id>/empty")
@requires("fulfilment.pick")
@bp.arguments(EmptyBinSchema)
@bp.response(200, ActionResultSchema)
def answer_empty(body: Answer, task_id: int) -> Answer:
    """Say whether the bin is empty; if it is not, somebody counts it."""
    return _step(services.answer_empty, body, task_id)


@bp.post("/sessions/<int:task_id>/stop")
@requires("fulfilment.pick")
@bp.arguments(SessionStepSchema)
@bp.response(200, ActionResultSchema)
def confirm_stop(body: Answer, task_id: int) -> Answer:
    """Say that the tote of a cancelled order is put aside."""
    return _step(services.confirm_stop, body, task_id)


def _step(take: Callable[..., ActionResult], body: Answer, task_id: int) -> Answer:
    one_or_404(queries.task(task_id))
    result = take(task_id, _picker(), scan_id=body.pop("id"), **body)
    return session_result(result, task_id)


def _picker() -> Picker:
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
