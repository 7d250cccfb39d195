"""One order becomes two: some lines apart, or what is there now and what comes later."""

from collections.abc import Iterable
from decimal import Decimal

from app.catalog.services.checks import named_when_taken
from app.core.db import db, retried, transaction, values_of
from app.orders import queries
from app.orders.errors import NotAllowed
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.allocating import missing_of, reserve_missing, update_status
from app.orders.services.locking import (
    Quantities,
    chosen,
    locked_order,
    publish_change,
    reserved_for,
)
from app.stock import services as stock

# What an order split off has of its own; all else it parts over, new columns too.
OWN = frozenset(
    {"id", "created_at", "updated_at", "version", "number", "status", "split_from_id"}
    | {"subtotal", "tax", "total", "shipped_at"}
)
OWN_OF_LINE = frozenset(
    {"id", "created_at", "order_id", "position", "quantity", "total", "tax"}
    | {"quantity_cancelled", "quantity_picked", "quantity_shipped", "quantity_returned"}
)


@named_when_taken
@retried
def split_order(
    order_id: int, quantities: Quantities, *, version: int | None = None
) -> SalesOrder:
    """Put some lines, or parts of them, into an order of their own, and give that one.

    The first order keeps what is reserved as far as it still wants it; the new one gets the
    rest of it and whatever else there is.

    Raises:
        StaleVersion: It is not as it was in `version`.
        NotAllowed: Somebody has it in hand, it is over, or nothing would be left of it.
        Invalid: A quantity is more than is open.
    """
    with transaction():
        order = locked_order(order_id)
        order.revise(version=version)
        if not order.is_editable:
            raise NotAllowed(f"{order.number} can be split before picking only.")
        most = {line.id: line.quantity_wanted - line.quantity_handled for line in order.lines}
        parts = chosen(order, quantities, most, verb="split off")
        return _split(order, parts)


@named_when_taken
@retried
def backorder(order_id: int) -> SalesOrder:
    """Put all that is not reserved into an order of its own, so that the rest can ship.

    Raises:
        NotAllowed: All of it is reserved, or nothing, or it is over.
    """
    with transaction():
        order = locked_order(order_id)
        if not (order.is_waiting or order.status in {"short", "picked", "packed"}):
            raise NotAllowed(f"{order.number} has no part that waits for goods.")
        reserved = reserved_for(order)
        missing = missing_of(order, reserved)
        if not missing:
            raise NotAllowed(f"All of {order.number} is reserved.")
        if not any(reserved.values()):
            raise NotAllowed(f"Nothing of {order.number} is reserved: all of it waits.")
        return _split(order, missing)


def _split(order: SalesOrder, parts: Iterable[tuple[OrderLine, Decimal]]) -> SalesOrder:
    new_order = SalesOrder(
        number=_number_of_part(order),
        split_from_id=order.id,
        status="on_hold" if order.status == "on_hold" else "draft",
        **values_of(order, besides=OWN),
    )
    new_order.lines = [_part(line, quantity) for line, quantity in parts]
    for line, quantity in parts:
        line.quantity -= quantity
    order.lines = [line for line in order.lines if line.quantity]
    if not any(line.quantity_wanted for line in order.lines):
        raise NotAllowed(f"Nothing would be left of {order.number}.")
    _release(order, parts)
    for position, line in enumerate(new_order.lines, start=1):
        line.position = position
    for one in (order, new_order):
        one.add_up()
    order.version += 1
    db.session.add(new_order)
    db.session.flush()
    _update_both(order, new_order)
    publish_change(order)
    publish_change(new_order)
    return new_order


def _part(line: OrderLine, quantity: Decimal) -> OrderLine:
    return OrderLine(quantity=quantity, **values_of(line, besides=OWN_OF_LINE))


def _release(order: SalesOrder, parts: Iterable[tuple[OrderLine, Decimal]]) -> None:
    """Release what the first order does not want any more; lines that are gone want nothing."""
    if order.confirmed_at:
        rest = {line.id: line.quantity_open for line, _quantity in parts}
        stock.reduce_reservations(rest, source_type=queries.LINE)


def _update_both(order: SalesOrder, new_order: SalesOrder) -> None:
    if order.confirmed_at is None or order.status == "on_hold":
        return
    reserve_missing(new_order)
    update_status(new_order)
    update_status(order)


def _number_of_part(order: SalesOrder) -> str:
    """Give the next number below the first order: SO-000007-1, then SO-000007-2."""
    root = order.number.rpartition("-")[0] if order.split_from_id else order.number
    used = db.session.scalars(queries.numbers_of_parts(root))
    ends = [end for number in used if (end := number.removeprefix(f"{root}-")).isdecimal()]
    return f"{root}-{max(map(int, ends), default=0) + 1}"
