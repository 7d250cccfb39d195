"""Taking back what was done in a pick task: step by step, as deep as the task.

The steps are a stack. What came after a step is undone before it, so each finds the task as it
has left it. Only what has been packed, and what others have done since, stays as it is.
"""

from collections.abc import Callable
from uuid import UUID

from app.core.db import db
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import IN_WORK, PickLine, PickStep, PickTask, PickTaskOrder
from app.fulfilment.services.freezing import freeze_cancelled
from app.fulfilment.services.locking import (
    PICK,
    Picker,
    line_of,
    own_task,
    publish_change,
    task_order_of,
)
from app.fulfilment.services.picking import add_picked, move_picked
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.orders.queries import LINE
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, TabletAction, lock_user, perform_once
from app.stock import services as stock
from app.stock.errors import InsufficientStock

UNDOABLE = (*IN_WORK, "picked", "done")
GONE = "The goods are reserved for others now, or were counted. Ask the office."


def undo(task_id: int, picker: Picker, *, scan_id: UUID) -> ActionResult:
    """Take the last step back: picked pieces, a skip, or what was said to be short."""
    action = TabletAction(id=scan_id, task_type=PICK, task_id=task_id, kind="undo")
    return perform_once(action, lambda: _undo(task_id, picker, scan_id))


def _undo(task_id: int, picker: Picker, scan_id: UUID) -> ActionResult:
    lock_user(picker.user_id)
    other = db.session.scalar(queries.task_of(picker.user_id))
    if other is not None and other.id != task_id:
        raise WrongScan(f"You have {other} in work: finish it or give it back first.")
    task = own_task(task_id, picker, states=UNDOABLE)
    step = db.session.scalar(queries.last_step(task.id))
    if step is None:
        raise WrongScan("There is nothing to undo.")
    line = line_of(task, step.line_id)
    order = orders.locked_order(line.order_id)
    if task_order_of(task, order.id).is_active and (result := _frozen(task, order)):
        return result
    _reopen(task, task_order_of(task, order.id), order)
    result = UNDO[step.kind](task, line, step, order, scan_id)
    line.reopen()
    task.bin_id, task.tote_line_id, task.empty_check_line_id = line.location_id, None, None
    task.ended_at = None
    db.session.delete(step)
    task.lines.sort(key=lambda one: (one.sequence, one.id))
    publish_change(task)
    return result


def _frozen(task: PickTask, order: SalesOrder) -> ActionResult | None:
    return freeze_cancelled(task, order) if order.status in ("picking", "cancelled") else None


def _reopen(task: PickTask, task_order: PickTaskOrder, order: SalesOrder) -> None:
    """Let an order be picked again of which all was done, as long as nobody packs it."""
    if task_order.state == "picked" and order.status in ("picked", "short"):
        task_order.state = "open"
        order.move_to("picking")
    elif task_order.state == "released":
        _take_again(task_order, order)
    elif task_order.state != "open":
        raise WrongScan(f"{order.number} is {order.status_label}: it cannot be undone here.")
    if task.state not in IN_WORK:
        task.state = "picking"
    orders.publish_change(order)


def _take_again(task_order: PickTaskOrder, order: SalesOrder) -> None:
    """Take an order back of which nothing was found, unless others have gone on with it."""
    is_free = order.is_waiting and not any(orders.reserved_for(order).values())
    if not is_free or db.session.scalar(queries.in_use(task_order.tote_id, order.id)):
        raise WrongScan(f"{order.number} is not yours any more: others have gone on with it.")
    task_order.state, task_order.is_active = "open", True
    db.session.flush()


def _undo_pick(
    task: PickTask, line: PickLine, step: PickStep, order: SalesOrder, scan_id: UUID
) -> ActionResult:
    quantity = step.quantity
    assert quantity is not None  # noqa: S101  (a constraint says so)
    tote_id = task_order_of(task, order.id).tote_id
    move_picked(line, quantity, (tote_id, line.location_id), f"undo:{scan_id}", order)
    add_picked(order, line, -quantity)
    message = f"Put {plain(quantity)} x {line.product.sku} back into {line.location.code}."
    return ActionResult(message=message, product_id=line.product_id, quantity=-quantity)


def _undo_skip(
    _task: PickTask, line: PickLine, step: PickStep, _order: SalesOrder, _scan_id: UUID
) -> ActionResult:
    line.sequence = step.sequence or line.sequence
    return ActionResult(message=f"{line.product.sku} comes next again.")


def _undo_short(
    task: PickTask, line: PickLine, _step: PickStep, order: SalesOrder, scan_id: UUID
) -> ActionResult:
    """Reserve in this bin again what was to come from others, and believe that it is there."""
    for other in [one for one in task.lines if one.replaces_id == line.id]:
        for reservation in db.session.scalars(
            queries.reservations_at(other, other.location_id)
        ).all():
            stock.release(reservation.id)
        task.lines.remove(other)
        db.session.delete(other)
    db.session.flush()
    stock.end_doubt(line.product_id, line.location_id)
    wanted = stock.ReservedQuantity(
        line.product_id, line.location_id, line.lot_id, line.missing
    )
    try:
        stock.reserve(
            wanted,
            key=f"undo:{scan_id}",
            note=order.number,
            document=(LINE, line.order_line_id),
        )
    except InsufficientStock as gone:
        raise WrongScan(GONE) from gone
    if order.status != "picking":  # nothing was found of it, and it had left the task
        orders.update_status(order)
        order.move_to("picking")
    counted = f"{plain(line.picked)} of {plain(line.quantity)}"
    return ActionResult(message=f"{line.location.code} again: {line.product.sku}, {counted}.")


Step = Callable[[PickTask, PickLine, PickStep, SalesOrder, UUID], ActionResult]
UNDO: dict[str, Step] = {"pick": _undo_pick, "skip": _undo_skip, "short": _undo_short}
