"""A scan while counting: the bin, then piece by piece whatever lies there.

The counter is told what was counted, never what the books say: who knows the number finds it.
"""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from app.catalog.models import SERIAL, Product
from app.core.codes import normal_code
from app.core.db import db
from app.core.errors import Invalid
from app.core.quantities import plain
from app.counting import queries
from app.counting.models import CountLine, CountRound, CountTask
from app.counting.services.locking import COUNT, Counter, own_count, publish_change
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
from app.stock.models import Location, Lot

ZERO = Decimal(0)


def scan(count_id: int, counter: Counter, *, scan_id: UUID, code: str) -> ActionResult:
    """Take a scan, once per id: the bin one stands at, or a piece that lies in it."""
    action = TabletAction(id=scan_id, task_type=COUNT, task_id=count_id, code=code)
    return perform_once(action, lambda: _scan(count_id, counter, code))


def set_quantity(
    count_id: int, counter: Counter, *, scan_id: UUID, line_id: int, quantity: Decimal
) -> ActionResult:
    """Say how many there are of a product in all, where nobody scans each of them."""
    code = f"{line_id}: {plain(quantity)}"
    action = TabletAction(
        id=scan_id, task_type=COUNT, task_id=count_id, kind="quantity", code=code
    )
    return perform_once(action, lambda: _set_quantity(count_id, counter, line_id, quantity))


def undo(count_id: int, counter: Counter, *, scan_id: UUID) -> ActionResult:
    """Undo what was counted last."""
    action = TabletAction(id=scan_id, task_type=COUNT, task_id=count_id, kind="undo")
    return perform_once(action, lambda: _undo(count_id, counter))


def require_bin_scan(task: CountTask, scanned: str = "") -> None:
    """Refuse to count before the bin was scanned: it could be the one beside it.

    Raises:
        WrongScan: It was not.
    """
    if not task.is_at_bin:
        expected = f"bin {task.location.code}"
        raise WrongScan("Scan the bin first.", scanned=scanned, expected=expected)


def _scan(count_id: int, counter: Counter, code: str) -> ActionResult:
    task = own_count(count_id, counter)
    found = _found(task, code)
    if found.location is not None:
        return _scan_bin(task, found.location)
    require_bin_scan(task, str(found))
    line = _line_for(task, found)
    if line.lot and line.lot.is_serial and line.counted:
        raise WrongScan("This piece is counted already.", scanned=line.lot.called)
    return _set_counted(task, line, (line.counted or ZERO) + found.units)


def _found(task: CountTask, code: str) -> ScanMatch:
    """Find what a code stands for; on a label of its own the number of a lot in this bin."""
    try:
        return find_scanned(code)
    except UnknownCode:
        tracked = db.session.scalars(queries.tracked_at(task.location_id)).all()
        here = {*tracked, *([task.product_id] if task.product_id else [])}
        if found := find_lot(code, here):
            return found
        raise


def _scan_bin(task: CountTask, location: Location) -> ActionResult:
    if location.id != task.location_id:
        expected = f"bin {task.location.code}"
        raise WrongScan("This is another bin.", scanned=location.code, expected=expected)
    if not task.is_at_bin:
        if not task.current_lines:
            _begin_round(task)
        task.is_at_bin = True
        publish_change(task)
    return ActionResult(message=f"Bin {location.code}.")


def _begin_round(task: CountTask) -> None:
    """Lay down what is to be looked for, with the version of each balance at this moment."""
    started_at = datetime.now(UTC)
    assert task.claimed_by_id is not None  # noqa: S101  (it is in somebody's hands)
    task.rounds.append(
        CountRound(number=task.round, user_id=task.claimed_by_id, started_at=started_at)
    )
    for product_id, lot_id in _wanted(task):
        _add_line(task, product_id, lot_id, is_expected=True)
    db.session.flush()


def _wanted(task: CountTask) -> list[tuple[int, int | None]]:
    """What is expected: in a recount what was in doubt, else what the books say lies there."""
    if task.is_recount:
        return [
            (line.product_id, line.lot_id) for line in task.results if line.state == "recount"
        ]
    held = db.session.scalars(queries.balances_at(task.location_id, task.product_id)).all()
    wanted = [(balance.product_id, balance.lot_id) for balance in held]
    return wanted or ([(task.product_id, None)] if task.product_id else [])


def _add_line(
    task: CountTask, product_id: int, lot_id: int | None, *, is_expected: bool
) -> CountLine:
    version = queries.version_at(product_id, task.location_id, lot_id)
    line = CountLine(
        task_id=task.id,
        round=task.round,
        product_id=product_id,
        lot_id=lot_id,
        is_expected=is_expected,
        version=db.session.scalar(version) or 1,  # what a balance begins with
    )
    task.lines.append(line)
    return line


def _line_for(task: CountTask, found: ScanMatch) -> CountLine:
    """The line of a product and its lot; what nobody expected here gets one of its own."""
    product = found.product
    assert product is not None  # noqa: S101  (a location was answered before)
    of_product = [line for line in task.current_lines if line.product_id == product.id]
    if not of_product and (task.product_id is not None or task.is_recount):
        raise WrongScan("Only what the screen names is counted here.", scanned=product.sku)
    lot = _lot(product, found, of_product)
    for line in of_product:
        if line.lot_id == (lot.id if lot else None):
            return line
    if task.is_recount:
        raise WrongScan(
            "This lot is not counted again.", scanned=f"lot {lot.code}" if lot else ""
        )
    line = _add_line(task, product.id, lot.id if lot else None, is_expected=False)
    db.session.flush()
    db.session.refresh(line, ["product", "lot"])
    return line


def _lot(product: Product, found: ScanMatch, of_product: list[CountLine]) -> Lot | None:
    """The lot that a label names; without one that of the only line there is.

    Of what is tracked a new lot may be found that its label says all of. A piece that has a
    serial number is known by that alone.

    Raises:
        WrongScan: It is a lot that nobody knows, or it could be several.
    """
    known = {normal_code(lot.code): lot for lot in db.session.scalars(queries.lots(product.id))}
    code = found.draft.code
    if code and (product.is_tracked or known):
        return known.get(normal_code(code)) or _new_lot(product, found)
    if product.tracking == SERIAL:
        raise WrongScan("Scan the serial number of the piece.", scanned=product.sku)
    if len(of_product) > 1:
        raise WrongScan("Several lots lie here: scan a label that names the lot.")
    if product.is_tracked and not of_product:
        raise WrongScan("Scan a label that names the lot.", scanned=product.sku)
    return of_product[0].lot if of_product else None


def _new_lot(product: Product, found: ScanMatch) -> Lot | None:
    if not product.is_tracked:
        raise WrongScan("Nobody knows this lot. Ask the office.", scanned=found.draft.code)
    try:
        return stock.lot_of(product, found.draft)
    except Invalid as error:
        raise WrongScan(f"{error} Ask the office.", scanned=found.draft.code) from error


def _set_quantity(
    count_id: int, counter: Counter, line_id: int, quantity: Decimal
) -> ActionResult:
    task = own_count(count_id, counter)
    require_bin_scan(task)
    line = next((line for line in task.current_lines if line.id == line_id), None)
    if line is None:
        raise WrongScan("This line is through already. Go on with the one on the screen.")
    if line.lot and line.lot.is_serial and quantity not in (0, 1):
        raise WrongScan("A serial number is one piece: it is here, or it is not.")
    return _set_counted(task, line, quantity)


def _set_counted(task: CountTask, line: CountLine, quantity: Decimal) -> ActionResult:
    more = line.set_counted(quantity)
    task.line_id, task.last_quantity = line.id, more
    db.session.flush()
    called = f"{line.product.sku}, {line.lot.called}" if line.lot else line.product.sku
    message = f"{called}: {plain(quantity)}."
    return ActionResult(message=message, product_id=line.product_id, quantity=more)


def _undo(count_id: int, counter: Counter) -> ActionResult:
    task = own_count(count_id, counter)
    line = task.line
    if line is None or not task.last_quantity:
        raise WrongScan("There is nothing to undo.")
    result = _set_counted(task, line, (line.counted or ZERO) - task.last_quantity)
    task.last_quantity = ZERO
    db.session.flush()
    return result
