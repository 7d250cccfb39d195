"""How much there is, and what runs low."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import marshmallow as ma
from flask import abort

from app.catalog import queries as catalog
from app.catalog import services as catalog_services
from app.catalog.models import Product
from app.core.api import PageQuery, Sort, asked_version, page_of, page_schema
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.stock import queries, services
from app.stock.api.blueprint import bp
from app.stock.api.fields import Quantity
from app.stock.incoming import incoming_of
from app.stock.models import Location

SORTS = {"sku": Product.sku, "name": Product.name_key}
Answer = tuple[dict[str, Any], int, dict[str, str]]


class InventoryQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    location = ma.fields.Str(
        load_default="", metadata={"description": "Only what lies there or below it"}
    )
    status = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *queries.STATUSES]))


class LowStockQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    supplier_id = ma.fields.Int(load_default=None)


class AtLocationSchema(ma.Schema):
    """What lies at one location."""

    code = ma.fields.Str()
    lot = ma.fields.Str(allow_none=True, metadata={"description": "Or serial number"})
    lot_id = ma.fields.Int(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    on_hand = Quantity()
    reserved = Quantity()
    is_doubted = ma.fields.Bool(
        metadata={"description": "A picker did not find it: nothing is available until counted"}
    )
    is_withheld = ma.fields.Bool(
        metadata={"description": "Its lot is blocked or expires too soon: none is available"}
    )


class InventorySchema(ma.Schema):
    """A product with how much there is of it; quantities travel as decimal strings."""

    product_id = ma.fields.Int(attribute="id")
    sku = ma.fields.Str()
    name = ma.fields.Str()
    quantity_on_hand = Quantity(attribute="on_hand")
    quantity_reserved = Quantity(attribute="reserved")
    quantity_available = Quantity(attribute="available")
    quantity_incoming = Quantity(attribute="incoming")
    reorder_point = Quantity()
    reorder_quantity = Quantity()
    last_counted = ma.fields.DateTime(allow_none=True)
    status = ma.fields.Str(metadata={"description": "ok, low or out"})
    locations = ma.fields.List(ma.fields.Nested(AtLocationSchema))
    version = ma.fields.Int(metadata={"description": "Of the product, as its ETag"})


class IncomingSchema(ma.Schema):
    """So much that is to come; what is due before today is late, and counts all the same."""

    document = ma.fields.Str(metadata={"description": "The number of what it comes by"})
    document_id = ma.fields.Int()
    warehouse_id = ma.fields.Int(allow_none=True)
    quantity = Quantity()
    due_on = ma.fields.Date(allow_none=True)


class LowStockSchema(InventorySchema):
    """A product that runs low, with how much of it to buy."""

    supplier_id = ma.fields.Int(allow_none=True)
    suggested_quantity = Quantity()


class ReorderSchema(ma.Schema):
    """The settings of a product's stock."""

    reorder_point = Quantity()
    reorder_quantity = Quantity()
    version = ma.fields.Int(strict=True)


@bp.get("")
@requires("stock.view")
@bp.arguments(InventoryQuery, location="query")
@bp.response(200, page_schema(InventorySchema))
def list_inventory(args: dict[str, Any]) -> dict[str, Any]:
    """List active products with what there is of them."""
    location, filters = args.pop("location"), {n: args.pop(n) for n in ("q", "status")}
    query = queries.inventory(path=_path(location), **filters)
    page = page_of(query, args, sorts=SORTS, rows=True)
    return page | {"items": described(page["items"])}


@bp.get("/low-stock")
@requires("stock.view")
@bp.arguments(LowStockQuery, location="query")
@bp.response(200, page_schema(LowStockSchema))
def list_low_stock(args: dict[str, Any]) -> dict[str, Any]:
    """List what is to be bought: available and incoming do not exceed the reorder point.

    `suggested_quantity` is the reorder quantity, or as much as fills up to the maximum (to the
    reorder point where there is no maximum), whichever is more.
    """
    filters = {name: args.pop(name) for name in ("q", "supplier_id")}
    page = page_of(queries.low_stock(**filters), args, sorts=SORTS, rows=True)
    return page | {"items": described(page["items"])}


@bp.get("/<int:product_id>")
@requires("stock.view")
@bp.response(200, InventorySchema)
def get_inventory(product_id: int) -> Answer:
    """Show how much there is of a product. Its ETag is the product's version."""
    return _answer(product_id)


@bp.get("/<int:product_id>/incoming")
@requires("stock.view")
@bp.response(200, IncomingSchema(many=True))
def list_incoming(product_id: int) -> Sequence[Any]:
    """List what is on order of a product and has not come, the earliest first."""
    one_or_404(catalog.product(product_id))
    return db.session.execute(incoming_of(product_id)).all()


@bp.put("/<int:product_id>")
@requires("products.edit")
@idempotent
@bp.arguments(ReorderSchema)
@bp.response(200, InventorySchema)
@bp.alt_response(409, description="A stale version")
def update_inventory(body: dict[str, Any], product_id: int) -> Answer:
    """Set reorder point and reorder quantity. What is on hand changes by adjustments only."""
    one_or_404(catalog.product(product_id))
    version = asked_version(body)
    catalog_services.revise_product(product_id, version=version, **body)
    return _answer(product_id)


def _answer(product_id: int) -> Answer:
    product = one_or_404(catalog.product(product_id))
    query = queries.inventory(is_active=None).where(Product.id == product_id)
    [shown] = described(db.session.execute(query).all())
    return shown, 200, {"ETag": f'"{product.version}"'}


def described(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Add where it lies and when it was counted, with one query for all rows."""
    places: dict[int, list[Any]] = defaultdict(list)
    ids = [row.id for row in rows]
    for place in db.session.execute(queries.places_of(ids)):
        places[place.product_id].append(place)
    return [
        {
            **row._asdict(),
            "locations": [place for place in places[row.id] if place.on_hand],
            "last_counted": _last(place.counted_at for place in places[row.id]),
        }
        for row in rows
    ]


def _last(moments: Iterable[Any]) -> Any:
    return max((moment for moment in moments if moment), default=None)


def _path(code: str) -> str:
    if not code:
        return ""
    location = db.session.get(Location, services.find_location(code))
    return location.path if location else abort(404)
