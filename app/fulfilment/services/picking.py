"""A scan while picking: the bin, a piece into the tote, the tote.

Every piece is posted as it is scanned, bin -> tote, and its reservation moves along: at every
commit the lines, the ledger and what lies in the totes agree, whatever becomes of the tablet.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.core.db import db, locked
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import PickLine, PickStep, PickTask
from app.fulfilment.services.finishing import finish_if_done
from app.fulfilment.services.freezing import freeze_cancelled, stop_text
from app.fulfilment.services.locking import (
    PICK,
    Picker,
    current_line,
    line_of,
    own_task,
    publish_change,
    task_order_of,
)
from app.fulfilment.services.lots import line_of_lot, refuse_withheld
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.orders.queries import ORDER
from app.scanning.errors import UnknownCode, WrongScan
from app.scanning.services import (
    ActionResult,
    ScanMatch,
    TabletAction,
    find_lot,
    find_scanned,
    perform_once,
    units_of,
)
from app.stock import services as stock
from app.stock.errors import InsufficientStock, ReservationEnded
from app.stock.models import Location, Reservation

ZERO = Decimal(0)


def scan(task_id: int, picker: Picker, *, scan_id: UUID, code: str) -> ActionResult:
    """Take a scan, once per id: the bin one stands at, a piece, or the tote it goes into."""
    action = TabletAction(id=scan_id, task_type=PICK, task_id=task_id, code=code)
    return perform_once(action, lambda: _scan(task_id, picker, scan_id, code))


def pick_quantity(
    task_id: int, picker: Picker, *, scan_id: UUID, line_id: int, quantity: Decimal
) -> ActionResult:
    """Take several pieces of a line at once, where nobody scans each of them."""
    code = f"{line_id}: {plain(quantity)}"
    action = TabletAction(
        id=scan_id, task_type=PICK, task_id=task_id, kind="quantity", code=code
    )
    return perform_once(
        action, lambda: _pick_quantity(task_id, picker, scan_id, line_id, quantity)
    )


def confirm_stop(task_id: int, picker: Picker, *, scan_id: UUID) -> ActionResult:
    """Say that the tote of an order that was cancelled is put aside: the others go on."""
    action = TabletAction(id=scan_id, task_type=PICK, task_id=task_id, kind="seen")
    return perform_once(action, lambda: _confirm_stop(task_id, picker))


def skip(task_id: int, picker: Picker, *, scan_id: UUID, line_id: int) -> ActionResult:
    """Leave a line for the end of the pick task."""
    action = TabletAction(
        id=scan_id, task_type=PICK, task_id=task_id, kind="skip", code=str(line_id)
    )
    return perform_once(action, lambda: _skip(task_id, picker, line_id))


def open_line(task: PickTask, line_id: int) -> PickLine:
    """The line that a tap is about.

    Raises:
        WrongScan: It is no line of this pick task, or nothing is to be done there any more.
    """
    line = next((line for line in task.lines if line.id == line_id), None)
    if line is None or not line.is_to_do:
        raise WrongScan("This line is through already. Go on with the one on the screen.")
    return line


def add_step(task: PickTask, line: PickLine, kind: str, **values: Any) -> None:
    """Keep what was done, so that it can be undone."""
    db.session.add(PickStep(task_id=task.id, line_id=line.id, kind=kind, **values))


def _scan(task_id: int, picker: Picker, scan_id: UUID, code: str) -> ActionResult:
    task = own_task(task_id, picker)
    return replace(_recognise(task, scan_id, code), task=task)


def _recognise(task: PickTask, scan_id: UUID, code: str) -> ActionResult:
    task.empty_check_line_id = None
    if task.stopped:
        return _scan_stopped(task, code)
    with db.session.no_autoflush:  # the task is written once, with what the scan changes
        found = _found(task, code)
    if found.location is not None:
        return _scan_location(task, found.location)
    return _scan_product(task, found, scan_id)


def _scan_stopped(task: PickTask, code: str) -> ActionResult:
    """Take nothing while a cancelled order lies in hand, but the tote that is put aside."""
    refusal = WrongScan(stop_text(task.stopped[0]), scanned=code.strip())
    try:
        found = find_scanned(code)
    except WrongScan:
        raise refusal from None
    if found.location is None or found.location.id not in [one.tote_id for one in task.stopped]:
        raise refusal
    return _put_aside(task)


def _confirm_stop(task_id: int, picker: Picker) -> ActionResult:
    return _put_aside(own_task(task_id, picker))


def _put_aside(task: PickTask) -> ActionResult:
    totes = ", ".join(one.tote.code for one in task.stopped)
    for one in task.stopped:
        one.is_unseen = False
    publish_change(task)
    return ActionResult(message=f"Tote {totes} is put aside." if totes else "")


def _scan_location(task: PickTask, location: Location) -> ActionResult:
    task.other_lot_id = None
    if task.tote_line_id:
        return _confirm_tote(task, location)
    if location.kind == "tote":
        return _scan_tote(task, location)
    here = [line for line in task.lines if line.location_id == location.id]
    if any(line.is_to_do for line in here):
        task.bin_id = location.id
        return ActionResult(message=f"Bin {location.code}.")
    if here:
        raise WrongScan("All from this bin is picked already.", **_bin_hint(task, location))
    raise WrongScan(
        "Nothing is to be picked here. Go to the bin on the screen.",
        **_bin_hint(task, location),
    )


def _confirm_tote(task: PickTask, location: Location) -> ActionResult:
    line = line_of(task, task.tote_line_id)
    tote = task_order_of(task, line.order_id).tote
    if location.id != tote.id:
        raise WrongScan(
            "Put the goods into the right tote, then scan it.",
            scanned=location.code,
            expected=f"tote {tote.code}",
        )
    task.tote_line_id = None
    return finish_if_done(task, ActionResult(outcome="line", message=f"In tote {tote.code}."))


def _scan_tote(task: PickTask, location: Location) -> ActionResult:
    if any(task_order.tote_id == location.id for task_order in task.orders):
        return ActionResult(message=f"Tote {location.code}.")
    totes = ", ".join(task_order.tote.code for task_order in task.orders)
    raise WrongScan("This tote is not yours.", scanned=location.code, expected=f"tote {totes}")


def _found(task: PickTask, code: str) -> ScanMatch:
    """Find what a code stands for; on a label of its own the number of a lot at this bin."""
    try:
        return find_scanned(code)
    except UnknownCode:
        here = {
            line.product_id
            for line in task.lines
            if line.is_to_do and line.location_id == task.bin_id and line.product.is_tracked
        }
        if found := find_lot(code, here):
            return found
        raise


def _scan_product(task: PickTask, found: ScanMatch, scan_id: UUID) -> ActionResult:
    line = line_of_lot(task, _lines_for(task, found), found)
    if isinstance(line, ActionResult):
        return line
    units = units_of(found, line.missing)
    if units > line.missing:
        raise WrongScan(
            f"A pack of {plain(units)}: only {plain(line.missing)} are wanted. "
            "Scan single pieces.",
            scanned=str(found),
        )
    return _pick(task, line, units, scan_id)


def _lines_for(task: PickTask, found: ScanMatch) -> list[PickLine]:
    """The open lines for a product at this bin; everything else is refused in words."""
    _refuse_before_tote(task, str(found))
    assert found.product is not None  # noqa: S101  (a location was answered before)
    wanted = current_line(task)
    expected = wanted.product.sku if wanted else ""
    of_product = [line for line in task.lines if line.product_id == found.product.id]
    to_do = [line for line in of_product if line.is_to_do]
    if not of_product:
        raise WrongScan(
            "Wrong product: it is in no order of this pick task.",
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
            "Scan the bin first.",
            scanned=found.product.sku,
            expected=f"bin {_bin_code(wanted)}",
        )
    here = [line for line in to_do if line.location_id == task.bin_id]
    if not here and wanted and wanted.product_id == found.product.id:
        raise WrongScan(
            "Scan the bin first.",
            scanned=found.product.sku,
            expected=f"bin {_bin_code(wanted)}",
        )
    if not here:
        raise WrongScan(
            "Wrong product for this bin.", scanned=found.product.sku, expected=expected
        )
    return here


def _refuse_before_tote(task: PickTask, scanned: str) -> None:
    if task.tote_line_id:
        line = line_of(task, task.tote_line_id)
        tote = task_order_of(task, line.order_id).tote.code
        raise WrongScan(
            "Scan the tote that the goods went into.", scanned=scanned, expected=f"tote {tote}"
        )


def _pick_quantity(
    task_id: int, picker: Picker, scan_id: UUID, line_id: int, quantity: Decimal
) -> ActionResult:
    task = own_task(task_id, picker)
    line = open_line(task, line_id)
    _refuse_before_tote(task, "")
    if not 0 < quantity <= line.missing:
        raise WrongScan(f"At most {plain(line.missing)}: so many are still to be picked.")
    task.bin_id = line.location_id
    return _pick(task, line, quantity, scan_id)


def _pick(task: PickTask, line: PickLine, quantity: Decimal, scan_id: UUID) -> ActionResult:
    order = orders.locked_order(line.order_id)
    if frozen := freeze_cancelled(task, order):
        return frozen
    refuse_withheld(line)
    task_order = task_order_of(task, line.order_id)
    posted = move_picked(
        line, quantity, (line.location_id, task_order.tote_id), f"pick:{scan_id}", order
    )
    add_picked(order, line, quantity)
    add_step(task, line, "pick", quantity=quantity)
    called = f"{line.product.sku}, {line.lot.called}" if line.lot else line.product.sku
    message = f"{called}: {plain(line.picked)} of {plain(line.quantity)}."
    result = ActionResult(message=message, product_id=line.product_id, quantity=quantity)
    if line.missing:
        db.session.flush()
        return result
    line.end("picked", by=task.claimed_by_id)
    if posted.at(line.product_id, line.location_id).on_hand == 0:
        task.empty_check_line_id = line.id
    if len([one for one in task.orders if one.is_active]) > 1:
        task.tote_line_id = line.id
    return finish_if_done(task, replace(result, outcome="line"), order=order)


def _skip(task_id: int, picker: Picker, line_id: int) -> ActionResult:
    task = own_task(task_id, picker)
    line = open_line(task, line_id)
    last = max(task.lines, key=lambda one: one.sequence)
    if sum(one.is_to_do for one in task.lines) == 1:
        raise WrongScan("This is the last line: pick it, or say that it is short.")
    add_step(task, line, "skip", sequence=line.sequence)
    line.state, line.sequence = "skipped", last.sequence + 1
    task.lines.sort(key=lambda one: (one.sequence, one.id))
    task.bin_id = None
    publish_change(task)
    return ActionResult(message=f"{line.product.sku} comes last now.")


def move_picked(
    line: PickLine, quantity: Decimal, way: tuple[int, int], key: str, order: SalesOrder
) -> stock.Posted:
    """Post a move of reserved goods for a line; the reservation goes along.

    Raises:
        WrongScan: They are not reserved for its order any more.
    """
    start, end = way
    rest, parts = quantity, []
    reservations = locked(queries.reservations_at(line, start, end), Reservation)
    held = {one.id: one for one in db.session.scalars(reservations)}
    for reservation in held.values():
        if reservation.location_id != start:
            continue
        if taken := min(rest, reservation.quantity):
            parts.append(stock.ReservationPart(reservation.id, taken))
            rest -= taken
    if rest:
        raise WrongScan("These goods are not reserved for this order any more. Ask the office.")
    purpose = stock.Purpose("moved", (ORDER, order.id))
    try:
        return stock.move_reserved(
            parts, to_location_id=end, key=key, purpose=purpose, held=held
        )
    except (ReservationEnded, InsufficientStock) as gone:
        raise WrongScan(f"{gone} Ask the office.") from gone


def add_picked(order: SalesOrder, line: PickLine, quantity: Decimal) -> None:
    """Count pieces for a line of a pick task and of its order; negative ones go back."""
    line.picked += quantity
    wanted = next(one for one in order.goods if one.id == line.order_line_id)
    wanted.quantity_picked += quantity
    orders.follow_components(order)


def _bin_hint(task: PickTask, location: Location) -> dict[str, str]:
    return {"scanned": location.code, "expected": f"bin {_bin_code(current_line(task))}"}


def _bin_code(line: PickLine | None) -> str:
    return line.location.code if line else ""
