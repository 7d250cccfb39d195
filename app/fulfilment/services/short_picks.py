"""A bin does not hold what was reserved: what was found stays, another bin gives the rest.

The rest of that bin is doubted, whatever the reason: promised to the next order at once, it
would send the next picker there in vain.
"""

from uuid import UUID

from app.core.db import db
from app.core.events import publish
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.events import DiscrepancyReported
from app.fulfilment.models import SHORT_REASONS, PickLine, PickTask
from app.fulfilment.services.finishing import finish_if_done
from app.fulfilment.services.freezing import freeze_cancelled
from app.fulfilment.services.locking import PICK, Picker, line_of, own_task
from app.fulfilment.services.picking import add_step, open_line
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.orders.queries import LINE
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, TabletAction, perform_once
from app.stock import services as stock


def report_short(
    task_id: int, picker: Picker, *, scan_id: UUID, line_id: int, reason: str
) -> ActionResult:
    """Say that the rest of a line is not there; it is reserved elsewhere, if it lies there."""
    code = f"{line_id}: {reason}"
    action = TabletAction(id=scan_id, task_type=PICK, task_id=task_id, kind="short", code=code)
    return perform_once(action, lambda: _report_short(task_id, picker, line_id, reason))


def answer_empty(
    task_id: int, picker: Picker, *, scan_id: UUID, is_empty: bool
) -> ActionResult:
    """Say whether a bin is as empty as the books say; if it is not, somebody counts it."""
    code = "yes" if is_empty else "no"
    action = TabletAction(id=scan_id, task_type=PICK, task_id=task_id, kind="empty", code=code)
    return perform_once(action, lambda: _answer_empty(task_id, picker, is_empty=is_empty))


def _report_short(task_id: int, picker: Picker, line_id: int, reason: str) -> ActionResult:
    task = own_task(task_id, picker)
    line = open_line(task, line_id)
    if reason not in SHORT_REASONS:
        raise WrongScan("Choose a reason.")
    order = orders.locked_order(line.order_id)
    if result := freeze_cancelled(task, order):
        return result
    stock.doubt(line.product_id, line.location_id)
    found = _reserve_elsewhere(task, line, order)
    line.end("partial" if line.picked else "short", by=task.claimed_by_id, reason=reason)
    task.bin_id = None
    add_step(task, line, "short")
    publish(
        DiscrepancyReported(
            location_id=line.location_id, product_id=line.product_id, reason=reason
        )
    )
    where = ", ".join(one.location.code for one in found)
    rest = f"More of it is at {where}." if found else "The rest is on backorder."
    message = f"{line.product.sku}: {plain(line.picked)} of {plain(line.quantity)}. {rest}"
    return finish_if_done(task, ActionResult(outcome="line", message=message), order=order)


def _reserve_elsewhere(task: PickTask, line: PickLine, order: SalesOrder) -> list[PickLine]:
    """Release here, and reserve in other bins."""
    demand = stock.Demand(line.product_id, line.missing)
    for reservation in db.session.scalars(
        queries.reservations_at(line, line.location_id)
    ).all():
        stock.release(reservation.id)
    made = stock.reserve_available(
        {line.order_line_id: demand},
        document_type=LINE,
        note=order.number,
        avoid={one.location_id for one in task.lines if _is_fruitless(one, line)},
    )
    last = max(one.sequence for one in task.lines)
    lines = [
        PickLine(
            task_id=task.id,
            order_id=order.id,
            order_line_id=line.order_line_id,
            product_id=line.product_id,
            product=line.product,
            location_id=reservation.location_id,
            lot_id=reservation.lot_id,
            replaces_id=line.id,
            quantity=reservation.quantity,
            sequence=last + number,
        )
        for number, reservation in enumerate(made, start=1)
    ]
    db.session.add_all(lines)
    db.session.flush()
    for one in lines:
        db.session.refresh(one, ["location", "lot"])
    task.lines.extend(lines)
    return lines


def _is_fruitless(one: PickLine, line: PickLine) -> bool:
    return one is line or (one.product_id == line.product_id and one.reason is not None)


def _answer_empty(task_id: int, picker: Picker, *, is_empty: bool) -> ActionResult:
    task = own_task(task_id, picker)
    if task.empty_check_line_id is None:
        return ActionResult()
    line = line_of(task, task.empty_check_line_id)
    task.empty_check_line_id = None
    if is_empty:
        return ActionResult(message=f"{line.location.code} is empty.")
    publish(
        DiscrepancyReported(
            location_id=line.location_id, product_id=line.product_id, reason="not_empty"
        )
    )
    return ActionResult(message=f"{line.location.code} will be counted.")
