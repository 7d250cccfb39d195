"""What is missing, and buying it, for programs."""

from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.catalog import queries as catalog
from app.core.api import Blueprint
from app.core.db import retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.orders import queries as orders
from app.purchasing.services import Shortage
from app.shortages import services
from app.stock.api.fields import Quantity

bp = Blueprint(
    "shortages_api",
    __name__,
    url_prefix="/api/v1/shortages",
    description="What an order, a bundle or a bill of materials is missing",
)
OF_NOTHING = "It is made of nothing (not_allowed)"
VIEW, BUY = "purchase_orders.view", "purchase_orders.edit"


SUBSTITUTES = {"description": "Take what is there and may stand for a component"}


class InsteadSchema(ma.Schema):
    """So much of another product that is there, and is taken for the one wanted."""

    product_id = ma.fields.Int()
    sku = ma.fields.Str()
    quantity = Quantity()


class ShortageSchema(ma.Schema):
    """What is missing of a product, and what is to be bought of it, in its own unit."""

    product_id = ma.fields.Int()
    sku = ma.fields.Str()
    needed = Quantity()
    available = Quantity()
    incoming = Quantity()
    drafted = Quantity(metadata={"description": "In purchase orders that nobody has sent"})
    backordered = Quantity(metadata={"description": "By all orders together"})
    short = Quantity()
    suggested_quantity = Quantity(attribute="suggested")
    vendor_id = ma.fields.Int(allow_none=True)
    instead = ma.fields.List(ma.fields.Nested(InsteadSchema))
    why = ma.fields.Str()


class ShortagesSchema(ma.Schema):
    """What is missing."""

    items = ma.fields.List(ma.fields.Nested(ShortageSchema))


class ShortagesQuery(ma.Schema):
    """Whether substitutes are taken."""

    substitutes = ma.fields.Bool(load_default=True, metadata=SUBSTITUTES)


class MakingQuery(ShortagesQuery):
    """How many are to be made."""

    quantity = Quantity(load_default=Decimal(1))


class PurchaseSchema(ma.Schema):
    """Where it is delivered; without it, the usual warehouse."""

    warehouse_id = ma.fields.Int(strict=True)
    substitutes = ma.fields.Bool(load_default=True, metadata=SUBSTITUTES)


class MakingPurchaseSchema(PurchaseSchema):
    """How many are to be made, too."""

    quantity = Quantity(required=True)


class RefusedPurchaseSchema(ma.Schema):
    """What could not be drafted."""

    record = ma.fields.Str(metadata={"description": "Its SKU"})
    reason = ma.fields.Str()


class DraftedSchema(ma.Schema):
    """The purchase orders that were drafted."""

    orders = ma.fields.List(ma.fields.Str())
    errors = ma.fields.List(ma.fields.Nested(RefusedPurchaseSchema))


@bp.get("/orders/<int:order_id>")
@requires(VIEW)
@bp.arguments(ShortagesQuery, location="query")
@bp.response(200, ShortagesSchema)
@bp.alt_response(409, description="It waits for nothing (not_allowed)")
def get_order_shortages(query: dict[str, Any], order_id: int) -> dict[str, list[Shortage]]:
    """Say what an order is missing, and what of that is there or coming."""
    one_or_404(orders.order(order_id))
    return {"items": services.shortages_of_order(order_id, **query)}


@bp.post("/orders/<int:order_id>/purchases")
@requires(BUY)
@retried
@idempotent
@bp.arguments(PurchaseSchema)
@bp.response(200, DraftedSchema)
@bp.alt_response(409, description="It waits for nothing (not_allowed)")
def buy_order_shortages(body: dict[str, Any], order_id: int) -> Any:
    """Draft purchase orders of what an order is missing, one for each vendor."""
    one_or_404(orders.order(order_id))
    return services.buy_for_order(order_id, **body)


@bp.get("/products/<int:product_id>")
@requires(VIEW)
@bp.arguments(MakingQuery, location="query")
@bp.response(200, ShortagesSchema)
@bp.alt_response(409, description=OF_NOTHING)
def get_product_shortages(query: dict[str, Any], product_id: int) -> dict[str, list[Shortage]]:
    """Say what is missing to make so many of a bundle or an assembly."""
    one_or_404(catalog.product(product_id))
    return {"items": services.shortages_of_product(product_id, **query)}


@bp.post("/products/<int:product_id>/purchases")
@requires(BUY)
@retried
@idempotent
@bp.arguments(MakingPurchaseSchema)
@bp.response(200, DraftedSchema)
@bp.alt_response(409, description=OF_NOTHING)
def buy_product_shortages(body: dict[str, Any], product_id: int) -> Any:
    """Draft purchase orders of what is missing to make so many, one for each vendor."""
    one_or_404(catalog.product(product_id))
    return services.buy_for_product(product_id, **body)
