"""Every piece is scanned into a parcel before anything leaves."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.catalog.models import Product
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.events import ParcelsShipped
from app.fulfilment.models import Parcel, ParcelLine, PickLine, PickTaskOrder
from app.fulfilment.services.holding import locked_task, part_of, tell
from app.orders import services as orders
from app.orders.errors import NotAllowed
from app.orders.models import SalesOrder
from app.scanning.errors import WrongScan
from app.scanning.services import Heard, Signal, find, take
from app.stock import services as stock
from app.stock.ledger import earlier

PACK = "pack"  # the task type of scans
ZERO = Decimal(0)


@dataclass(slots=True, kw_only=True)
class Content:
    """A line of the order on the packing table: how much was picked, and how much is in."""

    order_line_id: int
    product: Product
    picked: Decimal
    packed: Decimal = ZERO

    @property
    def missing(self) -> Decimal:
        """What lies in the tote still."""
        return self.picked - self.packed


def find_to_pack(code: str) -> PickTaskOrder:
    """Find the order that a tote or an order number leads to.

    Raises:
        WrongScan: There is none to pack.
    """
    part = db.session.scalar(queries.called(code.strip()))
    if part is None:
        raise WrongScan(
            "No order to pack is in it.", scanned=code.strip(), expected="a tote or an order"
        )
    return part


def contents_of(part: PickTaskOrder) -> list[Content]:
    """What was picked for an order in this walk, and how much of it is in parcels."""
    contents: dict[int, Content] = {}
    for line in db.session.scalars(queries.lines_of(part.task_id, part.order_id)):
        _add(contents, line)
    for parcel in db.session.scalars(queries.parcels_of(part.id)):
        for inside in parcel.lines:
            contents[inside.order_line_id].packed += inside.quantity
    return [content for content in contents.values() if content.picked]


def scan_into_parcel(task_order_id: int, *, scan_id: UUID, code: str) -> Heard:
    """Scan a piece into the last parcel, once per id."""
    signal = Signal(id=scan_id, task_type=PACK, task_id=task_order_id, code=code)
    return take(signal, lambda: _packed(task_order_id, code))


@retried
def add_parcel(task_order_id: int) -> Parcel:
    """Begin one more parcel: what is scanned now goes into it.

    Raises:
        NotAllowed: Nothing is in the last one yet, or the order is not being packed.
    """
    with transaction():
        part, _order = _on_table(task_order_id)
        parcels = db.session.scalars(queries.parcels_of(part.id)).all()
        if not parcels or not parcels[-1].lines:
            raise NotAllowed("Scan something into this parcel first.")
        return _new_parcel(part, len(parcels) + 1)


@retried
def describe_parcel(parcel_id: int, task_order_id: int, **values: object) -> Parcel:
    """Say weight, size, carrier and tracking number of a parcel.

    Raises:
        NotAllowed: It has left, or is of another order.
        Invalid: A number does not fit.
    """
    with transaction():
        part, _order = _on_table(task_order_id)
        parcel = db.session.get(Parcel, parcel_id)
        if parcel is None or parcel.task_order_id != part.id or parcel.state != "open":
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
        part = db.session.scalars(queries.task_order(task_order_id)).one()
        task = locked_task(part.task_id)
        part = part_of(task, part.order_id)
        order = orders.locked_order(part.order_id)
        contents = contents_of(part)
        quantities = {one.order_line_id: one.packed for one in contents if one.packed}
        if part.state == "shipped" and (again := earlier(key, key)):
            return again
        _refuse_unready(part, order, contents, accepts_short=accepts_short)
        order.move_to("packed")
        db.session.flush()
        posted = orders.ship_order(order.id, quantities, key=key, request=key)
        parcels = db.session.scalars(queries.parcels_of(part.id)).all()
        for parcel in parcels:
            parcel.state, parcel.posting_id = "shipped", posted.id
        part.end("shipped")
        if task.state == "picked" and not any(one.is_active for one in task.orders):
            task.state = "done"
        tell(task)
        publish(
            ParcelsShipped(
                order_id=order.id,
                task_order_id=part.id,
                posting_id=posted.id,
                quantities={number: plain(part) for number, part in quantities.items()},
                tracking=[(one.carrier, one.tracking) for one in parcels],
            )
        )
    return posted


def is_short(order: SalesOrder) -> bool:
    """Tell whether less was picked than is wanted."""
    return any(line.quantity_picked < line.quantity_wanted for line in order.lines)


def _refuse_unready(
    part: PickTaskOrder, order: SalesOrder, contents: list[Content], *, accepts_short: bool
) -> None:
    if part.state != "packing" or order.status != "packing":
        raise NotAllowed(f"{order.number} is {order.status_label}: it is not being packed.")
    if open_ := [one.product.sku for one in contents if one.missing]:
        raise NotAllowed(f"Not in a parcel yet: {', '.join(open_)}. Scan each piece.")
    if is_short(order) and not accepts_short:
        raise NotAllowed("Less was picked than ordered: accept the shortage first.")


def _packed(task_order_id: int, code: str) -> Heard:
    part, order = _on_table(task_order_id)
    found = find(code)
    contents = contents_of(part)
    content = _content_for(found.product, contents, str(found))
    if found.units > content.missing:
        raise WrongScan(
            f"A pack of {plain(found.units)}: only {plain(content.missing)} are left to pack.",
            scanned=str(found),
        )
    parcels = db.session.scalars(queries.parcels_of(part.id)).all()
    parcel = parcels[-1] if parcels else _new_parcel(part, 1)
    _put_in(parcel, content.order_line_id, found.units)
    content.packed += found.units
    if part.state == "picked":
        part.state = "packing"
        order.move_to("packing")
        orders.publish_change(order)
    db.session.flush()
    said = f"{content.product.sku}: {plain(content.packed)} of {plain(content.picked)}."
    is_whole = not any(one.missing for one in contents)
    outcome = "done" if is_whole else "ok" if content.missing else "line"
    return Heard(
        outcome=outcome, said=said, product_id=content.product.id, quantity=found.units
    )


def _content_for(product: Product | None, contents: list[Content], scanned: str) -> Content:
    expected = next((one.product.sku for one in contents if one.missing), "")
    if product is None:
        raise WrongScan("Scan the goods.", scanned=scanned, expected=expected)
    mine = [one for one in contents if one.product.id == product.id]
    if not mine:
        raise WrongScan(
            "This is not in the order: take it out.", scanned=product.sku, expected=expected
        )
    left = next((one for one in mine if one.missing), None)
    if left is None:
        raise WrongScan(
            "All of it is packed already: one is too many.",
            scanned=product.sku,
            expected=expected,
        )
    return left


def _on_table(task_order_id: int) -> tuple[PickTaskOrder, SalesOrder]:
    """Lock an order to be packed.

    Raises:
        WrongScan: It is cancelled, shipped, or still being picked.
    """
    part = db.session.scalars(queries.task_order(task_order_id)).one()
    part = db.session.scalars(locked(queries.task_order(part.id), PickTaskOrder)).one()
    order = orders.locked_order(part.order_id)
    if order.status == "cancelled":
        raise WrongScan(f"{order.number} was cancelled: its goods go back to their bins.")
    if part.state not in queries.PACKABLE:
        raise WrongScan(f"{order.number} is {order.status_label}: it is not to be packed.")
    return part, order


def _put_in(parcel: Parcel, order_line_id: int, units: Decimal) -> None:
    inside = db.session.scalar(queries.parcel_lines(parcel.id, order_line_id))
    if inside is None:
        db.session.add(
            ParcelLine(parcel_id=parcel.id, order_line_id=order_line_id, quantity=units)
        )
    else:
        inside.quantity += units


def _new_parcel(part: PickTaskOrder, number: int) -> Parcel:
    parcel = Parcel(order_id=part.order_id, task_order_id=part.id, number=number)
    db.session.add(parcel)
    db.session.flush()
    return parcel


def _add(contents: dict[int, Content], line: PickLine) -> None:
    content = contents.setdefault(
        line.order_line_id,
        Content(order_line_id=line.order_line_id, product=line.product, picked=ZERO),
    )
    content.picked += line.picked
