"""What the grid shows, as JSON that PostgreSQL writes: rows come by the thousand."""

from sqlalchemy import TextClause, text

from app.planning.models import Cycle
from app.planning.services.pricing import Prices

# A row is [id, customer, product, rep, last year, the year before, cycle before, baseline,
# [method, reason, error, how far either way], cells]; a cell is [place of its month, version,
# quantity, reason, comment, who]. Lists by month begin with the first that is forecast. Doubles
# say three decimals of such numbers exactly, and are written in half the time.
_GRID = text(
    """
    SELECT CAST(COALESCE(json_agg(json_build_array(
               s.id, s.customer_id, s.product_id, s.user_id,
               CAST(s.history[CAST(:last AS int) : CAST(:last AS int) + :months - 1]
                    AS float8[]),
               CAST(s.history[CAST(:before AS int) : CAST(:before AS int) + :months - 1]
                    AS float8[]),
               CAST(s.previous AS float8[]), CAST(b.quantities AS float8[]),
               CASE WHEN b.id IS NOT NULL THEN
                   json_build_array(b.method, b.reason, b.wape,
                                    CAST(b.high[1] - b.quantities[1] AS float8)) END,
               cells.all)
           ORDER BY lower(k.name), k.id, lower(p.name), p.id), '[]') AS text)
      FROM planning_scope s
      JOIN customer k ON k.id = s.customer_id
      JOIN product p ON p.id = s.product_id
      LEFT JOIN planning_baseline b ON b.scope_id = s.id
      LEFT JOIN (
          SELECT c.scope_id, json_agg(json_build_array(
                     (EXTRACT(YEAR FROM c.month) - :year) * 12
                         + EXTRACT(MONTH FROM c.month) - :month,
                     c.version, CAST(c.quantity AS float8), c.reason, c.comment,
                     u.name)) AS all
            FROM forecast_cell c
            JOIN planning_scope o ON o.id = c.scope_id AND o.cycle_id = :cycle_id
            LEFT JOIN user_account u ON u.id = c.changed_by_id
           GROUP BY c.scope_id) cells ON cells.scope_id = s.id
     WHERE s.cycle_id = :cycle_id
       AND (CAST(:user_id AS bigint) IS NULL OR s.user_id = :user_id)
    """
)
# Of products also what one unit is sold for and costs.
_NAMES = """
    WITH named AS (SELECT DISTINCT customer_id, product_id, user_id FROM planning_scope
                    WHERE cycle_id = :cycle_id
                      AND (CAST(:user_id AS bigint) IS NULL OR user_id = :user_id))
    SELECT CAST(json_build_object(
        'customers', (SELECT COALESCE(json_object_agg(id, json_build_array(code, name)), '{{}}')
                        FROM customer WHERE id IN (SELECT customer_id FROM named)),
        'products', (SELECT COALESCE(json_object_agg(id, json_build_array(
                                sku, name, unit, CAST(r.price AS float8),
                                CASE WHEN :sees_costs THEN CAST(r.cost AS float8) END)), '{{}}')
                       FROM product LEFT JOIN ({prices}) r ON r.product_id = id
                      WHERE id IN (SELECT product_id FROM named)),
        'reps', (SELECT COALESCE(json_object_agg(id, name), '{{}}') FROM user_account
                  WHERE id IN (SELECT user_id FROM named))) AS text)
"""


# What planners have adjusted of the rows, as the grid tells it: `made` says who and why by the
# number of an adjustment, `cells` are [row, adjustment, places of months, differences].
_ADJUSTED = text(
    """
    WITH counted AS (
        SELECT a.id, a.reason, COALESCE(u.name, 'system') AS who
          FROM planning_adjustment a
          LEFT JOIN user_account u ON u.id = a.actor_id
         WHERE a.cycle_id = :cycle_id AND a.scenario_id IS NULL AND a.undone_at IS NULL
    ), changed AS (
        SELECT e.scope_id, e.adjustment_id,
               json_agg((EXTRACT(YEAR FROM e.month) - :year) * 12
                        + EXTRACT(MONTH FROM e.month) - :month ORDER BY e.month) AS places,
               json_agg(CAST(e.difference AS float8) ORDER BY e.month) AS differences
          FROM planning_adjustment_cell e
          JOIN counted a ON a.id = e.adjustment_id
          JOIN planning_scope s ON s.id = e.scope_id
         WHERE CAST(:user_id AS bigint) IS NULL OR s.user_id = :user_id
         GROUP BY e.scope_id, e.adjustment_id
    )
    SELECT CAST(json_build_object(
        'made', (SELECT COALESCE(json_object_agg(id, json_build_array(who, reason)), '{}')
                   FROM counted WHERE id IN (SELECT adjustment_id FROM changed)),
        'cells', (SELECT COALESCE(json_agg(json_build_array(
                             scope_id, adjustment_id, places, differences)
                             ORDER BY adjustment_id), '[]') FROM changed)) AS text)
    """
)


def grid_rows(cycle: Cycle, *, last: int, before: int, rep_id: int | None) -> TextClause:
    """All rows with all their figures, as one JSON text; two thousand take a moment."""
    return _GRID.bindparams(
        cycle_id=cycle.id,
        user_id=rep_id,
        last=last,
        before=before,
        months=cycle.months,
        year=cycle.month.year,
        month=cycle.month.month,
    )


def grid_adjusted(cycle: Cycle, *, rep_id: int | None) -> TextClause:
    """What planners have adjusted of the rows, with who and why, as one JSON text."""
    return _ADJUSTED.bindparams(
        cycle_id=cycle.id, user_id=rep_id, year=cycle.month.year, month=cycle.month.month
    )


def grid_names(priced: Prices, *, rep_id: int | None, sees_costs: bool) -> TextClause:
    """What customers, products and reps of the rows are called, as one JSON text.

    Of products also their prices; what they cost only for who sees that.
    """
    named = text(_NAMES.format(prices=priced.query))
    return named.bindparams(user_id=rep_id, sees_costs=sees_costs, **priced.given)
