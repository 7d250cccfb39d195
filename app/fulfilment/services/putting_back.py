"""Goods of cancelled orders go from their totes back to a bin."""

from datetime import UTC, datetime
from uuid import UUID

from app.core.actors import current_actor_id
from app.core.codes import normal_code
from app.core.db import db, locked
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import PutBack
from app.orders.queries import ORDER
from app.scanning.errors import UnknownCode, WrongScan
from app.scanning.services import (
    ActionResult,
    ScanMatch,
    TabletAction,
    find_lot,
    find_scanned,
    perform_once,
)
from app.stock import services as stock
from app.stock.errors import InsufficientStock
from app.stock.models import Location

PUT_BACK = "put_back"  # the task type of scans


def put_back(putback_id: int, *, scan_id: UUID, code: str) -> ActionResult:
    """Scan the bin that goods were put into: the planned one, or any other in use, twice."""
    action = TabletAction(id=scan_id, task_type=PUT_BACK, task_id=putback_id, code=code)
    return perform_once(action, lambda: _put_back(putback_id, code, scan_id))


def undo_put_back(putback_id: int, *, scan_id: UUID) -> ActionResult:
    """Take goods out of the bin again: they lie in their tote as before."""
    action = TabletAction(id=scan_id, task_type=PUT_BACK, task_id=putback_id, kind="undo")
    return perform_once(action, lambda: _undo_put_back(putback_id, scan_id))


def _put_back(putback_id: int, code: str, scan_id: UUID) -> ActionResult:
    row = _locked(putback_id)
    if row.done_at is not None:
        raise WrongScan(f"{row.product.sku} is back already.")
    found = _found(row, code)
    if found.product is not None and found.product.id == row.product_id:
        _refuse_other_lot(row, found)
        return ActionResult(message=f"Right. Now scan the bin: {row.location.code}.")
    if found.location is None or found.location.kind != "bin":
        raise WrongScan(
            "Scan the bin that you put it into.",
            scanned=str(found),
            expected=f"bin {row.location.code}",
        )
    if found.location.id not in (row.location_id, row.bin_id):
        return _ask_again(row, found.location)
    stock.post([_move(row, row.tote_id, found.location.id)], key=f"put back:{scan_id}")
    row.bin_id = found.location.id
    row.done_at, row.done_by_id = datetime.now(UTC), current_actor_id()
    db.session.flush()
    message = f"{plain(row.quantity)} x {row.called} into {found.location.code}."
    return ActionResult(
        outcome="done", message=message, product_id=row.product_id, quantity=row.quantity
    )


def _found(row: PutBack, code: str) -> ScanMatch:
    """Find what a code stands for; on a label of its own the number of the lot."""
    try:
        return find_scanned(code)
    except UnknownCode:
        if found := find_lot(code, [row.product_id]):
            return found
        raise


def _refuse_other_lot(row: PutBack, found: ScanMatch) -> None:
    code = found.draft.code
    if row.lot and code and normal_code(code) != normal_code(row.lot.code):
        raise WrongScan("This is not what was picked.", scanned=code, expected=row.lot.called)


def _ask_again(row: PutBack, other: Location) -> ActionResult:
    """Take another bin for a mistake, unless it is scanned for a second time."""
    row.bin_id = other.id
    db.session.flush()
    planned = row.location.code
    message = f"Scanned {other.code}. Expected bin {planned}. "
    message += f"Scan {other.code} once more to put it there all the same."
    return ActionResult(outcome="wrong", message=message)


def _undo_put_back(putback_id: int, scan_id: UUID) -> ActionResult:
    row = _locked(putback_id)
    if row.done_at is None or row.bin_id is None:
        raise WrongScan(f"{row.product.sku} is not put back yet.")
    if db.session.scalar(queries.in_use(row.tote_id)):
        raise WrongScan(f"Tote {row.tote.code} is in use again: move the goods by hand.")
    try:
        stock.post([_move(row, row.bin_id, row.tote_id)], key=f"put back undone:{scan_id}")
    except InsufficientStock as gone:
        raise WrongScan(f"{gone} They are reserved for others now.") from gone
    row.done_at, row.done_by_id, row.bin_id = None, None, None
    db.session.flush()
    message = f"{plain(row.quantity)} x {row.called} is in tote {row.tote.code} again."
    return ActionResult(message=message, product_id=row.product_id)


def _locked(putback_id: int) -> PutBack:
    return db.session.scalars(locked(queries.putback(putback_id), PutBack)).one()


def _move(row: PutBack, start_id: int, end_id: int) -> stock.Move:
    return stock.Move(
        product_id=row.product_id,
        lot_id=row.lot_id,
        from_location_id=start_id,
        to_location_id=end_id,
        quantity=row.quantity,
        reason="moved",
        document_type=ORDER,
        document_id=row.order_id,
    )
