"""What every service of purchasing begins and ends with: the lock, and the news."""

from app.core.db import db, locked
from app.core.events import publish
from app.purchasing import drop_shipping, queries
from app.purchasing.events import PurchaseOrderChanged
from app.purchasing.models import PurchaseOrder


def locked_order(order_id: int) -> PurchaseOrder:
    """Lock an order: whoever holds it may change its lines and receive them."""
    return db.session.scalars(locked(queries.order(order_id), PurchaseOrder)).one()


def publish_change(order: PurchaseOrder) -> None:
    """Write what has changed, have the customer's order follow, if any, and publish it."""
    db.session.flush()
    drop_shipping.follow(order)
    publish(PurchaseOrderChanged(order_id=order.id))
