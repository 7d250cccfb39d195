"""How the stock of a product came to be what it is, day by day."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Select, case, cast, func, select
from sqlalchemy.orm import aliased

from app.stock.models import HOLDS_STOCK, Location, Movement


def changes_by_day(product_id: int, *, since: datetime, zone: str) -> Select[date, Decimal]:
    """What came less what went on each day since a moment, days being those of a zone.

    A day on which nothing came or went is missing. The index of a product's movements bounds
    what is read to those since then.
    """
    start, end = aliased(Location), aliased(Location)
    quantity = Movement.quantity * (_held(end) - _held(start))
    return (
        select(
            cast(func.timezone(zone, Movement.occurred_at), Date).label("day"),
            func.sum(quantity).label("change"),
        )
        .join(start, start.id == Movement.from_location_id)
        .join(end, end.id == Movement.to_location_id)
        .where(Movement.product_id == product_id, Movement.occurred_at >= since)
        .group_by("day")
    )


def _held(place: Any) -> Any:
    """1 where balances are kept, else 0: a move from bin to bin changes nothing."""
    return case((place.kind.in_(HOLDS_STOCK), 1), else_=0)
