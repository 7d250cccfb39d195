"""Selects over what is needed. Nothing here executes: callers fetch."""

from typing import Any

from sqlalchemy import Select, select

from app.catalog.models import Component, Product
from app.catalog.queries import steps_below


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
