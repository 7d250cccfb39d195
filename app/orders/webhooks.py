"""What other programs hear of orders."""

from collections.abc import Mapping
from typing import Any

from app.core.db import db
from app.core.webhooks import WebhookEvent
from app.orders import queries
from app.orders.api.fields import OrderSchema
from app.orders.api.orders import shown_orders
from app.orders.events import OrderCancelled, OrderChanged, OrderShipped


def _order(order_id: int, **_fields: Any) -> Mapping[str, Any] | None:
    order = db.session.scalars(queries.order(order_id)).one_or_none()
    return {"order": OrderSchema().dump(shown_orders(order)[0])} if order else None


WEBHOOKS = (
    WebhookEvent(
        name="order.changed",
        label="Order new, changed, or reserved",
        event=OrderChanged,
        data=_order,
    ),
    WebhookEvent(
        name="order.shipped",
        label="Order shipped, whole or in part",
        event=OrderShipped,
        data=_order,
    ),
    WebhookEvent(
        name="order.cancelled",
        label="Order cancelled",
        event=OrderCancelled,
        data=_order,
    ),
)
