"""An order is cancelled while somebody has it in hand: nothing more is done, goods go back."""

from datetime import UTC, datetime

from app.core.db import db, retried, transaction
from app.core.events import publish
from app.fulfilment import queries
from app.fulfilment.events import PickFrozen
from app.fulfilment.models import IN_WORK, PickLine, PickTask, PickTaskOrder, PutBack
from app.fulfilment.services.holding import locked_task, part_of, tell
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.scanning.errors import WrongScan
from app.scanning.services import Heard


@retried
def freeze(order_id: int) -> bool:
    """Freeze the walk of a cancelled order, and tell what to put back; False if there is none.

    Running it again changes nothing.
    """
    with transaction() as session:
        part = session.scalar(queries.active_of_order(order_id))
        if part is None:
            return False
        task = locked_task(part.task_id)
        order = orders.locked_order(order_id)
        part = part_of(task, order_id)
        if order.status != "cancelled" or not part.is_active:
            return False
        _freeze(task, part)
    return True


def frozen_answer(task: PickTask, order: SalesOrder) -> Heard | None:
    """The answer to a scan for an order that is cancelled, which freezes it; else None.

    Raises:
        WrongScan: The order is in a state in which nobody picks it.
    """
    if order.status == "cancelled":
        _freeze(task, part_of(task, order.id))
        tote = part_of(task, order.id).tote.code
        said = f"{order.number} was cancelled. Leave tote {tote}: its goods go back."
        return Heard(outcome="wrong", said=said)
    if order.status != "picking":
        raise WrongScan(f"{order.number} is {order.status_label}. Ask the office.")
    return None


def _freeze(task: PickTask, part: PickTaskOrder) -> None:
    _stop_lines(task, part)
    for parcel in db.session.scalars(queries.parcels_of(part.id)):
        parcel.state = "cancelled"
    part.end("frozen")
    if task.state in (*IN_WORK, "ready") and not any(p.state == "open" for p in task.orders):
        is_left = any(p.is_active for p in task.orders)
        task.state, task.ended_at = "picked" if is_left else "frozen", datetime.now(UTC)
    tell(task)
    publish(PickFrozen(task_id=task.id, order_id=part.order_id))


def _stop_lines(task: PickTask, part: PickTaskOrder) -> None:
    """End its lines, and plan the way back of what lies in the tote."""
    stopped = [line for line in task.lines if line.order_id == part.order_id]
    for line in stopped:
        if line.picked:
            db.session.add(_putback(line, part))
        if line.is_to_do:
            line.end("cancelled", by=None)
    ids = {line.id for line in stopped}
    for name in ("tote_line_id", "last_line_id", "asked_line_id"):
        if getattr(task, name) in ids:
            setattr(task, name, None)


def _putback(line: PickLine, part: PickTaskOrder) -> PutBack:
    return PutBack(
        order_id=line.order_id,
        product_id=line.product_id,
        lot_id=line.lot_id,
        tote_id=part.tote_id,
        location_id=line.location_id,
        quantity=line.picked,
    )
