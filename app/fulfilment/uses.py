"""What of picking and packing needs totes."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.db import db
from app.fulfilment import queries
from app.fulfilment.models import PickTaskOrder
from app.orders.models import SalesOrder


def uses_of_location(location_id: int) -> Sequence[str]:
    """Orders that a tote is on its way for, also while nothing lies in it yet."""
    used = (
        select(SalesOrder.number)
        .join(PickTaskOrder, PickTaskOrder.order_id == SalesOrder.id)
        .where(PickTaskOrder.id.in_(queries.in_use(location_id)))
    )
    return [f"tote of {number}" for number in db.session.scalars(used)]
