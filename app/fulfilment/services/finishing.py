"""What follows when a line is through: its order, then the walk."""

from dataclasses import replace
from datetime import UTC, datetime

from app.fulfilment.models import PickTask, PickTaskOrder
from app.fulfilment.services.holding import tell
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.scanning.services import Heard


def ended(task: PickTask, heard: Heard, *, order: SalesOrder | None = None) -> Heard:
    """End orders of which nothing is to do, and the walk with the last of them."""
    for part in task.orders:
        if part.state == "open" and not _has_to_do(task, part.order_id):
            _end_order(task, part, order)
    is_over = not task.tote_line_id and not any(part.state == "open" for part in task.orders)
    if is_over:
        is_left = any(part.is_active for part in task.orders)
        task.state = "picked" if is_left else "done"
        task.ended_at = datetime.now(UTC)
    tell(task)
    return replace(heard, outcome="done") if is_over else heard


def _has_to_do(task: PickTask, order_id: int) -> bool:
    return any(line.is_to_do for line in task.lines if line.order_id == order_id)


def _end_order(task: PickTask, part: PickTaskOrder, order: SalesOrder | None) -> None:
    if order is None or order.id != part.order_id:
        order = orders.locked_order(part.order_id)
    if not any(line.picked for line in task.lines if line.order_id == order.id):
        part.end("released")  # nothing was found: it waits for goods again
        orders.update_status(order)
    else:
        part.state = "picked"
        is_whole = all(line.quantity_picked >= line.quantity_wanted for line in order.lines)
        order.move_to("picked" if is_whole else "short")
    orders.publish_change(order)
