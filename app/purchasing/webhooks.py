"""What other programs hear of purchase orders."""

from collections.abc import Mapping
from typing import Any

from app.core.db import db
from app.core.webhooks import WebhookEvent
from app.purchasing import queries
from app.purchasing.api.fields import PurchaseOrderSchema
from app.purchasing.events import PurchaseOrderChanged


def _order(order_id: int, **_fields: Any) -> Mapping[str, Any] | None:
    order = db.session.scalars(queries.order(order_id)).one_or_none()
    return {"purchase_order": PurchaseOrderSchema().dump(order)} if order else None


WEBHOOKS = (
    WebhookEvent(
        name="purchase_order.changed",
        label="Purchase order new, changed, or received",
        event=PurchaseOrderChanged,
        data=_order,
    ),
)
