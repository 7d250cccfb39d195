"""Orders that wait for goods, for whoever receives them: see `app.stock.waiting`."""

from collections.abc import Collection

from app.core.db import db
from app.orders import queries
from app.stock.waiting import WaitingDemand


def waiting_demands(product_ids: Collection[int]) -> list[WaitingDemand]:
    """Give what is on backorder of products, who has waited longest first."""
    rows = db.session.execute(queries.backordered(product_ids))
    return [
        WaitingDemand(row.product_id, row.missing, row.number, f"/orders/{row.id}")
        for row in rows
    ]
