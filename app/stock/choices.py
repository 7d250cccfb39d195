"""What comboboxes offer of locations."""

from app.core.db import db
from app.core.pages.choices import MOST, Choice
from app.core.quantities import grouped
from app.stock import queries


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
