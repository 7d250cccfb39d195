"""What comboboxes offer of locations."""

from collections.abc import Sequence
from typing import Any

from app.core.db import db
from app.core.forms import Named, RecordField
from app.core.pages.choices import MOST, Choice
from app.core.quantities import grouped
from app.stock import queries
from app.stock.models import Location
from app.stock.services.lookup import find_location


def location_choices(term: str, product_id: int | None) -> list[Choice]:
    """Find places that hold goods; where the product lies comes first, with what is there."""
    lies = _holding(product_id, term) if product_id else []
    there = {choice.value for choice in lies}
    found = db.session.scalars(queries.bins_offered(term, limit=MOST)).all()
    others = [Choice(place.code, place.name or place.code) for place in found]
    return [*lies, *(choice for choice in others if choice.value not in there)][:MOST]


def any_location_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find places that hold goods, whatever lies there."""
    return location_choices(term, None)


def parent_choices(term: str, location_id: int | None) -> list[Choice]:
    """Find warehouses and zones in use, but not what lies in the location itself."""
    found = db.session.scalars(queries.parents_offered(term, inside=location_id, limit=MOST))
    return [Choice(place.code, place.label) for place in found]


def parent_field(label: str, validators: Sequence[Any] = ()) -> RecordField:
    """Make a field for what a location lies in."""
    return RecordField(label, validators, find=find_location, named=_named)


def _named(location_id: int) -> Named | None:
    place = db.session.get(Location, location_id)
    return Named(place.code, place.label) if place else None


def _holding(product_id: int, term: str) -> list[Choice]:
    balances = db.session.scalars(queries.balances_of(product_id)).all()
    return [
        Choice(
            balance.location.code,
            balance.location.name or balance.location.code,
            f"{grouped(balance.available)} available",
        )
        for balance in balances
        if term.lower() in f"{balance.location.code} {balance.location.name}".lower()
    ]
