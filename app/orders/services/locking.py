"""What every service of orders begins and ends with: the lock, and the news."""

from collections.abc import Mapping
from decimal import Decimal

from app.core.db import db, locked
from app.core.errors import Invalid
from app.core.events import publish
from app.core.quantities import plain
from app.orders import queries
from app.orders.events import OrderChanged
from app.orders.models import OrderLine, SalesOrder

Quantities = Mapping[int, Decimal]  # by the id of a line

ZERO = Decimal(0)


def locked_order(order_id: int) -> SalesOrder:
    """Lock an order: whoever holds it may change its lines and what is reserved for them."""
    return db.session.scalars(locked(queries.order(order_id), SalesOrder)).one()


def reserved_for(order: SalesOrder) -> dict[int, Decimal]:
    """Give what is reserved for each of its lines."""
    rows = db.session.execute(queries.reserved_of([line.id for line in order.lines]))
    found = {line_id: quantity for line_id, quantity in rows if line_id is not None}
    return {line.id: found.get(line.id, ZERO) for line in order.lines}


def publish_change(order: SalesOrder) -> None:
    """Write what has changed, and publish it."""
    db.session.flush()
    publish(OrderChanged(order_id=order.id))


def chosen(
    order: SalesOrder, quantities: Quantities, most: Mapping[int, Decimal], *, verb: str
) -> list[tuple[OrderLine, Decimal]]:
    """Give lines with the quantities that were chosen of them, without the zeros.

    Raises:
        Invalid: A line is another order's, a quantity is too large, or nothing is chosen.
    """
    lines = {line.id: line for line in order.lines}
    if not set(quantities) <= set(lines):
        raise Invalid("quantities", f"{order.number} has no such line.")
    for line_id, quantity in quantities.items():
        if not 0 <= quantity <= most[line_id]:
            sku, limit = lines[line_id].sku, plain(most[line_id])
            raise Invalid("quantities", f"Of {sku}, at most {limit} can be {verb}.")
    picked = [(lines[number], part) for number, part in quantities.items() if part]
    if not picked:
        raise Invalid("quantities", f"Say how much is to be {verb}.")
    return picked
