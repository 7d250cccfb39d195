"""What the catalogue asks of stock, through its socket: see `app.catalog.figures`."""

from collections.abc import Mapping, Sequence

from app.catalog.figures import Figures
from app.core.db import db
from app.stock import queries


def figures(product_ids: Sequence[int]) -> Mapping[int, Figures]:
    """Give the totals of some products; one that was never here is missing."""
    rows = db.session.execute(queries.totals(product_ids))
    return {
        product_id: Figures(on_hand, reserved, available)
        for product_id, on_hand, reserved, available in rows
    }
