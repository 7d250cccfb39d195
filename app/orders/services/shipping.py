"""What is reserved leaves for the customer: all of it, or a part."""

from collections.abc import Iterable
from decimal import Decimal

from app.core.db import db, retried, transaction
from app.core.events import publish
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.documents.services import Quantities, chosen
from app.orders import queries
from app.orders.events import OrderShipped
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.allocating import update_status
from app.orders.services.bundles import follow_components, singles
from app.orders.services.locking import locked_order, publish_change, reserved_for
from app.stock import services as stock
from app.stock.ledger import earlier

SHIPPABLE = ("part_allocated", "allocated", "picked", "short", "packed")
CUSTOMER = "customer"


def ship(
    order_id: int, quantities: Quantities | None = None, *, key: str
) -> stock.Posted | None:
    """Ship what is reserved for an order, or the free lines of one that waits for no goods.

    Nothing is posted then, and the answer is None.

    Raises:
        NotAllowed, Invalid, KeyReused: As `ship_order` and `ship_free_lines` do.
    """
    order = db.session.scalars(queries.order(order_id)).one()
    if order.waits_for_no_goods or not order.goods:
        ship_free_lines(order_id)
        return None
    return ship_order(order_id, quantities, key=key)


@retried
def ship_free_lines(order_id: int) -> SalesOrder:
    """Ship the free lines of an order that waits for no goods, once however often asked.

    Raises:
        NotAllowed: It waits for goods, or is in a state in which nothing leaves.
    """
    with transaction():
        order = locked_order(order_id)
        if order.status == "shipped" and not order.goods:
            return order  # the same tap, sent twice
        if order.status not in SHIPPABLE or not order.waits_for_no_goods:
            raise NotAllowed(f"{order.number} is {order.status_label}: it cannot be shipped.")
        _note_shipped(order, None, free_of(order))
    return order


@retried
def ship_order(
    order_id: int, quantities: Quantities | None = None, *, key: str, request: str | None = None
) -> stock.Posted:
    """Ship what is reserved for an order, or some of it, in one posting, once per key.

    Free lines leave with the first goods.

    Goods leave the totes they were picked into first, then the bins. Without `quantities`,
    all that is reserved leaves; of a bundle they count whole ones, of its components pieces.
    An order with a rest stays partly allocated, or allocated.

    Raises:
        NotAllowed: It is in a state in which nothing leaves, or nothing is reserved for it.
        Invalid: A quantity is more than is reserved.
        KeyReused: The key belongs to another request.
    """
    request = request or f"ship {order_id} {_said(quantities)}"
    with transaction():
        order = locked_order(order_id)
        if again := earlier(key, request):
            return again
        if order.status not in SHIPPABLE:
            raise NotAllowed(f"{order.number} is {order.status_label}: it cannot be shipped.")
        leaving = _leaving(order, quantities)
        posted = stock.consume_reserved(
            [*_takes(leaving)],
            to_location_id=stock.virtual_location(CUSTOMER),
            key=key,
            purpose=stock.Purpose("shipped", (queries.ORDER, order.id)),
            request=request,
        )
        for line, quantity in leaving:
            line.quantity_picked = max(line.quantity_picked, line.quantity_shipped + quantity)
        _note_shipped(order, posted, [*leaving, *free_of(order)])
    return posted


def free_of(order: SalesOrder) -> list[tuple[OrderLine, Decimal]]:
    """What nobody picks leaves with the first goods."""
    return [(line, line.quantity_open) for line in order.free_lines if line.quantity_open]


def _note_shipped(
    order: SalesOrder, posted: stock.Posted | None, leaving: list[tuple[OrderLine, Decimal]]
) -> None:
    for line, quantity in leaving:
        line.quantity_shipped += quantity
    bundles = follow_components(order)
    order.version += 1
    update_status(order)
    publish_change(order)
    left = {line.id: quantity for line, quantity in leaving}
    publish_shipped(order, posted.id if posted else None, left | bundles)


def _leaving(
    order: SalesOrder, quantities: Quantities | None
) -> list[tuple[OrderLine, Decimal]]:
    reserved = reserved_for(order)
    if not any(reserved.values()):
        raise NotAllowed(f"Nothing is reserved for {order.number}: nothing can be shipped.")
    wanted = reserved if quantities is None else singles(order, quantities)
    return chosen(order, wanted, reserved, verb="shipped", among=order.single_lines)


def _takes(leaving: list[tuple[OrderLine, Decimal]]) -> Iterable[stock.ReservationPart]:
    """Share what leaves out among the reservations, those in totes first."""
    rest = {line.id: quantity for line, quantity in leaving}
    for reservation in db.session.scalars(queries.reservations_of([*rest])):
        part = min(rest[reservation.document_id or 0], reservation.quantity)
        if part:
            rest[reservation.document_id or 0] -= part
            yield stock.ReservationPart(reservation.id, part)


def publish_shipped(order: SalesOrder, posting_id: int | None, left: Quantities) -> None:
    """Tell what has left of which line, in which posting."""
    publish(
        OrderShipped(
            order_id=order.id,
            posting_id=posting_id,
            is_complete=order.status == "shipped",
            quantities={number: plain(quantity) for number, quantity in left.items()},
        )
    )


def _said(quantities: Quantities | None) -> str:
    if quantities is None:
        return "all"
    return " ".join(f"{number}:{plain(part)}" for number, part in sorted(quantities.items()))
