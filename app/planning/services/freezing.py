"""What a cycle keeps as it was: sales, the cycle before, what was said at a stage."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.planning import queries
from app.planning.models import Cycle
from app.planning.months import months_after, months_between
from app.sales.queries import GOODS

HISTORY = 48  # months

# Months without sales are zeros, so that each place of the array is a month.
_HISTORY = text(
    """
    WITH sold AS (
        SELECT s.id, CAST(date_trunc('month', l.sold_on) AS date) AS month,
               sum(l.quantity) AS quantity
          FROM planning_scope s
          JOIN sales_item i ON i.product_id = s.product_id
          JOIN sales_party p ON p.customer_id = s.customer_id
          JOIN sales_line l ON l.item_id = i.id AND l.party_id = p.id
         WHERE s.cycle_id = :cycle_id AND l.kind IN :kinds
           AND l.sold_on >= :first AND l.sold_on < :until
         GROUP BY s.id, month
    ), whole AS (
        SELECT s.id, array_agg(COALESCE(sold.quantity, 0) ORDER BY m.month) AS history
          FROM planning_scope s
          CROSS JOIN (
            SELECT CAST(generate_series(CAST(:first AS date), CAST(:last AS date),
                                        interval '1 month') AS date) AS month) m
          LEFT JOIN sold ON sold.id = s.id AND sold.month = m.month
         WHERE s.cycle_id = :cycle_id
         GROUP BY s.id
    )
    UPDATE planning_scope s SET history = whole.history FROM whole WHERE whole.id = s.id
    """
)
# What counts of a row, by month: what was written, else the baseline; as an array.
_WRITTEN = "COALESCE(c.quantity, b.quantities[m.place + 1])"
_ADJUSTED = f"""
    CASE WHEN d.difference IS NULL THEN {_WRITTEN}
         ELSE GREATEST(COALESCE({_WRITTEN}, 0) + d.difference, 0) END
"""
_DIFFERENCES = """
      LEFT JOIN (
          SELECT e.scope_id, e.month, sum(e.difference) AS difference
            FROM planning_adjustment_cell e
            JOIN planning_adjustment a ON a.id = e.adjustment_id
           WHERE a.cycle_id = :cycle_id AND a.scenario_id IS NULL AND a.undone_at IS NULL
           GROUP BY e.scope_id, e.month) d ON d.scope_id = s.id
           AND d.month = CAST(y.month + m.place * interval '1 month' AS date)
"""


def _totals(figure: str, joined: str = "") -> str:
    return f"""
    SELECT s.id, s.user_id, s.customer_id, s.product_id,
           array_agg({figure} ORDER BY m.place) AS quantities
      FROM planning_scope s
      JOIN planning_cycle y ON y.id = s.cycle_id
      CROSS JOIN LATERAL generate_series(0, y.months - 1) AS m(place)
      LEFT JOIN planning_baseline b ON b.scope_id = s.id
      LEFT JOIN forecast_cell c ON c.scope_id = s.id
           AND c.month = CAST(y.month + m.place * interval '1 month' AS date)
      {joined}
     WHERE s.cycle_id = :cycle_id
     GROUP BY s.id
    """  # noqa: S608  (our own words)


_BY_REPS = _totals(_WRITTEN)
_CONSENSUS = _totals(_ADJUSTED, _DIFFERENCES)  # with what planners have adjusted
# What was copied, and what is said by its own adjustments since.
_SCENARIO = """
    SELECT s.id, s.user_id, s.customer_id, s.product_id, r.quantities AS copied,
           array_agg(CASE WHEN d.difference IS NULL THEN r.quantities[m.place + 1]
                     ELSE GREATEST(COALESCE(r.quantities[m.place + 1], 0) + d.difference, 0)
                     END ORDER BY m.place) AS quantities
      FROM planning_scenario_row r
      JOIN planning_scope s ON s.id = r.scope_id
      JOIN planning_cycle y ON y.id = s.cycle_id
      CROSS JOIN LATERAL generate_series(0, y.months - 1) AS m(place)
      LEFT JOIN (
          SELECT e.scope_id, e.month, sum(e.difference) AS difference
            FROM planning_adjustment_cell e
            JOIN planning_adjustment a ON a.id = e.adjustment_id
           WHERE a.scenario_id = :scenario_id AND a.undone_at IS NULL
           GROUP BY e.scope_id, e.month) d ON d.scope_id = s.id
           AND d.month = CAST(y.month + m.place * interval '1 month' AS date)
     WHERE r.scenario_id = :scenario_id
     GROUP BY s.id, r.id
"""
_PREVIOUS = text(
    f"""
    UPDATE planning_scope s
       SET previous = CASE WHEN :skipped < 0 THEN
               array_fill(CAST(NULL AS numeric), ARRAY[CAST(-:skipped AS int)]) || t.quantities
               ELSE t.quantities[CAST(:skipped AS int) + 1 :] END
      FROM ({_CONSENSUS}) t
     WHERE s.cycle_id = :here AND s.customer_id = t.customer_id
       AND s.product_id = t.product_id
    """  # noqa: S608  (our own words)
)
_SNAPSHOTS = {
    stage: text(
        f"""
        INSERT INTO planning_snapshot (scope_id, stage, quantities)
        SELECT t.id, '{stage}', t.quantities FROM ({totals}) t
         WHERE CAST(:user_id AS bigint) IS NULL OR t.user_id = :user_id
        """  # noqa: S608
    )
    for stage, totals in (("submitted", _BY_REPS), ("consensus", _CONSENSUS))
}
_NAIVE = text(
    """
    INSERT INTO planning_snapshot (scope_id, stage, quantities)
    SELECT s.id, 'naive', s.history[CAST(:place AS int) : CAST(:place AS int) + :months - 1]
      FROM planning_scope s WHERE s.cycle_id = :cycle_id
    """
)
_BASELINE = text(
    """
    INSERT INTO planning_snapshot (scope_id, stage, quantities)
    SELECT b.scope_id, 'baseline', b.quantities
      FROM planning_baseline b JOIN planning_scope s ON s.id = b.scope_id
     WHERE s.cycle_id = :cycle_id
    """
)


def freeze(session: Session, cycle: Cycle) -> None:
    """Keep what was sold in whole months before, and what the cycle before said.

    The month that is not over is left out: it would look like a drop.
    """
    until = min(datetime.now(UTC).date().replace(day=1), cycle.month)
    cycle.history_first = months_after(until, -HISTORY)
    session.flush()
    session.execute(
        _HISTORY,
        {
            "cycle_id": cycle.id,
            "kinds": GOODS,
            "first": cycle.history_first,
            "until": until,
            "last": months_after(until, -1),
        },
    )
    before = session.scalars(queries.cycle_before(cycle.month)).first()
    if before is not None:
        skipped = months_between(before.month, cycle.month)
        given = {"cycle_id": before.id, "here": cycle.id, "skipped": skipped}
        session.execute(_PREVIOUS, given)
    naive = {"cycle_id": cycle.id, "months": cycle.months}
    session.execute(_NAIVE, naive | {"place": place_of(cycle, months_after(cycle.month, -12))})


def place_of(cycle: Cycle, month: date) -> int:
    """Give where a month stands in the histories of a cycle's rows, counted from 1."""
    assert cycle.history_first is not None  # noqa: S101  (it was opened)
    return months_between(cycle.history_first, month) + 1


def take_snapshot(
    session: Session, cycle: Cycle, stage: str, *, user_id: int | None = None
) -> None:
    """Keep what all rows say now, or those of one rep; a consensus is with adjustments."""
    session.execute(_SNAPSHOTS[stage], {"cycle_id": cycle.id, "user_id": user_id})


def snapshot_baselines(session: Session, cycle_id: int) -> None:
    """Keep what the methods say now."""
    session.execute(_BASELINE, {"cycle_id": cycle_id})


def totals_query() -> TextClause:
    """What counts of each row of `cycle_id`, by month, with what planners have adjusted."""
    return text(_CONSENSUS)


def scenario_query() -> TextClause:
    """What each row says by month in `scenario_id`, and what it said when it was `copied`."""
    return text(_SCENARIO)


def totals_of(session: Session, cycle_id: int) -> dict[int, list[Decimal | None]]:
    """Give what counts of each row, by month, with what planners have adjusted."""
    rows = session.execute(totals_query(), {"cycle_id": cycle_id})
    return {row.id: row.quantities for row in rows}
