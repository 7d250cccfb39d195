"""What products are made of, for a file that can be read again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Date, Select, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.catalog.importers.filters import text
from app.catalog.models import Component, ComponentSubstitute, Product

_OTHER = aliased(Product)
# What may be taken instead of a component, as a file says it.
SUBSTITUTES = (
    select(
        func.coalesce(
            func.string_agg(
                _OTHER.sku, aggregate_order_by(literal(", "), ComponentSubstitute.position)
            ),
            "",
        )
    )
    .select_from(ComponentSubstitute)
    .join(_OTHER, _OTHER.id == ComponentSubstitute.substitute_id)
    .where(ComponentSubstitute.line_id == Component.id)
    .correlate(Component)
    .scalar_subquery()
)


def export(filters: Mapping[str, str]) -> Select[Any]:
    """All components of all products, or those of the kind that is asked for."""
    part = aliased(Product)
    query = (
        select(
            Product.sku,
            part.sku,
            Component.quantity,
            Product.kind,
            case((Product.kind == "assembly", Product.build_quantity)),
            func.nullif(SUBSTITUTES, ""),
            cast(null(), Date),
        )
        .select_from(Component)
        .join(Product, Product.id == Component.product_id)
        .join(part, part.id == Component.component_id)
        .order_by(Product.sku, Component.position, Component.id)
    )
    kind = text(filters, "kind")
    return query.where(Product.kind == kind) if kind else query
