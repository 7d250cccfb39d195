"""What products are made of, for programs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.catalog import queries, services
from app.catalog.api.fields import Number
from app.catalog.api.products import bp
from app.catalog.models import KINDS, Product
from app.catalog.rules import parse_code
from app.core.api import asked_version
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import QUANTITY_DECIMALS
from app.core.schemas import Text, versioned
from app.core.web import one_or_404


class Quantity(Number):
    """A quantity of zero or more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=QUANTITY_DECIMALS, **kwargs)


class ComponentSchema(ma.Schema):
    """So much of a component, which is named by its id, its SKU or a barcode."""

    product_id = ma.fields.Int(strict=True)
    sku = Text(parse_code)
    quantity = Quantity(required=True)
    substitutes = ma.fields.List(
        Text(parse_code),
        metadata={
            "description": "SKUs of what may be taken instead when an assembly is built, one "
            "for one; without them, those that there are stay"
        },
    )

    @ma.validates_schema
    def _named(self, values: dict[str, Any], **_rest: Any) -> None:
        if values.get("product_id") is None and not values.get("sku"):
            raise ma.ValidationError("Name a product by product_id or sku.", "sku")

    @ma.post_load
    def _draft(self, values: dict[str, Any], **_rest: Any) -> services.ComponentDraft:
        return services.ComponentDraft(**values)


class ComponentsSchema(ma.Schema):
    """What a product is made of. A bundle is sold as a kit; an assembly is built and kept."""

    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf(KINDS))
    build_quantity = Quantity(
        load_default=Decimal(1),
        metadata={"description": "How many pieces of an assembly come of the components"},
    )
    components = ma.fields.List(ma.fields.Nested(ComponentSchema), required=True)
    version = ma.fields.Int(
        strict=True, metadata={"description": "Of the product, as you have read it"}
    )


class ComponentLevelSchema(ma.Schema):
    """A part at some level below a product; those that belong to it follow it."""

    level = ma.fields.Int()
    parent_id = ma.fields.Int(metadata={"description": "The product it is a component of"})
    product_id = ma.fields.Int(attribute="id")
    sku = ma.fields.Str()
    name = ma.fields.Str()
    kind = ma.fields.Str(validate=ma.validate.OneOf(KINDS))
    each = Quantity(metadata={"description": "What one go of the part above takes"})
    quantity = Quantity(metadata={"description": "What one piece of the product takes in all"})


class UsedInSchema(ma.Schema):
    """A product that another is a part of."""

    level = ma.fields.Int(metadata={"description": "1 where it is a component itself"})
    product_id = ma.fields.Int(attribute="id")
    sku = ma.fields.Str()
    name = ma.fields.Str()
    kind = ma.fields.Str(validate=ma.validate.OneOf(KINDS))
    is_active = ma.fields.Bool()
    quantity = Quantity(metadata={"description": "What one piece of it takes in all"})


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """A component as it is shown."""

    product_id: int
    sku: str
    quantity: Decimal
    substitutes: list[str]


@bp.get("/<int:product_id>/components")
@requires("products.view")
@bp.response(200, ComponentsSchema)
def get_components(product_id: int) -> Any:
    """Show what a product is made of, one level down."""
    return _shown(one_or_404(queries.product_with_components(product_id)))


@bp.put("/<int:product_id>/components")
@requires("products.edit")
@idempotent
@bp.arguments(ComponentsSchema)
@bp.response(200, ComponentsSchema)
@bp.alt_response(409, description="A stale version, a circle, or something hangs on its kind")
def set_components(values: dict[str, Any], product_id: int) -> Any:
    """Say what a product is made of: all of its components, in their order.

    An item has none. A product becomes a bundle, or stops being one, only while it is neither
    in stock nor on an open order.
    """
    one_or_404(queries.product(product_id))
    version = asked_version(values)
    services.set_components(product_id, version=version, **values)
    fresh = queries.product_with_components(product_id)
    return _shown(one_or_404(fresh.execution_options(populate_existing=True)))


@bp.get("/<int:product_id>/levels")
@requires("products.view")
@bp.response(200, ComponentLevelSchema(many=True))
def list_levels(product_id: int) -> Any:
    """List all that a product is made of, level by level, with what one piece takes."""
    one_or_404(queries.product(product_id))
    return db.session.execute(queries.levels_of(product_id)).all()


@bp.get("/<int:product_id>/used-in")
@requires("products.view")
@bp.response(200, UsedInSchema(many=True))
def list_users(product_id: int) -> Any:
    """List the bundles and assemblies that a product is a part of, at whatever level."""
    one_or_404(queries.product(product_id))
    return db.session.execute(queries.used_in(product_id)).all()


def _shown(product: Product) -> tuple[dict[str, Any], int, dict[str, str]]:
    components = [
        ShownComponent(
            line.component_id,
            line.sku,
            line.quantity,
            [sku for _number, sku in line.substitutes],
        )
        for line in product.components
    ]
    shown = {
        "kind": product.kind,
        "build_quantity": product.build_quantity,
        "components": components,
        "version": product.version,
    }
    return shown, 200, versioned(product)
