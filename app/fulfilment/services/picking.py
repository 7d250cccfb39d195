"""A scan while picking: the bin, a piece into the tote, the tote.

Every piece is posted as it is scanned, bin -> tote, and its reservation moves along: at every
commit the lines, the ledger and what lies in the totes agree, whatever becomes of the tablet.
"""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from app.core.db import db
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import PickLine, PickTask
from app.fulfilment.services.finishing import ended
from app.fulfilment.services.freezing import frozen_answer
from app.fulfilment.services.holding import (
    Picker,
    current_line,
    line_of,
    own_task,
    part_of,
    tell,
)
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.orders.queries import ORDER
from app.scanning.errors import WrongScan
from app.scanning.services import Found, Heard, Signal, find, take
from app.stock import services as stock
from app.stock.errors import InsufficientStock, ReservationEnded
from app.stock.models import Location

PICK = "pick"  # the task type of scans
ZERO = Decimal(0)


def scan(task_id: int, picker: Picker, *, scan_id: UUID, code: str) -> Heard:
    """Take a scan, once per id: the bin one stands at, a piece, or the tote it goes into."""
    signal = Signal(id=scan_id, task_type=PICK, task_id=task_id, code=code)
    return take(signal, lambda: _heard(task_id, picker, scan_id, code))


def pick_quantity(
    task_id: int, picker: Picker, *, scan_id: UUID, line_id: int, quantity: Decimal
) -> Heard:
    """Take several pieces of a line at once, where nobody scans each of them."""
    said = f"{line_id}: {plain(quantity)}"
    signal = Signal(id=scan_id, task_type=PICK, task_id=task_id, deed="quantity", code=said)
    return take(signal, lambda: _typed(task_id, picker, scan_id, line_id, quantity))


def undo(task_id: int, picker: Picker, *, scan_id: UUID) -> Heard:
    """Put the last piece, or pieces, back into the bin."""
    signal = Signal(id=scan_id, task_type=PICK, task_id=task_id, deed="undo")
    return take(signal, lambda: _undone(task_id, picker, scan_id))


def skip(task_id: int, picker: Picker, *, scan_id: UUID, line_id: int) -> Heard:
    """Leave a line for the end of the walk."""
    signal = Signal(id=scan_id, task_type=PICK, task_id=task_id, deed="skip", code=str(line_id))
    return take(signal, lambda: _skipped(task_id, picker, line_id))


def open_line(task: PickTask, line_id: int) -> PickLine:
    """The line that a tap is about.

    Raises:
        WrongScan: It is no line of this walk, or nothing is to be done there any more.
    """
    line = next((line for line in task.lines if line.id == line_id), None)
    if line is None or not line.is_to_do:
        raise WrongScan("This line is through already. Go on with the one on the screen.")
    return line


def _heard(task_id: int, picker: Picker, scan_id: UUID, code: str) -> Heard:
    task = own_task(task_id, picker)
    return replace(_scanned(task, scan_id, code), left=task)


def _scanned(task: PickTask, scan_id: UUID, code: str) -> Heard:
    task.asked_line_id = None
    with db.session.no_autoflush:  # the task is written once, with what the scan changes
        found = find(code)
    if found.place is not None:
        return _at_place(task, found.place)
    return _at_product(task, found, scan_id)


def _at_place(task: PickTask, place: Location) -> Heard:
    if task.tote_line_id:
        return _into_tote(task, place)
    if place.kind == "tote":
        return _tote_seen(task, place)
    here = [line for line in task.lines if line.location_id == place.id]
    if any(line.is_to_do for line in here):
        task.bin_id = place.id
        return Heard(said=f"Bin {place.code}.")
    if here:
        raise WrongScan("All from this bin is picked already.", **_bins(task, place))
    raise WrongScan(
        "Nothing is to be picked here. Go to the bin on the screen.", **_bins(task, place)
    )


def _into_tote(task: PickTask, place: Location) -> Heard:
    line = line_of(task, task.tote_line_id)
    tote = part_of(task, line.order_id).tote
    if place.id != tote.id:
        raise WrongScan(
            "Put the goods into the right tote, then scan it.",
            scanned=place.code,
            expected=f"tote {tote.code}",
        )
    task.tote_line_id = None
    return ended(task, Heard(outcome="line", said=f"In tote {tote.code}."))


def _tote_seen(task: PickTask, place: Location) -> Heard:
    if any(part.tote_id == place.id for part in task.orders):
        return Heard(said=f"Tote {place.code}.")
    totes = ", ".join(part.tote.code for part in task.orders)
    raise WrongScan("This tote is not yours.", scanned=place.code, expected=f"tote {totes}")


def _at_product(task: PickTask, found: Found, scan_id: UUID) -> Heard:
    line = _line_for(task, found)
    if found.units > line.missing:
        raise WrongScan(
            f"A pack of {plain(found.units)}: only {plain(line.missing)} are wanted. "
            "Scan single pieces.",
            scanned=str(found),
        )
    return _picked(task, line, found.units, scan_id)


def _line_for(task: PickTask, found: Found) -> PickLine:
    """The first open line for a product at this bin; everything else is refused in words."""
    _refuse_before_tote(task, str(found))
    assert found.product is not None  # noqa: S101  (a place was answered before)
    wanted = current_line(task)
    expected = wanted.product.sku if wanted else ""
    of_product = [line for line in task.lines if line.product_id == found.product.id]
    to_do = [line for line in of_product if line.is_to_do]
    if not of_product:
        raise WrongScan(
            "Wrong product: it is in no order of this walk.",
            scanned=found.product.sku,
            expected=expected,
        )
    if not to_do:
        raise WrongScan(
            "The line is full: put this piece back.",
            scanned=found.product.sku,
            expected=expected,
        )
    if task.bin_id is None:
        raise WrongScan(
            "Scan the bin first.", scanned=found.product.sku, expected=f"bin {_code(wanted)}"
        )
    here = [line for line in to_do if line.location_id == task.bin_id]
    if not here:
        raise WrongScan(
            "Wrong product for this bin.", scanned=found.product.sku, expected=expected
        )
    _refuse_other_lot(here[0], found)
    return here[0]


def _refuse_before_tote(task: PickTask, scanned: str) -> None:
    if task.tote_line_id:
        line = line_of(task, task.tote_line_id)
        tote = part_of(task, line.order_id).tote.code
        raise WrongScan(
            "Scan the tote that the goods went into.", scanned=scanned, expected=f"tote {tote}"
        )


def _refuse_other_lot(line: PickLine, found: Found) -> None:
    if line.lot and found.lot and line.lot.code != found.lot:
        raise WrongScan(
            "Another lot is promised.",
            scanned=f"lot {found.lot}",
            expected=f"lot {line.lot.code}",
        )


def _typed(
    task_id: int, picker: Picker, scan_id: UUID, line_id: int, quantity: Decimal
) -> Heard:
    task = own_task(task_id, picker)
    line = open_line(task, line_id)
    _refuse_before_tote(task, "")
    if not 0 < quantity <= line.missing:
        raise WrongScan(f"From 1 to {plain(line.missing)}: so many are still to be picked.")
    task.bin_id = line.location_id
    return _picked(task, line, quantity, scan_id)


def _picked(task: PickTask, line: PickLine, quantity: Decimal, scan_id: UUID) -> Heard:
    order = orders.locked_order(line.order_id)
    if frozen := frozen_answer(task, order):
        return frozen
    part = part_of(task, line.order_id)
    posted = _carry(line, quantity, (line.location_id, part.tote_id), f"pick:{scan_id}", order)
    _count(order, line, quantity)
    task.last_line_id, task.last_quantity = line.id, quantity
    said = f"{line.product.sku}: {plain(line.picked)} of {plain(line.quantity)}."
    heard = Heard(said=said, product_id=line.product_id, quantity=quantity)
    if line.missing:
        db.session.flush()
        return heard
    line.end("picked", by=task.claimed_by_id)
    if posted.at(line.product_id, line.location_id).on_hand == 0:
        task.asked_line_id = line.id
    if len([one for one in task.orders if one.is_active]) > 1:
        task.tote_line_id = line.id
    return ended(task, replace(heard, outcome="line"), order=order)


def _undone(task_id: int, picker: Picker, scan_id: UUID) -> Heard:
    task = own_task(task_id, picker)
    if task.last_line_id is None:
        raise WrongScan("There is nothing to take back.")
    line, quantity = line_of(task, task.last_line_id), task.last_quantity
    order = orders.locked_order(line.order_id)
    if heard := frozen_answer(task, order):
        return heard
    part = part_of(task, line.order_id)
    if line.state not in ("open", "skipped", "picked") or part.state != "open":
        raise WrongScan("This order is picked: what lies in the tote is packed from there.")
    _carry(line, quantity, (part.tote_id, line.location_id), f"undo:{scan_id}", order)
    _count(order, line, -quantity)
    line.state, line.finished_at, line.finished_by_id = "open", None, None
    task.bin_id, task.tote_line_id, task.asked_line_id = line.location_id, None, None
    task.last_line_id, task.last_quantity = None, ZERO
    tell(task)
    said = f"Put {plain(quantity)} x {line.product.sku} back into {line.location.code}."
    return Heard(said=said, product_id=line.product_id, quantity=-quantity)


def _skipped(task_id: int, picker: Picker, line_id: int) -> Heard:
    task = own_task(task_id, picker)
    line = open_line(task, line_id)
    last = max(task.lines, key=lambda one: one.sequence)
    if sum(one.is_to_do for one in task.lines) == 1:
        raise WrongScan("This is the last line: pick it, or say that it is short.")
    line.state, line.sequence = "skipped", last.sequence + 1
    task.lines.sort(key=lambda one: (one.sequence, one.id))
    task.bin_id = None
    tell(task)
    return Heard(said=f"{line.product.sku} comes last now.")


def _carry(
    line: PickLine, quantity: Decimal, way: tuple[int, int], key: str, order: SalesOrder
) -> stock.Posted:
    """Post a move of promised goods for a line; the promise goes along."""
    start, end = way
    rest, parts = quantity, []
    for promise in db.session.scalars(queries.promise_at(line, start)):
        if part := min(rest, promise.quantity):
            parts.append(stock.ReservationPart(promise.id, part))
            rest -= part
    if rest:
        raise WrongScan("These goods are not reserved for this order any more. Ask the office.")
    purpose = stock.Purpose("moved", (ORDER, order.id))
    try:
        return stock.move_reserved(parts, to_location_id=end, key=key, purpose=purpose)
    except (ReservationEnded, InsufficientStock) as gone:
        raise WrongScan(f"{gone} Ask the office.") from gone


def _count(order: SalesOrder, line: PickLine, quantity: Decimal) -> None:
    line.picked += quantity
    wanted = next(one for one in order.lines if one.id == line.order_line_id)
    wanted.quantity_picked += quantity


def _bins(task: PickTask, place: Location) -> dict[str, str]:
    return {"scanned": place.code, "expected": f"bin {_code(current_line(task))}"}


def _code(line: PickLine | None) -> str:
    return line.location.code if line else ""
