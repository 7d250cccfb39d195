"""What somebody has in hand at the dock: a line for each product, lot and condition."""

from decimal import Decimal

from app.catalog.scan_codes import without_prefix
from app.core.db import db
from app.core.errors import Invalid
from app.core.quantities import plain
from app.purchasing.models import ReceivingLine, ReceivingTask
from app.purchasing.services.lookup import find_parts
from app.purchasing.services.sharing import ReceivedItem, share_out
from app.scanning.errors import UnknownCode
from app.scanning.services import ActionResult, ScanMatch, find_scanned
from app.stock.models import Lot
from app.stock.services import NO_LOT, LotDraft

ZERO = Decimal(0)


def refused(task: ReceivingTask, code: str, reason: str) -> ActionResult:
    """Say why, and remember what it was: the next tap may put it aside."""
    task.refused_code = code
    db.session.flush()
    return ActionResult(outcome="wrong", message=reason)


def add(
    task: ReceivingTask,
    product_id: int,
    units: Decimal,
    condition: str = "good",
    *,
    lot: Lot | None = None,
) -> ActionResult:
    """Take something in hand; what its order takes in no more is refused."""
    line = line_for(task, product_id=product_id, condition=condition, lot=lot)
    line.quantity += units
    try:
        share_out(task.order, items_of(task), takes_excess=False)
    except Invalid:
        line.quantity -= units
        raise
    return touched(task, line, units)


def line_for(
    task: ReceivingTask,
    *,
    condition: str,
    product_id: int | None = None,
    code: str = "",
    lot: Lot | None = None,
) -> ReceivingLine:
    """Give the line of one thing in one condition; what is new gets one."""
    same = (product_id, code, condition, lot.id if lot else None)
    for line in task.lines:
        if (line.product_id, line.code, line.condition, line.lot_id) == same:
            return line
    line = ReceivingLine(
        task_id=task.id,
        product_id=product_id,
        code=code,
        condition=condition,
        quantity=ZERO,
        lot_id=lot.id if lot else None,
    )
    task.lines.append(line)
    db.session.flush()
    db.session.refresh(line, ["product", "lot"])
    return line


def touched(task: ReceivingTask, line: ReceivingLine, more: Decimal) -> ActionResult:
    """Remember what was touched last, and say what of it is in hand."""
    task.line_id, task.last_quantity = line.id, more
    db.session.flush()
    said = {"damaged": "damaged", "aside": "to be put aside"}.get(line.condition, "in hand")
    is_all = line.condition == "good" and not _missing(task, line.product_id)
    return ActionResult(
        outcome="line" if is_all else "ok",
        message=f"{line.called_exactly}: {plain(line.quantity)} {said}.",
        product_id=line.product_id,
        quantity=more,
    )


def _missing(task: ReceivingTask, product_id: int | None) -> Decimal:
    """What of a product is still to come of the order, without what is in hand."""
    wanted = sum(
        (line.units_open for line in task.order.lines if line.product_id == product_id), ZERO
    )
    held = [one for one in task.lines if one.product_id == product_id]
    return wanted - sum((one.quantity for one in held if one.condition != "aside"), ZERO)


def found_for(task: ReceivingTask, code: str) -> ScanMatch:
    """Find what a code stands for, also where only the vendor calls it so."""
    try:
        return find_scanned(code)
    except UnknownCode:
        bare = without_prefix(code)
        match = find_parts(task.order.vendor_id, [bare]).matches.get(bare)
        if match is None:
            raise
        return ScanMatch(code=bare, product=match.product, units=match.units)


def items_of(task: ReceivingTask) -> list[ReceivedItem]:
    """Give all that is in hand, as it will be received."""
    return [
        ReceivedItem(
            line.quantity,
            product_id=line.product_id,
            code=line.code,
            condition=line.condition,
            lot=LotDraft(line.lot.code) if line.lot else NO_LOT,
        )
        for line in task.in_hand
    ]
