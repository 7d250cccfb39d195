"""Finding products and locations by what people and programs say."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased

from app.catalog.models import Product
from app.stock.models import HomeLocation, Location

OF_PLACE = ("id", "code", "kind", "path")


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
) -> Select[int, int, str, str, int]:
    """A product, where it is adjusted, and the place outside at the other end.

    Without a location it is the product's home, as far as that is in use.
    """
    place = location.scalar_subquery() if location is not None else _home()
    against = select(Location.id).where(Location.kind == other_end).order_by(Location.id)
    spot = aliased(Location)
    return (
        select(
            Product.id,
            spot.id.label("location_id"),
            spot.code,
            spot.kind,
            against.limit(1).scalar_subquery().label("against_id"),
        )
        .select_from(Product)
        .outerjoin(spot, spot.id == place)
        .where(product)
    )


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


def _home() -> ScalarSelect[Any]:
    return (
        select(HomeLocation.location_id)
        .join(HomeLocation.location)
        .where(HomeLocation.product_id == Product.id, Location.is_active)
        .scalar_subquery()
    )
