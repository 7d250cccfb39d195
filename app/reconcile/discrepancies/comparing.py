"""Our stock against a marketplace's, as both were at the moment of its snapshot: set-based.

Of ours that is what lies in the location that stands for it, less what came and went there
since. What theirs counts is what lies in its warehouses: to sell, reserved, unsellable.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.db import locked, transaction
from app.integrations.hub.models import Connection
from app.integrations.sync.queries import read_at
from app.reconcile.discrepancies.models import StockComparison
from app.stock.models import HOLDS_STOCK, Location

COMPARED = """
WITH place AS MATERIALIZED (
    SELECT id FROM location WHERE kind = ANY(CAST(:kinds AS text[]))
    AND (path = :path OR starts_with(path, :path))
), theirs AS (
    SELECT product_id, sum(fulfillable + reserved + unsellable) AS quantity
    FROM marketplace_stock
    WHERE connection_id = :connection_id AND product_id IS NOT NULL GROUP BY product_id
), held AS (
    SELECT balance.product_id, sum(balance.on_hand) AS quantity
    FROM stock_balance balance JOIN place ON place.id = balance.location_id
    GROUP BY balance.product_id
), moved AS (
    SELECT movement.product_id, sum(CASE WHEN came.id IS NULL THEN 0 ELSE movement.quantity END
        - CASE WHEN went.id IS NULL THEN 0 ELSE movement.quantity END) AS quantity
    FROM stock_movement movement
    LEFT JOIN place came ON came.id = movement.to_location_id
    LEFT JOIN place went ON went.id = movement.from_location_id
    WHERE movement.occurred_at > :snapshot_at AND (came.id IS NOT NULL OR went.id IS NOT NULL)
    GROUP BY movement.product_id
), compared AS (
    SELECT theirs.product_id, theirs.quantity::numeric AS theirs,
        coalesce(held.quantity, 0) - coalesce(moved.quantity, 0) AS ours
    FROM theirs
    LEFT JOIN held ON held.product_id = theirs.product_id
    LEFT JOIN moved ON moved.product_id = theirs.product_id
)
"""
OPEN = text(f"""{COMPARED}
INSERT INTO discrepancy AS known (
    connection_id, product_id, ours, theirs, quantity, value, currency,
    snapshot_at, first_seen_at, seen_at
)
SELECT :connection_id, one.product_id, one.ours, one.theirs, one.theirs - one.ours,
    round(abs(one.theirs - one.ours) * product.price, 4), product.currency,
    :snapshot_at, now(), now()
FROM compared one JOIN product ON product.id = one.product_id
WHERE abs(one.theirs - one.ours) > :tolerance
ON CONFLICT (connection_id, product_id) WHERE closed_at IS NULL DO UPDATE SET
    ours = excluded.ours, theirs = excluded.theirs, quantity = excluded.quantity,
    value = excluded.value, currency = excluded.currency,
    snapshot_at = excluded.snapshot_at, seen_at = excluded.seen_at,
    state = CASE WHEN known.quantity = excluded.quantity THEN known.state ELSE 'open' END
""")  # noqa: S608  (no word of it comes from outside, here and below)
CLOSE = text(f"""{COMPARED}
UPDATE discrepancy known SET state = 'reconciled', closed_at = now(), seen_at = now(),
    snapshot_at = :snapshot_at, ours = one.ours, theirs = one.theirs,
    quantity = one.theirs - one.ours
FROM compared one
WHERE known.connection_id = :connection_id AND known.product_id = one.product_id
AND known.closed_at IS NULL AND abs(one.theirs - one.ours) <= :tolerance
""")  # noqa: S608
COUNT = text(f"""{COMPARED}
SELECT count(*) AS compared,
    count(*) FILTER (WHERE abs(theirs - ours) > :tolerance) AS differing,
    (SELECT count(*) FROM marketplace_stock WHERE connection_id = :connection_id
        AND product_id IS NULL) AS unknown,
    (SELECT count(*) FROM held WHERE held.quantity > 0 AND NOT EXISTS (
        SELECT 1 FROM theirs WHERE theirs.product_id = held.product_id)) AS untold,
    coalesce(sum(theirs), 0) AS theirs, coalesce(sum(ours), 0) AS ours
FROM compared
""")  # noqa: S608
NOTHING_TOLD = "Its stock has not been read yet."
EMPTY = "It says that nothing lies there, which is held for no answer."


class Comparison(NamedTuple):
    """What a comparison came to: numbers of products, and of SKUs without one."""

    compared: int = 0
    differing: int = 0
    unknown: int = 0
    untold: int = 0
    problem: str = ""


def compare(comparison_id: int) -> Comparison:
    """Compare with the last snapshot: open what differs, close what agrees.

    A snapshot that says nothing opens and closes nothing.
    """
    with transaction() as session:
        wanted = select(StockComparison).where(StockComparison.id == comparison_id)
        comparison = session.scalars(locked(wanted, StockComparison)).one()
        found = _compared(session, comparison)
        comparison.compared, comparison.differing = found.compared, found.differing
        comparison.unknown, comparison.untold = found.unknown, found.untold
        comparison.problem = found.problem
        return found


def _compared(session: Session, comparison: StockComparison) -> Comparison:
    told = session.execute(read_at("stock", [comparison.connection_id])).first()
    snapshot_at = told[1] if told else None
    if snapshot_at is None:
        return Comparison(problem=NOTHING_TOLD)
    given = _given(session, comparison, snapshot_at)
    counted: Any = session.execute(COUNT, given).one()
    if not counted.theirs and counted.ours:
        return Comparison(problem=EMPTY)
    session.execute(CLOSE, given)
    session.execute(OPEN, given)
    comparison.snapshot_at, comparison.compared_at = snapshot_at, datetime.now(UTC)
    return Comparison(counted.compared, counted.differing, counted.unknown, counted.untold)


def _given(
    session: Session, comparison: StockComparison, snapshot_at: datetime
) -> dict[str, Any]:
    path = session.scalar(select(Location.path).where(Location.id == comparison.location_id))
    return {
        "connection_id": comparison.connection_id,
        "path": path,
        "kinds": [*HOLDS_STOCK],
        "snapshot_at": snapshot_at,
        "tolerance": comparison.tolerance,
    }


def due_comparisons() -> list[int]:
    """Give the comparisons of the accounts that are connected."""
    with transaction() as session:
        query = (
            select(StockComparison.id)
            .join(Connection, Connection.id == StockComparison.connection_id)
            .where(Connection.state == "connected")
            .order_by(StockComparison.id)
        )
        return [*session.scalars(query)]
