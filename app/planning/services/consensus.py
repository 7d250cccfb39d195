"""What cycles say of the months they forecast, for whoever plans by it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from app.core.db import db
from app.planning.models import Cycle
from app.planning.services.freezing import totals_query

_CONSENSUS = text(
    """
    SELECT s.customer_id, s.product_id, kept.quantities
      FROM planning_scope s
      JOIN LATERAL (
        SELECT quantities FROM planning_snapshot
         WHERE scope_id = s.id AND stage = 'consensus' ORDER BY id DESC LIMIT 1) kept ON true
     WHERE s.cycle_id = :cycle_id
    """
)


def consensus_of(cycle: Cycle) -> Sequence[Row[Any]]:
    """Give what a cycle forecasts: `customer_id`, `product_id`, and `quantities` by month.

    A cycle that is closed says what it said then, an open one what it says now. A month that
    nobody has a figure for is None, which is not zero.
    """
    query = _CONSENSUS if cycle.status == "closed" else totals_query()
    return db.session.execute(query, {"cycle_id": cycle.id}).all()
