"""Which lot, or piece, is picked: the one on the screen, or another if that is meant."""

from decimal import Decimal

from app.catalog.models import SERIAL
from app.core.codes import normal_code
from app.core.days import today
from app.core.db import db, locked
from app.fulfilment import queries
from app.fulfilment.models import PickLine, PickTask
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, ScanMatch
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.errors import InsufficientStock, LotUnfit
from app.stock.models import Lot, Reservation

AGAIN = "Scan it again to take it all the same."


def line_of_lot(
    task: PickTask, here: list[PickLine], found: ScanMatch
) -> PickLine | ActionResult:
    """Choose among the open lines of a product at a bin the one whose lot was scanned.

    A label that does not name the lot is taken for the one on the screen; a piece that has a
    serial number is known by that alone. Another lot is refused at first; scanned once more it
    is meant, and reserved in the other's stead. Another piece that keeps as long is as good.

    Raises:
        WrongScan: The lot is unknown, blocked, expired or others', or no piece is named.
    """
    first, product = here[0], here[0].product
    code = found.draft.code
    if not product.is_tracked:
        return first
    if not code and product.tracking == SERIAL:
        raise WrongScan(
            "Scan the serial number of the piece.",
            scanned=product.sku,
            expected=first.lot.called if first.lot else "",
        )
    if not code:
        return _told(task, first)
    for line in here:
        if line.lot and normal_code(line.lot.code) == normal_code(code):
            return _told(task, line)
    lot = db.session.scalars(stock_queries.lot_called(product.id, code)).one_or_none()
    if lot is None:
        raise WrongScan("Nobody knows this lot. Ask the office.", scanned=code)
    if not _is_as_good(first.lot, lot) and task.other_lot_id != lot.id:
        return _ask(task, first, lot)
    return _swapped(task, first, lot)


def refuse_withheld(line: PickLine) -> None:
    """Refuse to pick what nobody may be sent.

    Raises:
        WrongScan: The lot is blocked or has expired.
    """
    lot = line.lot
    if lot is None:
        return
    advice = "Take another lot, or say that it is short."
    if lot.is_blocked:
        raise WrongScan(f"{lot.label} is blocked: {lot.block_reason}. {advice}")
    if lot.is_expired(today()):
        raise WrongScan(f"{lot.label} has expired on {lot.expires_on}. {advice}")


def _told(task: PickTask, line: PickLine) -> PickLine:
    """The line as it is on the screen: no other lot is meant."""
    task.other_lot_id = None
    return line


def _is_as_good(told: Lot | None, lot: Lot) -> bool:
    return told is not None and lot.is_serial and lot.expires_on == told.expires_on


def _ask(task: PickTask, line: PickLine, lot: Lot) -> ActionResult:
    """Refuse a lot once, and remember it: a second scan of it is meant."""
    task.other_lot_id = lot.id
    db.session.flush()
    told = line.lot.called if line.lot else "another lot"
    until = f", which expires on {lot.expires_on}" if lot.expires_on else ""
    message = f"Another lot is reserved: {told}. This is {lot.called}{until}. {AGAIN}"
    return ActionResult(outcome="wrong", message=message)


def _swapped(task: PickTask, line: PickLine, lot: Lot) -> PickLine:
    """Let a line, or what is left of it, be of another lot, as far as that lies free here."""
    task.other_lot_id = None
    held = locked(queries.reservations_at(line, line.location_id), Reservation)
    reservations = db.session.scalars(held).all()
    if not reservations:
        raise WrongScan("These goods are not reserved for this order any more. Ask the office.")
    try:
        part = stock.swap_lot(reservations, lot, quantity=line.missing)
    except (InsufficientStock, LotUnfit) as refused:
        raise WrongScan(str(refused), scanned=lot.called) from refused
    if part == line.quantity:
        line.lot_id, line.lot = lot.id, lot
        return line
    return _split(task, line, lot, part)


def _split(task: PickTask, line: PickLine, lot: Lot, part: Decimal) -> PickLine:
    """Part what is of another lot from a line that stays as it is."""
    other = PickLine(
        task_id=task.id,
        order_id=line.order_id,
        order_line_id=line.order_line_id,
        product_id=line.product_id,
        location_id=line.location_id,
        lot_id=lot.id,
        quantity=part,
        sequence=line.sequence,
    )
    line.quantity -= other.quantity
    if not line.missing:
        line.end("picked", by=task.claimed_by_id)
    db.session.add(other)
    db.session.flush()
    db.session.refresh(other, ["product", "location", "lot", "barcodes"])
    task.lines.append(other)
    task.lines.sort(key=lambda one: (one.sequence, one.id))
    return other
