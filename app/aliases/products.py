"""`/api/products`: quantity, reorder level and supplier, as the small ERP named them."""

from typing import Any

import marshmallow as ma
from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.catalog import queries, services
from app.catalog.api.fields import Cost, ListQuery, Number, RecordSchema
from app.catalog.api.products import Answer, stocked
from app.catalog.models import Product, Vendor
from app.catalog.rules import needed, parse_code, parse_currency, parse_line, parse_text
from app.core.api import Blueprint, Sort, asked_version, page_of, page_schema
from app.core.db import db
from app.core.errors import Invalid, sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.schemas import Text, versioned
from app.core.web import one_or_404

bp = Blueprint(
    "alias_products",
    __name__,
    url_prefix="/api/products",
    description="Older address of /api/v1/products",
)


NAMED = joinedload(Product.supplier)


class PlainProductSchema(RecordSchema):
    """A product. What is on hand changes by `/api/inventory/adjustments` only."""

    sku = Text(needed(parse_code))
    name = Text(needed(parse_line))
    description = Text(parse_text)
    category = Text(parse_line)
    price = Number(decimals=MONEY_DECIMALS)
    cost = Cost(is_needed=True)
    currency = Text(parse_currency)
    unit = Text(needed(parse_line))
    quantity = Number(decimals=QUANTITY_DECIMALS, attribute="figures.on_hand", dump_only=True)
    reorder_level = Number(decimals=QUANTITY_DECIMALS, attribute="reorder_point")
    supplier = ma.fields.Str(
        attribute="supplier.name",
        allow_none=True,
        metadata={"description": "Name or code of one of our vendors"},
    )


class PlainNewProductSchema(PlainProductSchema):
    """A product to be made."""

    class Meta:
        """It has no version yet."""

        exclude = ("version",)

    sku = Text(needed(parse_code), required=True)
    name = Text(needed(parse_line), required=True)


class PlainProductQuery(ListQuery):
    """Filters of the list."""

    sort = Sort(queries.PRODUCT_SORTS)


@bp.get("")
@requires("products.view")
@bp.doc(deprecated=True)
@bp.arguments(PlainProductQuery, location="query")
@bp.response(200, page_schema(PlainProductSchema))
def list_products(query: dict[str, Any]) -> dict[str, Any]:
    """List products."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.with_lines(queries.products(search=query.pop("q"), **query)).options(NAMED)
    page = page_of(found, paging, sorts=queries.PRODUCT_SORTS)
    return page | {"items": stocked(*page["items"])}


@bp.post("")
@requires("products.edit")
@sent_as(reorder_point="reorder_level", supplier_id="supplier")
@idempotent
@bp.doc(deprecated=True)
@bp.arguments(PlainNewProductSchema)
@bp.response(201, PlainProductSchema)
@bp.alt_response(409, description="The SKU belongs to another product")
def create_product(values: dict[str, Any]) -> Answer:
    """Add a product."""
    product_id = services.create_product(**_with_supplier(values)).id
    answer, _status, headers = _shown(product_id)
    location = url_for("alias_products.get_product", product_id=product_id)
    return answer, 201, {"Location": location, **headers}


@bp.get("/<int:product_id>")
@requires("products.view")
@bp.doc(deprecated=True)
@bp.response(200, PlainProductSchema)
def get_product(product_id: int) -> Answer:
    """Show a product."""
    return _shown(product_id)


@bp.put("/<int:product_id>")
@requires("products.edit")
@sent_as(reorder_point="reorder_level", supplier_id="supplier")
@idempotent
@bp.doc(deprecated=True)
@bp.arguments(PlainProductSchema)
@bp.response(200, PlainProductSchema)
@bp.alt_response(409, description="A stale version, or a SKU of another product")
def update_product(changes: dict[str, Any], product_id: int) -> Answer:
    """Change a product; fields that are not sent stay as they are."""
    one_or_404(queries.product(product_id))
    version = asked_version(changes)
    services.revise_product(product_id, version=version, **_with_supplier(changes))
    return _shown(product_id)


@bp.delete("/<int:product_id>")
@requires("products.edit")
@idempotent
@bp.doc(deprecated=True)
@bp.response(204)
def delete_product(product_id: int) -> None:
    """Deactivate a product: what refers to it stays."""
    one_or_404(queries.product(product_id))
    services.deactivate_product(product_id)


def _shown(product_id: int) -> Answer:
    found = queries.product(product_id).options(NAMED)
    product = one_or_404(found.execution_options(populate_existing=True))
    return stocked(product)[0], 200, versioned(product)


def _with_supplier(values: dict[str, Any]) -> dict[str, Any]:
    """Find the vendor that is named, by code or by name; one that is not there is refused."""
    if "supplier" not in values:
        return values
    name = values.pop("supplier")["name"]
    return values | {"supplier_id": _vendor(name) if name else None}


def _vendor(name: str) -> int:
    is_named = (func.lower(Vendor.code) == name.lower()) | (Vendor.name == name)
    found = db.session.scalars(select(Vendor.id).where(is_named).limit(2)).all()
    if len(found) != 1:
        many = "There are several vendors" if found else "There is no vendor"
        raise Invalid("supplier", f"{many} called {name}.")
    return found[0]
