"""Goods that a picker did not find where the books say they lie."""

from datetime import datetime

from app.core.db import transaction
from app.core.events import publish
from app.stock.events import StockFreed, StockMoved
from app.stock.ledger import statements
from app.stock.services.snapshots import Place


def doubt(product_id: int, location_id: int) -> None:
    """Promise nothing more of a product in a bin until somebody has counted it there.

    What is reserved of it already stays reserved, and whoever holds the goods in hand may move
    them. A count ends the doubt, whatever it finds, and so does the last piece that leaves.
    """
    with transaction() as session:
        session.flush()
        statements.run(statements.DOUBT, {"product": product_id, "location": location_id})
        publish(StockMoved(product_ids=[product_id], location_ids=[location_id]))


def end_doubt(product_id: int, location_id: int) -> None:
    """Believe again in what lies in a bin: whoever did not find it has found it after all."""
    with transaction() as session:
        session.flush()
        statements.run(statements.BELIEVE, {"product": product_id, "location": location_id})
        publish(StockFreed(product_ids=[product_id]))
        publish(StockMoved(product_ids=[product_id], location_ids=[location_id]))


def forget_count(place: Place, *, before: datetime | None) -> None:
    """Say of goods in a bin that they were last counted `before`: a later count is undone."""
    product_id, location_id, lot_id = place
    named = {"product": product_id, "location": location_id, "lot": lot_id or 0}
    with transaction():
        statements.run(statements.FORGET_COUNT, named | {"before": before})
