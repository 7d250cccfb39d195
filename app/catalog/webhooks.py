"""What other programs hear of the catalogue."""

from collections.abc import Mapping
from typing import Any

from app.catalog import queries
from app.catalog.api.products import ProductSchema, stocked
from app.catalog.events import ProductChanged
from app.core.db import db
from app.core.webhooks import WebhookEvent


def _product(product_id: int) -> Mapping[str, Any] | None:
    product = db.session.scalars(queries.product(product_id)).one_or_none()
    return {"product": ProductSchema().dump(stocked(product)[0])} if product else None


WEBHOOKS = (
    WebhookEvent(
        name="product.changed",
        label="Product new or changed",
        event=ProductChanged,
        data=_product,
    ),
)
