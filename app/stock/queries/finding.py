"""Finding products and locations by what people and programs say."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased

from app.catalog.models import Product
from app.stock.models import HomeLocation, Location


def locations_found(code: str) -> Select[int]:
    """Ids of the location with a code, in any case, or else with a barcode."""
    return (
        select(Location.id)
        .where(or_(func.lower(Location.code) == code.lower(), Location.barcode == code))
        .order_by(func.lower(Location.code) != code.lower())
        .limit(1)
    )


def target(
    product: ColumnElement[bool], location: Select[int] | None, other_end: str
) -> Select[int, int, int]:
    """A product, where it is adjusted, and the place outside at the other end.

    Without a location it is the product's home, as far as that is in use.
    """
    place = location.scalar_subquery() if location is not None else _home()
    against = select(Location.id).where(Location.kind == other_end).order_by(Location.id)
    return select(
        Product.id,
        place.label("location_id"),
        against.limit(1).scalar_subquery().label("against_id"),
    ).where(product)


def route(
    product: ColumnElement[bool], source: Select[int], destination: Select[int]
) -> Select[int, int, str, int, str]:
    """A product and two locations, each with its path."""
    start, end = aliased(Location), aliased(Location)
    return (
        select(
            Product.id,
            start.id.label("source_id"),
            start.path.label("source_path"),
            end.id.label("destination_id"),
            end.path.label("destination_path"),
        )
        .outerjoin(start, start.id == source.scalar_subquery())
        .outerjoin(end, end.id == destination.scalar_subquery())
        .where(product)
    )


def _home() -> ScalarSelect[Any]:
    return (
        select(HomeLocation.location_id)
        .join(HomeLocation.location)
        .where(HomeLocation.product_id == Product.id, Location.is_active)
        .scalar_subquery()
    )
