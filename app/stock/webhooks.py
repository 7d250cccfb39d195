"""What other programs hear of stock."""

from collections.abc import Mapping
from typing import Any

from app.catalog.models import Product
from app.core.db import db
from app.core.webhooks import WebhookEvent
from app.stock import queries
from app.stock.api.inventory import InventorySchema, described
from app.stock.events import StockMoved


def _products(product_ids: list[int], location_ids: list[int]) -> Mapping[str, Any]:
    """Tell how much there is of each product now, wherever it lies."""
    levels = queries.inventory(is_active=None).where(Product.id.in_(product_ids))
    found = described(db.session.execute(levels.order_by(Product.id)).all())
    return {"products": InventorySchema(many=True).dump(found), "location_ids": location_ids}


WEBHOOKS = (
    WebhookEvent(
        name="stock.changed",
        label="Stock moved or reserved",
        event=StockMoved,
        data=_products,
    ),
)
