"""Finding products and locations by what people and programs say."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from app.catalog.models import Product
from app.stock.models import Location

OF_PLACE = ("id", "code", "kind", "path")
# MovementFilter for by every adjustment: building a Select of it took longer than running it.
TARGET = """
    SELECT product.id, product.tracking, place.id AS location_id, place.code, place.kind, (
        SELECT id FROM location WHERE kind = %(other_end)s ORDER BY id LIMIT 1
    ) AS against_id
    FROM product LEFT JOIN location AS place ON place.id = ({place})
    WHERE product.id = {product}
"""
PLACES = {
    "id": "%(location)s",
    "code": "location_with_code(%(location)s)",
    "home": """
        coalesce((
            SELECT home.location_id FROM home_location AS home
            JOIN location ON location.id = home.location_id AND location.is_active
            WHERE home.product_id = product.id
        ), (
            SELECT id FROM location
            WHERE id = location_with_code(%(default)s) AND is_active
        ))
    """,
}


def locations_found(code: str) -> Select[int]:
    """Ids of the location with a code, in any case, or else with a barcode."""
    return select(Location.id).where(Location.id == func.location_with_code(code))


def locations_with_codes(codes: Collection[str]) -> Select[str, Location]:
    """Codes or barcodes as they are asked for, each with its location."""
    asked = func.unnest(array(codes, type_=Text())).table_valued("code").render_derived()
    return select(asked.c.code, Location).join(
        Location, Location.id == func.location_with_code(asked.c.code)
    )


def target(*, by_sku: bool, place: str) -> str:
    """The driver's SQL for an adjustment: its product, its place, and who is at the other end.

    `place` is `id` or `code` (or barcode) of the location, or `home`: where the product lives,
    as far as that is in use, else the company's `default`. The values are `product`, `location`
    and `other_end`.
    """
    product = "product_with_sku(%(product)s)" if by_sku else "%(product)s"
    return TARGET.format(product=product, place=PLACES[place])


def route(
    product: ColumnElement[bool], source: Select[int], destination: Select[int]
) -> Select[*tuple[Any, ...]]:
    """A product and two locations: id, code, kind and path of each, all None if unknown."""
    start, end = aliased(Location), aliased(Location)
    return (
        select(
            Product.id,
            Product.tracking,
            *(getattr(start, name).label(f"source_{name}") for name in OF_PLACE),
            *(getattr(end, name).label(f"destination_{name}") for name in OF_PLACE),
        )
        .select_from(Product)
        .outerjoin(start, start.id == source.scalar_subquery())
        .outerjoin(end, end.id == destination.scalar_subquery())
        .where(product)
    )
