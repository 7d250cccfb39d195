"""Receiving at the dock: scan the order or any of its goods, each piece, then the bin.

What is scanned is in somebody's hands until it is put away: scanning a bin posts all of it, by
the same service and once, as the page of the order does. What is damaged or put aside needs no
bin: it goes with the next one.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select

from app.catalog.scan_codes import without_prefix
from app.core.db import db, locked
from app.core.errors import Invalid
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.purchasing import queries
from app.purchasing.models import OPEN, PurchaseOrder, ReceivingTask
from app.purchasing.services.in_hand import (
    add,
    found_for,
    items_of,
    line_for,
    refused,
    touched,
)
from app.purchasing.services.lot_scans import (
    draft_of,
    lot_put_aside,
    say_lot_of,
    take_tracked,
    where_present,
)
from app.purchasing.services.receiving import Delivery, receive_goods
from app.purchasing.services.sharing import share_out
from app.scanning.errors import UnknownCode, WrongScan
from app.scanning.services import (
    ActionResult,
    ScanMatch,
    TabletAction,
    find_scanned,
    perform_once,
)
from app.stock.models import QUARANTINE, Location
from app.stock.services import LotDraft

TASK = "receiving"  # what scans name as their task
ZERO, ONE = Decimal(0), Decimal(1)
PATH_END = "/"  # a bin that was asked about is kept as its path, which ends with it
ASIDE_ADVICE = "Put it aside, or scan another."


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody with a tablet."""

    user_id: int
    device: str


def begin_receiving(receiver: Receiver, *, scan_id: UUID, code: str) -> ActionResult:
    """Begin with the order whose number is scanned, or that the goods are of, once per id.

    Who has a delivery in hand already goes on with that one, on this tablet.
    """
    action = TabletAction(id=scan_id, task_type=TASK, task_id=0, kind="start", code=code)
    return perform_once(action, lambda: _begin(receiver, code))


def scan(task_id: int, receiver: Receiver, *, scan_id: UUID, code: str) -> ActionResult:
    """Take a scan, once per id: a piece, a pack, or the bin that all in hand goes to."""
    action = TabletAction(id=scan_id, task_type=TASK, task_id=task_id, code=code)
    return perform_once(action, lambda: _scan(task_id, receiver, code, key=f"scan:{scan_id}"))


def set_received(
    task_id: int, receiver: Receiver, *, scan_id: UUID, line_id: int, quantity: Decimal
) -> ActionResult:
    """Say how many there are of something in hand, where nobody scans each of them."""
    said = f"{line_id}: {plain(quantity)}"
    action = _action(scan_id, task_id, "quantity", said)
    return perform_once(action, lambda: _set(_own(task_id, receiver), line_id, quantity))


def say_lot(
    task_id: int, receiver: Receiver, *, scan_id: UUID, lot: str, expires_on: date | None
) -> ActionResult:
    """Say the lot or serial number of what was scanned without it, and when it expires."""
    action = _action(scan_id, task_id, "quantity", f"{lot} {expires_on or ''}")
    draft = LotDraft(lot, expires_on)
    return perform_once(action, lambda: say_lot_of(_own(task_id, receiver), draft))


def mark_damaged(task_id: int, receiver: Receiver, *, scan_id: UUID) -> ActionResult:
    """Say that one piece of what was scanned last is damaged: it is put aside."""
    action = _action(scan_id, task_id, "move")
    return perform_once(action, lambda: _mark_damaged(_own(task_id, receiver)))


def put_refused_aside(task_id: int, receiver: Receiver, *, scan_id: UUID) -> ActionResult:
    """Take in what was refused last, and put it aside: too much, not ordered, or unknown."""
    action = _action(scan_id, task_id, "take_out")
    return perform_once(action, lambda: _put_aside(_own(task_id, receiver)))


def undo_scan(task_id: int, receiver: Receiver, *, scan_id: UUID) -> ActionResult:
    """Undo what was scanned last, as long as it is in hand."""
    action = _action(scan_id, task_id, "undo")
    return perform_once(action, lambda: _undo(_own(task_id, receiver)))


def finish_receiving(task_id: int, receiver: Receiver, *, scan_id: UUID) -> ActionResult:
    """End the delivery: what is in hand goes where it lives, or to the default location."""
    action = _action(scan_id, task_id, "done")
    return perform_once(action, lambda: _finish(_own(task_id, receiver), key=f"scan:{scan_id}"))


def places_for(task: ReceivingTask) -> list[Location]:
    """Suggest where what was scanned last may go: its home, where it lies, an empty bin."""
    line = task.line
    if line is None or line.product_id is None or line.condition != "good":
        return []
    found = queries.places_for(line.product_id, task.order.warehouse.path)
    return [*db.session.scalars(found)]


def _action(scan_id: UUID, task_id: int, kind: str, code: str = "") -> TabletAction:
    return TabletAction(id=scan_id, task_type=TASK, task_id=task_id, kind=kind, code=code)


def _begin(receiver: Receiver, code: str) -> ActionResult:
    mine = locked(queries.task_of(receiver.user_id), ReceivingTask)
    task = db.session.scalars(mine).one_or_none()
    if task is not None:
        task.device = receiver.device
        return ActionResult(message=f"You have {task.order.number} in hand.")
    order, is_goods = _order_for(code)
    task = ReceivingTask(order_id=order.id, user_id=receiver.user_id, device=receiver.device)
    db.session.add(task)
    db.session.flush()
    if is_goods:  # the piece in hand counts, too
        _scan(task.id, receiver, code, key="")
    return ActionResult(message=f"{order.number} from {order.vendor_name}.")


def _order_for(code: str) -> tuple[PurchaseOrder, bool]:
    """Give the order that a code stands for, and whether it is the code of goods."""
    bare = without_prefix(code)
    if found := _only(queries.orders_called(bare), code):
        return found, False
    if same := db.session.scalars(queries.order_with_number(bare)).one_or_none():
        raise NotAllowed(f"{same.number} is {same.status_label}: nothing of it is to come.")
    match = find_scanned(code)
    if match.product is None:
        raise WrongScan("This is a place: scan an order or goods.", scanned=str(match))
    order = db.session.scalars(queries.orders_with(match.product.id).limit(1)).first()
    if order is None:
        raise WrongScan("No order expects this. Take it to the office.", scanned=str(match))
    return order, True


def _only(query: Select[PurchaseOrder], code: str) -> PurchaseOrder | None:
    found = db.session.scalars(query.limit(2)).all()
    if len(found) > 1:
        numbers = " and ".join(order.number for order in found)
        raise WrongScan(f"{numbers} have this number: scan ours.", scanned=code)
    return found[0] if found else None


def _own(task_id: int, receiver: Receiver) -> ReceivingTask:
    """Lock a task for a step of whoever has it.

    Raises:
        WrongScan: Another person or another tablet has it, or it is over.
    """
    task = db.session.scalars(locked(queries.task(task_id), ReceivingTask)).one()
    if task.is_done:
        raise WrongScan("This delivery is through. Begin with the next one.")
    if task.user_id != receiver.user_id:
        raise WrongScan("Somebody else has this delivery in hand.")
    if task.device != receiver.device:
        raise WrongScan("You went on with this on another tablet. Open it again to continue.")
    return task


def _scan(task_id: int, receiver: Receiver, code: str, *, key: str) -> ActionResult:
    task = _own(task_id, receiver)
    before, task.refused_code = task.refused_code, ""
    try:
        found = found_for(task, code)
    except UnknownCode as error:
        if task.asked_code:  # the number is on a label of its own
            return say_lot_of(task, LotDraft(without_prefix(code)))
        return refused(task, code, f"Nobody knows {error.scanned or code}. {ASIDE_ADVICE}")
    if found.location is not None:
        return _scan_place(task, found.location, before, key=key)
    return _scan_goods(task, code, found)


def _scan_place(task: ReceivingTask, place: Location, before: str, *, key: str) -> ActionResult:
    _refuse_unsaid(task, place.code)
    if _is_elsewhere(task, place) and before != place.path:
        return _ask_for_place(task, place)
    return _put_away(task, place, key=key)


def _refuse_unsaid(task: ReceivingTask, scanned: str = "") -> None:
    """Refuse to go on while goods that were scanned wait for their lot: they count, too."""
    if task.asked_code:
        raise WrongScan("Which lot is it? Scan or type it first.", scanned=scanned)


def _scan_goods(task: ReceivingTask, code: str, found: ScanMatch) -> ActionResult:
    product = found.product
    assert product is not None  # noqa: S101  (a location was answered before)
    task.asked_code, task.asked_lot = "", ""
    if all(line.product_id != product.id for line in task.order.lines):
        number = task.order.number
        return refused(task, code, f"{product.sku} is not on {number}. {ASIDE_ADVICE}")
    if product.is_tracked:
        return take_tracked(task, code, found, draft_of(task, found))
    try:
        return add(task, product.id, found.units)
    except Invalid as error:
        return refused(task, code, str(error))


def _set(task: ReceivingTask, line_id: int, quantity: Decimal) -> ActionResult:
    line = next((line for line in task.lines if line.id == line_id), None)
    if line is None:
        raise WrongScan("This is put away already. Go on with what is on the screen.")
    if not quantity.is_finite() or quantity < 0:
        raise WrongScan("Enter a quantity of zero or more.")
    if line.lot and line.lot.is_serial and quantity not in (0, 1):
        raise WrongScan("A serial number is one piece: scan each of them.")
    more = quantity - line.quantity
    line.quantity = quantity
    share_out(task.order, items_of(task), takes_excess=False)
    return touched(task, line, more)


def _mark_damaged(task: ReceivingTask) -> ActionResult:
    line = task.line
    if line is None or line.condition != "good" or not line.quantity:
        raise WrongScan("Scan the damaged piece first.")
    part = min(line.quantity, ONE)
    line.quantity -= part
    return add(task, line.product_id or 0, part, "damaged", lot=line.lot)


def _put_aside(task: ReceivingTask) -> ActionResult:
    code = task.refused_code
    if not code or code.endswith(PATH_END):
        raise WrongScan("There is nothing to put aside: scan it first.")
    task.refused_code = ""
    try:
        found = found_for(task, code)
    except UnknownCode:
        line = line_for(task, code=without_prefix(code), condition="aside")
        line.quantity += ONE
        return touched(task, line, ONE)
    assert found.product is not None  # noqa: S101  (a place is never refused)
    lot = lot_put_aside(task, found)
    if lot is not None and lot.is_serial and where_present(task, lot):
        # Its number is another piece's: what this one is nobody knows.
        code = f"{found.product.sku} {lot.called}"
        line = line_for(task, code=code, condition="aside")
        line.quantity += ONE
        return touched(task, line, ONE)
    return add(task, found.product.id, found.units, "aside", lot=lot)


def _undo(task: ReceivingTask) -> ActionResult:
    line, last = task.line, task.last_quantity
    if line is None or not last or line.quantity < last:
        raise WrongScan("There is nothing in hand to undo.")
    line.quantity -= last
    result = touched(task, line, -last)
    task.last_quantity = ZERO
    db.session.flush()
    return result


def _put_away(task: ReceivingTask, place: Location, *, key: str) -> ActionResult:
    """Post all that is in hand, good goods into the bin that was scanned."""
    if place.kind == QUARANTINE:
        raise WrongScan("Good goods are not put aside: scan a bin.", scanned=place.code)
    if not task.in_hand:
        raise WrongScan("Scan the goods first, then the bin.", scanned=place.code)
    said = f"{_post(task, key=key, place=place)}."
    return ActionResult(outcome="done" if _is_through(task) else "line", message=said)


def _is_elsewhere(task: ReceivingTask, place: Location) -> bool:
    """Tell whether it is a bin, and of another warehouse than the order is delivered to."""
    is_bin = place.kind != QUARANTINE and bool(task.in_hand)
    return is_bin and not place.path.startswith(task.order.warehouse.path)


def _ask_for_place(task: ReceivingTask, place: Location) -> ActionResult:
    """Let it be scanned again: only then is it meant."""
    task.refused_code = place.path
    db.session.flush()
    home, number = task.order.warehouse.code, task.order.number
    return ActionResult(
        outcome="wrong",
        message=f"{place.code} is not in {home}, where {number} is to go. Scan it again if the "
        "goods go there all the same.",
    )


def _finish(task: ReceivingTask, *, key: str) -> ActionResult:
    _refuse_unsaid(task)
    said = f"{_post(task, key=key)}. " if task.in_hand else ""
    task.is_done = True
    db.session.flush()
    return ActionResult(outcome="done", message=f"{said}{task.order.number} is put down.")


def _post(task: ReceivingTask, *, key: str, place: Location | None = None) -> str:
    delivery = Delivery(
        location_id=place.id if place else None,
        delivery_note=task.delivery_note,
        serves_first=True,
    )
    receipt = receive_goods(task.order_id, items_of(task), delivery, key=f"tablet:{key}")
    task.lines = []
    task.asked_lot = ""
    task.line_id, task.last_quantity = None, ZERO
    db.session.flush()
    return _where_it_went(receipt.id)


def _where_it_went(receipt_id: int) -> str:
    """Say how much of what is where now, as the books have it: not all goes into one bin."""
    receipt = db.session.scalars(queries.receipt(receipt_id)).one()
    went = defaultdict[str, Decimal](Decimal)
    for line in receipt.lines:
        aside = " put aside" if line in receipt.aside else ""
        at = f" at {line.location.code}" if line.location else ""
        went[f"{line.called}{aside}{at}"] += line.quantity
    return ", ".join(f"{plain(number)} {what}" for what, number in went.items())


def _is_through(task: ReceivingTask) -> bool:
    return task.order.status not in OPEN
