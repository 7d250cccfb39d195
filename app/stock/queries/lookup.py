"""Finding products and locations by what people and programs say."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from app.catalog.models import Product
from app.stock.models import Location

OF_PLACE = ("id", "code", "kind", "path")
# MovementFilter for by every adjustment: building a Select of it took longer than running it.
TARGET = """
    SELECT product.id, place.id AS location_id, place.code, place.kind, (
        SELECT id FROM location WHERE kind = %(other_end)s ORDER BY id LIMIT 1
    ) AS against_id
    FROM product LEFT JOIN location AS place ON place.id = ({place})
    WHERE product.{column} = %(product)s
"""
PLACES = {
    "id": "%(location)s",
    "code": """
        SELECT id FROM location
        WHERE lower(code) = lower(%(location)s) OR barcode = %(location)s
        ORDER BY lower(code) <> lower(%(location)s) LIMIT 1
    """,
    "home": """
        SELECT home.location_id FROM home_location AS home
        JOIN location ON location.id = home.location_id AND location.is_active
        WHERE home.product_id = product.id
    """,
}


def locations_found(code: str) -> Select[int]:
    """Ids of the location with a code, in any case, or else with a barcode."""
    return (
        select(Location.id)
        .where(or_(func.lower(Location.code) == code.lower(), Location.barcode == code))
        .order_by(func.lower(Location.code) != code.lower())
        .limit(1)
    )


def target(*, by_sku: bool, place: str) -> str:
    """The driver's SQL for an adjustment: its product, its place, and who is at the other end.

    `place` is `id` or `code` (or barcode) of the location, or `home`: where the product lives,
    as far as that is in use. The values are `product`, `location` and `other_end`.
    """
    column = "sku" if by_sku else "id"
    return TARGET.format(column=column, place=PLACES[place])


def route(
    product: ColumnElement[bool], source: Select[int], destination: Select[int]
) -> Select[*tuple[Any, ...]]:
    """A product and two locations: id, code, kind and path of each, all None if unknown."""
    start, end = aliased(Location), aliased(Location)
    return (
        select(
            Product.id,
            *(getattr(start, name).label(f"source_{name}") for name in OF_PLACE),
            *(getattr(end, name).label(f"destination_{name}") for name in OF_PLACE),
        )
        .select_from(Product)
        .outerjoin(start, start.id == source.scalar_subquery())
        .outerjoin(end, end.id == destination.scalar_subquery())
        .where(product)
    )
