"""One order becomes two: some lines apart, or what is there now and what comes later."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.checks import named_when_taken
from app.core.db import retried, transaction
from app.documents.errors import NotAllowed
from app.documents.services import Quantities, chosen, split_off
from app.orders import queries
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.allocating import missing_of, reserve_missing, update_status
from app.orders.services.bundles import missing_wholes, part_components, refuse_broken_bundles
from app.orders.services.locking import locked_order, publish_change, reserved_for
from app.stock import services as stock


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
        refuse_broken_bundles(order, quantities)
        most = {line.id: line.quantity_untouched for line in order.lines}
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
        parts = missing_wholes(order, {line.id: part for line, part in missing})
        if not parts:
            raise NotAllowed(f"What {order.number} misses is part of bundles that are begun.")
        return _split(order, parts)


def _split(order: SalesOrder, parts: Sequence[tuple[OrderLine, Decimal]]) -> SalesOrder:
    status = "on_hold" if order.status == "on_hold" else "draft"
    give = part_components(order, parts)
    new_order = split_off(order, parts, status=status)
    give(new_order)
    _release(order, parts)
    _update_both(order, new_order)
    publish_change(order)
    publish_change(new_order)
    return new_order


def _release(order: SalesOrder, parts: Iterable[tuple[OrderLine, Decimal]]) -> None:
    """Release what the first order does not want any more; lines that are gone want nothing."""
    if order.confirmed_at:
        rest = {
            one.id: one.quantity_due
            for line, _quantity in parts
            for one in (line.components if line.is_bundle else [line])
        }
        stock.reduce_reservations(rest, document_type=queries.LINE)


def _update_both(order: SalesOrder, new_order: SalesOrder) -> None:
    if order.confirmed_at is None or order.status == "on_hold":
        return
    reserve_missing(new_order)
    update_status(new_order)
    update_status(order)
