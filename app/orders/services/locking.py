"""What every service of orders begins and ends with: the lock, and the news."""

from decimal import Decimal

from app.core.db import db, locked
from app.core.events import publish
from app.orders import queries
from app.orders.events import OrderChanged
from app.orders.models import SalesOrder

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
