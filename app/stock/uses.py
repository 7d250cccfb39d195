"""What of stock needs products and locations."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core.db import db
from app.core.quantities import grouped
from app.core.settings import setting
from app.core.slices import slices
from app.stock.models import HomeLocation, Location, Reservation

LOCATION_SETTINGS = ("default_location",)  # that name a location by its code


def uses_of_product(product_id: int) -> Sequence[str]:
    """What is reserved of a product, and for how many documents' lines."""
    reserved = select(func.sum(Reservation.quantity), func.count()).where(
        Reservation.product_id == product_id, Reservation.state == "active"
    )
    quantity, number = db.session.execute(reserved).one()
    return [f"{grouped(quantity)} reserved"] if number else []


def uses_of_location(location_id: int) -> Sequence[str]:
    """Settings that name a location, and products that live there."""
    location = db.session.get_one(Location, location_id)
    labels = {one.key: one.label for one in slices().settings}
    named = [f"it is the {labels[key].lower()}" for key in settings_naming(location.code)]
    homes = select(func.count()).where(HomeLocation.location_id == location_id)
    number = db.session.scalar(homes) or 0
    lives = [f"home of {number:,} product{'s' if number != 1 else ''}"] if number else []
    return [*named, *lives]


def settings_naming(code: str) -> list[str]:
    """Keys of the settings whose value is a location's code."""
    return [key for key in LOCATION_SETTINGS if str(setting(key)).lower() == code.lower()]
