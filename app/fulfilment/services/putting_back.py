"""Goods of cancelled orders go from their totes back to a bin."""

from datetime import UTC, datetime
from uuid import UUID

from app.core.db import db, locked
from app.core.people import current_actor_id
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import PutBack
from app.orders.queries import ORDER
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, TabletAction, find_scanned, perform_once
from app.stock import services as stock

PUT_BACK = "put_back"  # the task type of scans


def put_back(putback_id: int, *, scan_id: UUID, code: str) -> ActionResult:
    """Scan the bin that goods were put into: the planned one, or any other in use."""
    action = TabletAction(id=scan_id, task_type=PUT_BACK, task_id=putback_id, code=code)
    return perform_once(action, lambda: _put_back(putback_id, code))


def _put_back(putback_id: int, code: str) -> ActionResult:
    row = db.session.scalars(locked(queries.putback(putback_id), PutBack)).one()
    if row.done_at is not None:
        raise WrongScan(f"{row.product.sku} is back already.")
    found = find_scanned(code)
    if found.product is not None and found.product.id == row.product_id:
        return ActionResult(message=f"Right. Now scan the bin: {row.location.code}.")
    if found.location is None or found.location.kind != "bin":
        raise WrongScan(
            "Scan the bin that you put it into.",
            scanned=str(found),
            expected=f"bin {row.location.code}",
        )
    move = stock.Move(
        product_id=row.product_id,
        lot_id=row.lot_id,
        from_location_id=row.tote_id,
        to_location_id=found.location.id,
        quantity=row.quantity,
        reason="moved",
        document_type=ORDER,
        document_id=row.order_id,
    )
    stock.post([move], key=f"put back:{row.id}")
    row.done_at, row.done_by_id = datetime.now(UTC), current_actor_id()
    db.session.flush()
    message = f"{plain(row.quantity)} x {row.product.sku} into {found.location.code}."
    return ActionResult(
        outcome="done", message=message, product_id=row.product_id, quantity=row.quantity
    )
