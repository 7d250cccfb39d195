"""Which lot it is that was scanned, or which piece: its label says so, or somebody is asked."""

from decimal import Decimal

from app.catalog.models import SERIAL, Product
from app.core.db import db
from app.core.errors import Invalid
from app.purchasing import queries
from app.purchasing.models import ReceivingTask
from app.purchasing.services.in_hand import add, found_for, refused
from app.purchasing.services.lots import refuse_expired
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, ScanMatch
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.errors import SerialOnHand
from app.stock.models import Lot
from app.stock.services import LotDraft


def say_lot_of(task: ReceivingTask, draft: LotDraft) -> ActionResult:
    """Take in hand what waits for its lot."""
    code = task.asked_code
    if not code:
        raise WrongScan("Nothing waits for its lot: scan the goods first.")
    return take_tracked(task, code, found_for(task, code), draft)


def draft_of(task: ReceivingTask, found: ScanMatch) -> LotDraft:
    """The lot that a label names; or the one just now in hand, which the screen shows.

    Each piece with a serial number is asked for its own.
    """
    line, said = task.line, found.draft
    assert found.product is not None  # noqa: S101  (goods are asked about)
    is_same = line is not None and line.product_id == found.product.id and line.quantity
    if said.code or not is_same or line is None or line.lot is None or line.lot.is_serial:
        return said
    return LotDraft(line.lot.code)


def take_tracked(
    task: ReceivingTask, code: str, found: ScanMatch, draft: LotDraft
) -> ActionResult:
    """Take in hand goods of a lot; what does not say enough of it is asked."""
    product = found.product
    assert product is not None  # noqa: S101  (goods are asked about)
    is_piece = product.tracking == SERIAL
    if not draft.code:
        return _ask(task, code, "", f"Which {'piece' if is_piece else 'lot'} of {product.sku}?")
    _forget_mistyped(task, product, draft)
    try:
        lot = stock.lot_of(product, draft._replace(vendor_id=task.order.vendor_id))
    except Invalid as error:
        if error.field == "expires_on":
            return _ask(task, code, draft.code, str(error))
        raise WrongScan(str(error), scanned=draft.code) from error
    assert lot is not None  # noqa: S101  (it is tracked)
    task.asked_code, task.asked_lot = "", lot.code
    try:
        refuse_expired(product, lot)
        if is_piece:
            _refuse_present(task, product, lot, found.units)
        return add(task, product.id, found.units, lot=lot)
    except (Invalid, SerialOnHand) as error:
        return refused(task, code, str(error))


def _ask(task: ReceivingTask, code: str, lot: str, question: str) -> ActionResult:
    """Keep what was scanned until somebody has said the lot, or when it expires."""
    task.asked_code, task.asked_lot = code, lot
    db.session.flush()
    return ActionResult(message=question)


def _forget_mistyped(task: ReceivingTask, product: Product, draft: LotDraft) -> None:
    """Take another date for right where a lot was only typed for this delivery: nothing came.

    Else a slip of the finger, for which the goods were refused, could not be put right here.
    """
    lot = db.session.scalars(stock_queries.lot_called(product.id, draft.code)).one_or_none()
    if lot is None or draft.expires_on in (None, lot.expires_on):
        return
    is_new = lot.created_at >= task.created_at
    if is_new and not db.session.scalar(queries.is_lot_known(lot.id)):
        stock.revise_lot(lot.id, version=None, expires_on=draft.expires_on, made_on=lot.made_on)


def _refuse_present(task: ReceivingTask, product: Product, lot: Lot, units: Decimal) -> None:
    """Refuse a piece that is here already, or a pack under the number of one piece."""
    if units != 1:
        raise Invalid(
            "quantity", f"Each piece of {product.sku} has a number: scan them one by one."
        )
    if where := where_present(task, lot):
        raise SerialOnHand(f"Serial {lot.code} of {product.sku} is {where} already.")


def where_present(task: ReceivingTask, lot: Lot) -> str:
    """Say where a piece is; nothing if it is not here."""
    if any(line.lot_id == lot.id and line.quantity for line in task.lines):
        return "in hand"
    place = db.session.scalar(stock_queries.place_of_serial(lot.id))
    return f"on hand at {place}" if place else ""


def lot_put_aside(task: ReceivingTask, found: ScanMatch) -> Lot | None:
    """The lot of what was refused: on its label, or said for it."""
    assert found.product is not None  # noqa: S101  (goods are asked about)
    if not found.product.is_tracked:
        return None
    said = found.draft if found.draft.code else LotDraft(task.asked_lot)
    try:
        return stock.lot_of(found.product, said._replace(vendor_id=task.order.vendor_id))
    except Invalid as error:
        raise WrongScan(f"{error} Scan it again, and say so.") from error
