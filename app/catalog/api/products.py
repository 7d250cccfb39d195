"""Products for programs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import url_for
from flask_smorest.fields import Upload

from app.catalog import queries, services
from app.catalog.api.fields import Cost, ListQuery, Number, RecordSchema
from app.catalog.barcodes import parse_barcode
from app.catalog.breaks import parse_breaks
from app.catalog.costs import COSTS, keeping_prices
from app.catalog.figures import Figures, figures_of
from app.catalog.models import KINDS, TRACKINGS, BarcodeLine, Product, VendorPartLine
from app.catalog.rules import needed, parse_code, parse_currency, parse_line, parse_text
from app.core.api import (
    Blueprint,
    Sort,
    asked_version,
    heeds_version,
    page_of,
    page_schema,
)
from app.core.idempotency import idempotent
from app.core.permissions import may_see, requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.web import one_or_404

bp = Blueprint("products_api", __name__, url_prefix="/api/v1/products", description="Products")

DAYS = ma.validate.Range(min=0, max=10_000)
Answer = tuple["Stocked", int, dict[str, str]]


def image_address(product: Any) -> str | None:
    """Where the picture of a product is fetched, if it has one."""
    return f"/files/{product.image_id}" if product.image_id else None


class BarcodeSchema(ma.Schema):
    """A barcode and how many units it is worth."""

    code = Text(needed(parse_code), required=True)
    units = Number(decimals=QUANTITY_DECIMALS, load_default=Decimal(1))
    is_own = ma.fields.Bool(
        load_default=False,
        metadata={"description": "A number of your own that looks like a GTIN and is none"},
    )

    @ma.post_load
    def _line(self, values: dict[str, Any], **_rest: Any) -> BarcodeLine:
        try:
            code = parse_barcode(values["code"], is_own=values["is_own"])
        except ValueError as error:
            raise ma.ValidationError(str(error), "code") from error
        return BarcodeLine(**(values | {"code": code}))


class Breaks(Text):
    """Price breaks, `10: 2.4; 100: 2.1`: null for whoever may not see what goods cost."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"description": "10: 2.4; 100: 2.1 is from 10 on 2.4. Null without costs"}
        super().__init__(parse_breaks, allow_none=True, metadata=told, **kwargs)

    def _serialize(self, value: str | None, *rest: Any, **more: Any) -> str | None:
        return super()._serialize(value, *rest, **more) if may_see(COSTS) else None

    def deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        """Read what is sent; whoever may not see costs can only send the null they got."""
        if value is None:
            return ""
        if not may_see(COSTS) and value is not ma.missing:
            raise ma.ValidationError("You are not allowed to see or set costs.")
        return super().deserialize(value, *rest, **more)


def _currency_or_none(text: str) -> str:
    return parse_currency(text) if text.strip() else ""


class VendorPartSchema(ma.Schema):
    """A vendor's number for a product, and the terms on which it comes.

    Price and breaks are of one unit of purchase, in `currency`, or the vendor's without it.
    Minimum and multiple are in the product's own unit.
    """

    vendor_id = ma.fields.Int(strict=True, required=True)
    part_number = Text(needed(parse_code), required=True)
    price = Cost(load_default=None)
    lead_time_days = ma.fields.Int(
        strict=True, load_default=None, allow_none=True, validate=DAYS
    )
    minimum_quantity = Number(decimals=QUANTITY_DECIMALS, load_default=None, allow_none=True)
    purchase_unit = Text(parse_line, load_default="")
    pack_quantity = Number(
        decimals=QUANTITY_DECIMALS,
        load_default=Decimal(1),
        metadata={"description": "How many of its own unit one unit of purchase holds"},
    )
    order_multiple = Number(decimals=QUANTITY_DECIMALS, load_default=None, allow_none=True)
    price_breaks = Breaks(load_default="")
    currency = Text(_currency_or_none, load_default="")

    @ma.validates_schema
    def _above_zero(self, values: dict[str, Any], **_rest: Any) -> None:
        for name in ("pack_quantity", "order_multiple"):
            if values.get(name) == 0:
                raise ma.ValidationError("More than zero.", name)

    @ma.post_load
    def _line(self, values: dict[str, Any], **_rest: Any) -> VendorPartLine:
        return VendorPartLine(**values)


class ProductSchema(RecordSchema):
    """A product. Money and quantities travel as decimal strings."""

    sku = Text(needed(parse_code), required=True)
    name = Text(needed(parse_line), required=True)
    description = Text(parse_text)
    category = Text(parse_line)
    price = Number(decimals=MONEY_DECIMALS)
    cost = Cost(is_needed=True)
    currency = Text(parse_currency)
    unit = Text(needed(parse_line))
    tax_class = Text(parse_line)
    weight = Number(
        decimals=QUANTITY_DECIMALS, allow_none=True, metadata={"description": "Kilograms"}
    )
    supplier_id = ma.fields.Int(strict=True, allow_none=True)
    reorder_point = Number(decimals=QUANTITY_DECIMALS)
    reorder_quantity = Number(decimals=QUANTITY_DECIMALS)
    maximum_stock = Number(decimals=QUANTITY_DECIMALS, allow_none=True)
    safety_stock = Number(
        decimals=QUANTITY_DECIMALS,
        metadata={"description": "Set aside from what counts against the reorder point"},
    )
    lead_time_days = ma.fields.Int(strict=True, allow_none=True, validate=DAYS)
    tracking = ma.fields.Str(
        validate=ma.validate.OneOf(TRACKINGS),
        metadata={"description": "Whether what comes says its lot, or each piece its serial"},
    )
    has_expiry = ma.fields.Bool(
        metadata={"description": "Whether its lots or pieces say when they expire"}
    )
    kind = ma.fields.Str(
        dump_only=True,
        validate=ma.validate.OneOf(KINDS),
        metadata={"description": "Its components say which: see products/{id}/components"},
    )
    build_quantity = Number(decimals=QUANTITY_DECIMALS, dump_only=True)
    image_url = ma.fields.Function(
        image_address, dump_only=True, metadata={"type": ["string", "null"]}
    )
    vendor_parts = ma.fields.List(ma.fields.Nested(VendorPartSchema))
    barcodes = ma.fields.List(ma.fields.Nested(BarcodeSchema))
    quantity_on_hand = Number(decimals=3, attribute="figures.on_hand", dump_only=True)
    quantity_reserved = Number(decimals=3, attribute="figures.reserved", dump_only=True)
    quantity_available = Number(decimals=3, attribute="figures.available", dump_only=True)


class ProductQuery(ListQuery):
    """Filters of the list."""

    sort = Sort(queries.PRODUCT_SORTS)
    category = ma.fields.Str(load_default="")
    supplier_id = ma.fields.Int(load_default=None)


@dataclass(frozen=True, slots=True)
class Stocked:
    """A product with how much there is of it, as one thing to show."""

    product: Product
    figures: Figures

    def __getattr__(self, name: str) -> Any:
        return getattr(self.product, name)


@bp.get("")
@requires("products.view")
@bp.arguments(ProductQuery, location="query")
@bp.response(200, page_schema(ProductSchema))
def list_products(query: dict[str, Any]) -> dict[str, Any]:
    """List products."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.with_lines(queries.products(search=query.pop("q"), **query))
    page = page_of(found, paging, sorts=queries.PRODUCT_SORTS)
    return page | {"items": stocked(*page["items"])}


@bp.post("")
@requires("products.edit")
@idempotent
@bp.arguments(for_new(ProductSchema))
@bp.response(201, ProductSchema)
@bp.alt_response(409, description="The SKU or a barcode belongs to another product")
def create_product(values: dict[str, Any]) -> Answer:
    """Add a product."""
    product = services.create_product(**values)
    location = url_for("products_api.get_product", product_id=product.id)
    return stocked(product)[0], 201, {"Location": location, **versioned(product)}


@bp.get("/<int:product_id>")
@requires("products.view")
@bp.response(200, ProductSchema)
def get_product(product_id: int) -> Answer:
    """Show a product. Its ETag is the version that a change is based on."""
    product = one_or_404(queries.product(product_id))
    return stocked(product)[0], 200, versioned(product)


@bp.put("/<int:product_id>")
@requires("products.edit")
@idempotent
@bp.arguments(for_changes(ProductSchema))
@bp.response(200, ProductSchema)
@bp.alt_response(409, description="A stale version, or a SKU or barcode of another product")
def update_product(changes: dict[str, Any], product_id: int) -> Answer:
    """Change a product; fields that are not sent stay as they are.

    With `version`, or the version as `If-Match`, only if nobody has changed it since.
    """
    one_or_404(queries.product(product_id))
    version = asked_version(changes)
    changes = keeping_prices(product_id, changes)
    product = services.revise_product(product_id, version=version, **changes)
    return stocked(product)[0], 200, versioned(product)


@bp.delete("/<int:product_id>")
@requires("products.edit")
@heeds_version
@idempotent
@bp.response(204)
def delete_product(product_id: int) -> None:
    """Deactivate a product: what refers to it stays."""
    one_or_404(queries.product(product_id))
    services.deactivate_product(product_id, version=asked_version({}))


class ImageSchema(ma.Schema):
    """A picture."""

    image = Upload(required=True, metadata={"description": "PNG, JPEG or WebP; 5 MB at most"})


@bp.post("/<int:product_id>/image")
@requires("products.edit")
@idempotent
@bp.arguments(ImageSchema, location="files")
@bp.response(200, ProductSchema)
def set_image(files: dict[str, Any], product_id: int) -> Answer:
    """Give a product a picture, in place of the one it had."""
    one_or_404(queries.product(product_id))
    services.set_image(product_id, image=files["image"].read())
    return _shown(one_or_404(queries.product(product_id)))


@bp.delete("/<int:product_id>/image")
@requires("products.edit")
@idempotent
@bp.response(204)
def remove_image(product_id: int) -> None:
    """Take the picture away from a product."""
    one_or_404(queries.product(product_id))
    services.remove_image(product_id)


def _shown(product: Product) -> Answer:
    return stocked(product)[0], 200, versioned(product)


def stocked(*products: Product) -> list[Stocked]:
    """Put products and their figures together."""
    figures = figures_of([product.id for product in products])
    return [Stocked(product, figures[product.id]) for product in products]
