"""Where what has come is put: what is good, and what is put aside."""

from collections.abc import Collection

from sqlalchemy import select

from app.core.db import db
from app.core.errors import Invalid
from app.core.settings import setting
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.models import QUARANTINE, HomeLocation, Location


def usual_places(warehouse: Location, product_ids: Collection[int]) -> dict[int, int]:
    """Give where products live in a warehouse, by product; who has no home there is missing."""
    homes = (
        select(HomeLocation.product_id, HomeLocation.location_id)
        .join(HomeLocation.location)
        .where(
            HomeLocation.product_id.in_(product_ids),
            Location.path.startswith(warehouse.path, autoescape=True),
            Location.is_active,
            ~Location.is_blocked,
        )
    )
    return dict(db.session.execute(homes).all())


def default_place(warehouse: Location) -> int:
    """Give the company's default location, where that is in a warehouse.

    Raises:
        Invalid: It is elsewhere: somebody has to say where.
    """
    place = db.session.get(Location, stock.default_location())
    if place is None or not place.path.startswith(warehouse.path):
        raise Invalid("location", f"Say where in {warehouse.code} it is put.")
    return place.id


def quarantine_place(warehouse: Location) -> int:
    """Give where a warehouse puts goods aside; it is made where there is none yet."""
    here = (
        select(Location.id)
        .where(
            Location.kind == QUARANTINE,
            Location.path.startswith(warehouse.path, autoescape=True),
            Location.is_active,
            ~Location.is_blocked,
        )
        .order_by(Location.code)
        .limit(1)
    )
    found = db.session.scalar(here)
    return found or _made(warehouse)


def _made(warehouse: Location) -> int:
    usual = str(setting("quarantine_location"))
    code = usual
    if db.session.scalar(stock_queries.locations_found(usual)) is not None:
        code = f"{warehouse.code}-{usual}"
    return stock.create_location(
        code=code,
        kind=QUARANTINE,
        parent_id=warehouse.id,
        name="Put aside",
        is_pickable=False,
    ).id
