"""What follows when a line is through: its order, then the pick task."""

from dataclasses import replace
from datetime import UTC, datetime

from app.fulfilment.models import PickTask, PickTaskOrder
from app.fulfilment.services.locking import publish_change
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.scanning.services import ActionResult


def finish_if_done(
    task: PickTask, result: ActionResult, *, order: SalesOrder | None = None
) -> ActionResult:
    """End orders of which nothing is to do, and the pick task with the last of them."""
    for task_order in task.orders:
        if task_order.state == "open" and not _has_to_do(task, task_order.order_id):
            _end_order(task, task_order, order)
    is_over = not task.tote_line_id and not any(
        task_order.state == "open" for task_order in task.orders
    )
    if is_over:
        is_left = any(task_order.is_active for task_order in task.orders)
        task.state = "picked" if is_left else "done"
        task.ended_at = datetime.now(UTC)
    publish_change(task)
    return replace(result, outcome="done") if is_over else result


def _has_to_do(task: PickTask, order_id: int) -> bool:
    return any(line.is_to_do for line in task.lines if line.order_id == order_id)


def _end_order(task: PickTask, task_order: PickTaskOrder, order: SalesOrder | None) -> None:
    if order is None or order.id != task_order.order_id:
        order = orders.locked_order(task_order.order_id)
    if not any(line.picked for line in task.lines if line.order_id == order.id):
        task_order.end("released")  # nothing was found: it waits for goods again
        orders.update_status(order)
    else:
        task_order.state = "picked"
        is_whole = all(line.quantity_picked >= line.quantity_wanted for line in order.goods)
        order.move_to("picked" if is_whole else "short")
    orders.publish_change(order)
