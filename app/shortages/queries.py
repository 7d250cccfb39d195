"""Selects over what is needed. Nothing here executes: callers fetch."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select

from app.catalog.models import Component, ComponentSubstitute, Product
from app.catalog.queries import among, steps_below


def recipes_below(product_id: int) -> Select[*tuple[Any, ...]]:
    """What a product and all below it are made of, one row for each component.

    The whole, its kind, how many of it come of one go, the component, and how much of that
    one go takes.
    """
    below = steps_below([product_id]).cte("below")
    return (
        select(
            Component.product_id,
            Product.kind,
            Product.build_quantity,
            Component.component_id,
            Component.quantity,
        )
        .join(Product, Product.id == Component.product_id)
        .where(Component.product_id.in_(select(below.c.product_id)))
        .order_by(Component.product_id, Component.position)
    )


def substitutes_in(product_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What may be taken for components of some products, the first of them first.

    The whole, the component, and the id and SKU of what may stand for it.
    """
    of = ComponentSubstitute
    return (
        select(Component.product_id, Component.component_id, of.substitute_id, Product.sku)
        .join(of, of.line_id == Component.id)
        .join(Product, Product.id == of.substitute_id)
        .where(among(Component.product_id, product_ids), Product.is_active)
        .order_by(of.line_id, of.position)
    )
