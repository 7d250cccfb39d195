"""The reorder rule: when a product is low, and how much of it is to be bought."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func

from app.catalog.models import Product


def is_low(
    available: ColumnElement[Decimal], incoming: ColumnElement[Decimal]
) -> ColumnElement[bool]:
    """At the reorder point or below; the index of what has one makes this fast."""
    level = available + incoming
    return (Product.reorder_point > 0) & (level <= Product.reorder_point)


def suggested_quantity(
    available: ColumnElement[Decimal], incoming: ColumnElement[Decimal]
) -> ColumnElement[Any]:
    """The reorder quantity, or as much as fills up to the maximum, whichever is more.

    Without a maximum it fills up to the reorder point.
    """
    up_to = func.coalesce(Product.maximum_stock, Product.reorder_point)
    return func.greatest(Product.reorder_quantity, up_to - available - incoming)
