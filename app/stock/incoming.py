"""What is on order and has not come. Stock stands below purchasing, so it asks by a socket.

A slice provides its part under a name that begins with `incoming:`, as a function that gives
a Select of one row for each thing that is expected: `product_id`, `quantity` in the product's
own unit, `due_on` (a day, or None), `warehouse_id` (where it comes to), `document_id`, and
`document` and `href`, by which people know and find what it comes by.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, cast, false, func, select, union_all
from sqlalchemy import Date as Day
from sqlalchemy import Text as Words

from app.catalog.models import Product
from app.core.slices import slices

INCOMING = "incoming:"  # what the names begin with by which slices provide it

Provider = Callable[[], Select[Any]]


def incoming() -> Subquery:
    """Give all that is expected, one row for each thing."""
    provided = slices().provided.items()
    parts = [give() for name, give in provided if name.startswith(INCOMING)]
    if not parts:
        return _nothing().subquery("incoming")
    return parts[0].subquery("incoming") if len(parts) == 1 else union_all(*parts).subquery()


def incoming_of_product() -> ColumnElement[Any]:
    """The sum for the product of the row."""
    expected = incoming()
    sums = select(func.coalesce(func.sum(expected.c.quantity), 0))
    return sums.where(expected.c.product_id == Product.id).correlate(Product).scalar_subquery()


def incoming_sums() -> Subquery:
    """The sum of each product of which something is expected: `product_id`, `incoming`."""
    expected = incoming()
    sums = select(expected.c.product_id, func.sum(expected.c.quantity).label("incoming"))
    return sums.group_by(expected.c.product_id).subquery("incoming_sums")


def incoming_of(product_id: int) -> Select[Any]:
    """What is expected of one product, the earliest first; what has no day comes last."""
    expected = incoming()
    return (
        select(expected)
        .where(expected.c.product_id == product_id)
        .order_by(expected.c.due_on.asc().nulls_last(), expected.c.document_id)
    )


def _nothing() -> Select[Any]:
    nobody = cast(None, Product.id.type)
    return select(
        nobody.label("product_id"),
        cast(0, Product.reorder_point.type).label("quantity"),
        cast(None, Day).label("due_on"),
        nobody.label("warehouse_id"),
        nobody.label("document_id"),
        cast(None, Words).label("document"),
        cast(None, Words).label("href"),
    ).where(false())
