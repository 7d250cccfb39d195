"""Every piece is scanned into a parcel before anything leaves."""

from decimal import Decimal
from uuid import UUID

from app.catalog.models import Product
from app.catalog.scan_codes import without_prefix
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.fulfilment import queries
from app.fulfilment.events import ParcelsShipped
from app.fulfilment.models import Parcel, ParcelLine, PickTaskOrder
from app.fulfilment.services.contents import (
    Content,
    contents_of,
    lot_called,
    lots_to_pack,
    shared_out,
)
from app.fulfilment.services.locking import locked_task, publish_change, task_order_of
from app.orders import services as orders
from app.orders.models import SalesOrder
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
from app.stock.ledger import earlier

PACK = "pack"  # the task type of scans
ZERO = Decimal(0)


def find_packable(code: str) -> PickTaskOrder:
    """Find the order that a tote or an order number leads to.

    Raises:
        WrongScan: There is none to pack.
    """
    task_order = db.session.scalar(queries.packable_by_code(code.strip())) or db.session.scalar(
        queries.packable_by_code(without_prefix(code))
    )
    if task_order is None:
        raise WrongScan(
            "No order to pack is in it.", scanned=code.strip(), expected="a tote or an order"
        )
    return task_order


def scan_into_parcel(task_order_id: int, *, scan_id: UUID, code: str) -> ActionResult:
    """Scan a piece into the last parcel, once per id."""
    action = TabletAction(id=scan_id, task_type=PACK, task_id=task_order_id, code=code)
    return perform_once(action, lambda: _pack(task_order_id, code))


def begin_parcel(task_order_id: int, *, scan_id: UUID) -> ActionResult:
    """Begin one more parcel by a tap, once per id."""
    action = TabletAction(id=scan_id, task_type=PACK, task_id=task_order_id, kind="parcel")
    return perform_once(action, lambda: _begin_parcel(task_order_id))


@retried
def add_parcel(task_order_id: int) -> Parcel:
    """Begin one more parcel: what is scanned now goes into it.

    Raises:
        NotAllowed: Nothing is in the last one yet, or the order is not being packed.
    """
    with transaction():
        task_order, _order = lock_packable(task_order_id)
        parcels = db.session.scalars(queries.parcels_of(task_order.id)).all()
        if not parcels or not parcels[-1].lines:
            raise NotAllowed("Scan something into this parcel first.")
        return new_parcel(task_order, len(parcels) + 1)


@retried
def update_parcel(parcel_id: int, task_order_id: int, **values: object) -> Parcel:
    """Say weight, size, carrier and tracking number of a parcel.

    Raises:
        NotAllowed: It has left, or is of another order.
        Invalid: A number does not fit.
    """
    with transaction():
        task_order, _order = lock_packable(task_order_id)
        parcel = db.session.get(Parcel, parcel_id)
        if parcel is None or parcel.task_order_id != task_order.id or parcel.state != "open":
            raise NotAllowed("This parcel is not open.")
        for name, value in values.items():
            if isinstance(value, Decimal) and value <= 0:
                raise Invalid(name, "Enter a number above zero.")
            setattr(parcel, name, value)
        db.session.flush()
    return parcel


@retried
def ship_parcels(task_order_id: int, *, accepts_short: bool = False) -> stock.Posted:
    """Let the parcels of an order go: tote -> customer in one posting, however often asked.

    Raises:
        NotAllowed: Something is not scanned into a parcel yet, or the shortage not accepted.
    """
    key = f"parcels:{task_order_id}"
    with transaction():
        task_order = db.session.scalars(queries.task_order(task_order_id)).one()
        task = locked_task(task_order.task_id)
        task_order = task_order_of(task, task_order.order_id)
        order = orders.locked_order(task_order.order_id)
        contents = contents_of(task_order)
        quantities = {one.order_line_id: one.packed for one in contents if one.packed}
        if task_order.state == "shipped" and (again := earlier(key, key)):
            return again
        _refuse_unready(task_order, order, contents, accepts_short=accepts_short)
        _refuse_empty(task_order)
        order.move_to("packed")
        db.session.flush()
        posted = orders.ship_order(order.id, quantities, key=key, request=key)
        parcels = db.session.scalars(queries.parcels_of(task_order.id)).all()
        for parcel in parcels:
            parcel.state, parcel.posting_id = "shipped", posted.id
        task_order.end("shipped")
        if task.state == "picked" and not any(one.is_active for one in task.orders):
            task.state = "done"
        publish_change(task)
        publish(
            ParcelsShipped(
                order_id=order.id,
                task_order_id=task_order.id,
                posting_id=posted.id,
                quantities={number: plain(packed) for number, packed in quantities.items()},
                tracking=[(one.carrier, one.tracking) for one in parcels],
            )
        )
    return posted


def is_short(order: SalesOrder) -> bool:
    """Tell whether less was picked than is wanted."""
    return any(line.quantity_picked < line.quantity_wanted for line in order.goods)


def _begin_parcel(task_order_id: int) -> ActionResult:
    parcel = add_parcel(task_order_id)
    return ActionResult(message=f"What is scanned now goes into parcel {parcel.number}.")


def _refuse_unready(
    task_order: PickTaskOrder,
    order: SalesOrder,
    contents: list[Content],
    *,
    accepts_short: bool,
) -> None:
    if task_order.state != "packing" or order.status != "packing":
        raise NotAllowed(f"{order.number} is {order.status_label}: it is not being packed.")
    if open_ := [one.product.sku for one in contents if one.missing]:
        raise NotAllowed(f"Not in a parcel yet: {', '.join(open_)}. Scan each piece.")
    if is_short(order) and not accepts_short:
        raise NotAllowed("Less was picked than ordered: accept the shortage first.")


def _refuse_empty(task_order: PickTaskOrder) -> None:
    for parcel in db.session.scalars(queries.parcels_of(task_order.id)):
        if not parcel.lines:
            raise NotAllowed(f"Parcel {parcel.number} is empty: fill it, or remove it.")


def _pack(task_order_id: int, code: str) -> ActionResult:
    task_order, order = lock_packable(task_order_id)
    contents = contents_of(task_order)
    found = _found(code, contents)
    content = _content_for(found.product, contents, str(found), number=found.draft.code)
    lots = lots_to_pack(content, found)
    missing = sum((one.missing for one in lots), ZERO) if lots else content.missing
    units = units_of(found, missing)
    if units > missing:
        raise WrongScan(
            f"A pack of {plain(units)}: only {plain(missing)} are left to pack.",
            scanned=str(found),
        )
    parcels = db.session.scalars(queries.parcels_of(task_order.id)).all()
    parcel = parcels[-1] if parcels else new_parcel(task_order, 1)
    for lot_id, part in shared_out(lots, units):
        add_to_parcel(parcel, content.order_line_id, part, lot_id=lot_id)
    content.packed += units
    if task_order.state == "picked":
        task_order.state = "packing"
        order.move_to("packing")
        orders.publish_change(order)
    db.session.flush()
    message = f"{content.product.sku}: {plain(content.packed)} of {plain(content.picked)}."
    is_whole = not any(one.missing for one in contents)
    outcome = "done" if is_whole else "ok" if content.missing else "line"
    return ActionResult(
        outcome=outcome, message=message, product_id=content.product.id, quantity=units
    )


def _found(code: str, contents: list[Content]) -> ScanMatch:
    """Find what a code stands for; on a label of its own the number of a lot that is here."""
    try:
        return find_scanned(code)
    except UnknownCode:
        here = {one.product.id for one in contents if one.product.is_tracked}
        if found := find_lot(code, here):
            return found
        raise


def _content_for(
    product: Product | None, contents: list[Content], scanned: str, *, number: str
) -> Content:
    expected = next((one.product.sku for one in contents if one.missing), "")
    if product is None:
        raise WrongScan("Scan the goods.", scanned=scanned, expected=expected)
    mine = [one for one in contents if one.product.id == product.id]
    if not mine:
        raise WrongScan(
            "This is not in the order: take it out.", scanned=product.sku, expected=expected
        )
    # Of several lines of a product it is the one that the lot was picked for.
    mine = [one for one in mine if lot_called(one, number)] or mine
    left = next((one for one in mine if one.missing), None)
    if left is None:
        raise WrongScan(
            "All of it is packed already: one is too many.",
            scanned=product.sku,
            expected=expected,
        )
    return left


def lock_packable(task_order_id: int) -> tuple[PickTaskOrder, SalesOrder]:
    """Lock an order to be packed.

    Raises:
        WrongScan: It is cancelled, shipped, or still being picked.
    """
    task_order = db.session.scalars(queries.task_order(task_order_id)).one()
    task_order = db.session.scalars(
        locked(queries.task_order(task_order.id), PickTaskOrder)
    ).one()
    order = orders.locked_order(task_order.order_id)
    if order.status == "cancelled":
        raise WrongScan(f"{order.number} was cancelled: its goods go back to their bins.")
    if task_order.state not in queries.PACKABLE:
        raise WrongScan(f"{order.number} is {order.status_label}: it is not to be packed.")
    return task_order, order


def add_to_parcel(
    parcel: Parcel, order_line_id: int, units: Decimal, *, lot_id: int | None
) -> None:
    """Put units of an order line, and of a lot where it has lots, into a parcel."""
    inside = db.session.scalar(queries.parcel_line(parcel.id, order_line_id, lot_id))
    if inside is None:
        db.session.add(
            ParcelLine(
                parcel_id=parcel.id, order_line_id=order_line_id, lot_id=lot_id, quantity=units
            )
        )
    else:
        inside.quantity += units


def new_parcel(task_order: PickTaskOrder, number: int) -> Parcel:
    """Make an empty parcel."""
    parcel = Parcel(order_id=task_order.order_id, task_order_id=task_order.id, number=number)
    db.session.add(parcel)
    db.session.flush()
    return parcel
