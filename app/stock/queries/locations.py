"""The tree of locations, and what lives where."""

from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core.codes import normal_code, tidy_code
from app.core.search import has_part
from app.stock.models import HOLDS_STOCK, VIRTUAL, Balance, HomeLocation, Location

# What is ours in tree order, then what is outside of our walls.
TREE = func.row(Location.kind.in_(VIRTUAL), Location.path)


def locations(*, q: str = "", kind: str = "", is_active: bool | None = None) -> Select[Any]:
    """Locations with the number of products and of units that lie there, in tree order."""
    contents = (
        select(func.count(Balance.product_id.distinct()))
        .where(Balance.location_id == Location.id, Balance.on_hand > 0)
        .correlate(Location)
        .scalar_subquery()
    )
    query = select(Location, contents.label("products")).order_by(Location.path)
    if q:
        query = query.where(
            has_part(q, codes=(Location.code,), names=(Location.name,))
            | (Location.id == func.location_with_code(q))
        )
    if kind:
        query = query.where(Location.kind == kind)
    return query if is_active is None else query.where(Location.is_active == is_active)


def location(location_id: int) -> Select[Location]:
    """One location with the one above it."""
    return (
        select(Location).options(joinedload(Location.parent)).where(Location.id == location_id)
    )


def children(location_id: int) -> Select[Location]:
    """What lies directly in a location, as far as it is in use."""
    return (
        select(Location)
        .where(Location.parent_id == location_id, Location.is_active)
        .order_by(Location.pick_sequence, Location.code)
    )


def below(location_id: int) -> Select[int]:
    """Ids of a location and of all in it."""
    top = aliased(Location)
    return (
        select(Location.id)
        .join(top, func.starts_with(Location.path, top.path))
        .where(top.id == location_id)
    )


def parents() -> Select[Location]:
    """Warehouses and zones in use: what others may lie in."""
    return (
        select(Location)
        .where(Location.kind.in_(("warehouse", "zone")), Location.is_active)
        .order_by(Location.path)
    )


def parents_offered(term: str, *, inside: int | None, limit: int) -> Select[Location]:
    """Warehouses and zones by code or name, without what lies in a given location."""
    code = func.lower(Location.code)
    found = parents().where(has_part(term, codes=(Location.code,), names=(Location.name,)))
    if inside is not None:
        found = found.where(Location.id.not_in(below(inside)))
    order = ((code == normal_code(term)).desc(), Location.path)
    return found.order_by(None).order_by(*order).limit(limit)


def bins(*, limit: int) -> Select[Location]:
    """Places that hold goods and may be chosen, by code."""
    return (
        select(Location)
        .where(Location.kind.in_(HOLDS_STOCK), Location.is_active, ~Location.is_blocked)
        .order_by(Location.code)
        .limit(limit)
    )


def bins_offered(term: str, *, limit: int) -> Select[Location]:
    """Places to choose from by code, name or barcode: the same code first, then beginnings."""
    same = func.coalesce(Location.id == func.location_with_code(term), false())
    begins = Location.code.istartswith(tidy_code(term), autoescape=True)
    found = bins(limit=limit).order_by(None)
    part = has_part(term, codes=(Location.code,), names=(Location.name,))
    return found.where(or_(same, part)).order_by(same.desc(), begins.desc(), Location.code)


def home(product_id: int) -> Select[HomeLocation]:
    """Where a product lives, with the location."""
    return (
        select(HomeLocation)
        .options(joinedload(HomeLocation.location, innerjoin=True))
        .where(HomeLocation.product_id == product_id)
    )
