"""An order is cancelled while somebody has it in hand: nothing more is done, goods go back."""

from datetime import UTC, datetime

from sqlalchemy import delete

from app.core.db import db, retried, transaction
from app.core.events import publish
from app.fulfilment import queries
from app.fulfilment.events import PickFrozen
from app.fulfilment.models import (
    IN_WORK,
    PickLine,
    PickStep,
    PickTask,
    PickTaskOrder,
    PutBack,
)
from app.fulfilment.services.locking import locked_task, publish_change, task_order_of
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult


@retried
def freeze(order_id: int) -> bool:
    """Freeze the pick of a cancelled order, and plan what goes back; False if there is none.

    Running it again changes nothing.
    """
    with transaction() as session:
        task_order = session.scalar(queries.active_of_order(order_id))
        if task_order is None:
            return False
        task = locked_task(task_order.task_id)
        order = orders.locked_order(order_id)
        task_order = task_order_of(task, order_id)
        if order.status != "cancelled" or not task_order.is_active:
            return False
        _freeze(task, task_order)
    return True


def freeze_cancelled(task: PickTask, order: SalesOrder) -> ActionResult | None:
    """The answer to a scan for an order that is cancelled, which freezes it; else None.

    Raises:
        WrongScan: The order is in a state in which nobody picks it.
    """
    if order.status == "cancelled":
        _freeze(task, task_order_of(task, order.id))
        return ActionResult(outcome="wrong", message=stop_text(task_order_of(task, order.id)))
    if order.status != "picking":
        raise WrongScan(f"{order.number} is {order.status_label}. Ask the office.")
    return None


def stop_text(task_order: PickTaskOrder) -> str:
    """Say which order was cancelled, and what becomes of its tote."""
    order, tote = task_order.order.number, task_order.tote.code
    return f"Stop: {order} was cancelled. Put tote {tote} aside: its goods go back."


def _freeze(task: PickTask, task_order: PickTaskOrder) -> None:
    is_in_hand = task.state in IN_WORK and task_order.state == "open"
    _stop_lines(task, task_order)
    for parcel in db.session.scalars(queries.parcels_of(task_order.id)):
        parcel.state = "cancelled"
    task_order.end("frozen")
    task_order.is_unseen = is_in_hand
    if task.state in (*IN_WORK, "ready") and not any(p.state == "open" for p in task.orders):
        is_left = any(p.is_active for p in task.orders)
        task.state, task.ended_at = "picked" if is_left else "frozen", datetime.now(UTC)
    publish_change(task)
    publish(
        PickFrozen(task_id=task.id, task_order_id=task_order.id, order_id=task_order.order_id)
    )


def _stop_lines(task: PickTask, task_order: PickTaskOrder) -> None:
    """End its lines, and plan the way back of what lies in the tote."""
    stopped = [line for line in task.lines if line.order_id == task_order.order_id]
    for line in stopped:
        if line.picked:
            db.session.add(_putback(line, task_order))
        if line.is_to_do:
            line.end("cancelled", by=None)
    ids = {line.id for line in stopped}
    for name in ("tote_line_id", "empty_check_line_id"):
        if getattr(task, name) in ids:
            setattr(task, name, None)
    db.session.execute(delete(PickStep).where(PickStep.line_id.in_(ids)))


def _putback(line: PickLine, task_order: PickTaskOrder) -> PutBack:
    return PutBack(
        order_id=line.order_id,
        product_id=line.product_id,
        lot_id=line.lot_id,
        tote_id=task_order.tote_id,
        location_id=line.location_id,
        quantity=line.picked,
    )
