"""A bin does not hold what was promised: what was found stays, another bin gives the rest."""

from uuid import UUID

from app.core.db import db
from app.core.events import announce
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.events import BinDoubted
from app.fulfilment.models import SHORT_REASONS, PickLine, PickTask
from app.fulfilment.services.finishing import ended
from app.fulfilment.services.freezing import frozen_answer
from app.fulfilment.services.holding import Picker, line_of, own_task
from app.fulfilment.services.picking import PICK, open_line
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.orders.queries import LINE
from app.scanning.errors import WrongScan
from app.scanning.services import Heard, Signal, take
from app.stock import services as stock


def report_short(
    task_id: int, picker: Picker, *, scan_id: UUID, line_id: int, reason: str
) -> Heard:
    """Say that the rest of a line is not there; another bin is promised, if there is one."""
    said = f"{line_id}: {reason}"
    signal = Signal(id=scan_id, task_type=PICK, task_id=task_id, deed="short", code=said)
    return take(signal, lambda: _short(task_id, picker, line_id, reason))


def answer_empty(task_id: int, picker: Picker, *, scan_id: UUID, is_empty: bool) -> Heard:
    """Say whether a bin is as empty as the books say; if it is not, somebody counts it."""
    said = "yes" if is_empty else "no"
    signal = Signal(id=scan_id, task_type=PICK, task_id=task_id, deed="empty", code=said)
    return take(signal, lambda: _emptied(task_id, picker, is_empty=is_empty))


def _short(task_id: int, picker: Picker, line_id: int, reason: str) -> Heard:
    task = own_task(task_id, picker)
    line = open_line(task, line_id)
    if reason not in SHORT_REASONS:
        raise WrongScan("Choose a reason.")
    order = orders.locked_order(line.order_id)
    if heard := frozen_answer(task, order):
        return heard
    found = _elsewhere(task, line, order)
    line.end("partial" if line.picked else "short", by=task.claimed_by_id, reason=reason)
    task.bin_id = None
    task.last_line_id = None
    announce(
        BinDoubted(location_id=line.location_id, product_id=line.product_id, reason=reason)
    )
    where = ", ".join(one.location.code for one in found)
    rest = f"More of it is at {where}." if found else "The rest is on backorder."
    said = f"{line.product.sku}: {plain(line.picked)} of {plain(line.quantity)}. {rest}"
    return ended(task, Heard(outcome="line", said=said), order=order)


def _elsewhere(task: PickTask, line: PickLine, order: SalesOrder) -> list[PickLine]:
    """Release here, and reserve in other bins."""
    demand = stock.Demand(line.product_id, line.missing)
    for promise in db.session.scalars(queries.promise_at(line, line.location_id)).all():
        stock.release(promise.id)
    made = stock.reserve_available(
        {line.order_line_id: demand},
        source_type=LINE,
        note=order.number,
        avoid={one.location_id for one in task.lines if _is_in_vain(one, line)},
    )
    last = max(one.sequence for one in task.lines)
    lines = [
        PickLine(
            task_id=task.id,
            order_id=order.id,
            order_line_id=line.order_line_id,
            product_id=line.product_id,
            product=line.product,
            location_id=promise.location_id,
            lot_id=promise.lot_id,
            quantity=promise.quantity,
            sequence=last + number,
        )
        for number, promise in enumerate(made, start=1)
    ]
    db.session.add_all(lines)
    db.session.flush()
    for one in lines:
        db.session.refresh(one, ["location", "lot"])
    task.lines.extend(lines)
    return lines


def _is_in_vain(one: PickLine, line: PickLine) -> bool:
    return one is line or (one.product_id == line.product_id and one.reason is not None)


def _emptied(task_id: int, picker: Picker, *, is_empty: bool) -> Heard:
    task = own_task(task_id, picker)
    if task.asked_line_id is None:
        return Heard()
    line = line_of(task, task.asked_line_id)
    task.asked_line_id = None
    if is_empty:
        return Heard(said=f"{line.location.code} is empty.")
    announce(
        BinDoubted(location_id=line.location_id, product_id=line.product_id, reason="not_empty")
    )
    return Heard(said=f"{line.location.code} will be counted.")
