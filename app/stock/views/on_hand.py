"""The chart of a product's stock over the last weeks."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.catalog.models import Product
from app.core.db import db
from app.core.pages.charts import Chart, Series
from app.core.web import zone
from app.stock import queries

DAYS = 90


def on_hand_chart(product: Product, *, on_hand: Decimal, now: datetime) -> Chart:
    """What was on hand at the end of each day, the last one being today.

    Reckoned backwards from what is on hand now, so that its cost does not grow with age.
    """
    here = zone()
    today = now.astimezone(here).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    since = datetime.combine(days[0], time(), here)
    query = queries.changes_by_day(product.id, since=since, zone=here.key)
    changes = dict(db.session.execute(query).all())
    is_unknown = not changes and not on_hand
    levels = () if is_unknown else (Series("On hand", _levels(days, changes, on_hand)),)
    return Chart("line", f"On hand, last {DAYS} days", "Day", tuple(days), levels, product.unit)


def _levels(
    days: list[date], changes: Mapping[date, Decimal], on_hand: Decimal
) -> tuple[Decimal, ...]:
    levels = []
    for day in reversed(days):
        levels.append(on_hand)
        on_hand -= changes.get(day, Decimal(0))
    return tuple(reversed(levels))
