"""How far forecasts were from what was sold: by snapshots alone, beside those of methods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, select, text

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.codes import normal_code
from app.core.days import today
from app.core.db import db
from app.planning.models import LONGEST_HORIZON, STAGES
from app.planning.months import months_after
from app.sales.queries import GOODS, last_sale

ROWS = {
    "month": "Month",
    "lag": "Months ahead",
    "cycle": "Cycle",
    "rep": "Rep",
    "customer": "Customer",
    "product": "Product",
}
IN_ORDER = ("month", "lag", "cycle")  # rows that follow each other
SAID = {name: STAGES[name] for name in ("consensus", "submitted")}  # by people
LEVELS = {"row": "Each customer and product", "product": "Each product"}

# A lag of 1 is the first month of its cycle. Of each stage the newest snapshot counts.
_KEYS = {
    "month": "c.month",
    "lag": "c.lag",
    "cycle": "c.cycle",
    "rep": "c.user_id",
    "customer": "c.customer_id",
    "product": "c.product_id",
}
_LEVELS = {"row": ("customer_id", "product_id"), "product": ("product_id",)}
YEAR = 12  # months: what a scale compares each month with


def _newest(stage: str) -> str:
    return f"""
      LEFT JOIN LATERAL (
        SELECT quantities FROM planning_snapshot
         WHERE scope_id = s.id AND stage = {stage} ORDER BY id DESC LIMIT 1) AS
    """  # noqa: S608  (our own words)


_FORECASTS = f"""
    SELECT s.customer_id, s.product_id, s.user_id, y.month AS cycle, y.months, s.history,
           naive.quantities AS naive, baseline.quantities AS baseline, said.quantities AS said
      FROM planning_cycle y
      JOIN planning_scope s ON s.cycle_id = y.id
      JOIN customer k ON k.id = s.customer_id
      JOIN product p ON p.id = s.product_id
      {_newest("'naive'")} naive ON true
      {_newest("'baseline'")} baseline ON true
      {_newest(":said")} said ON true
     WHERE y.status <> 'draft'
       AND (:cycle_id IS NULL OR y.id = :cycle_id)
       AND (:rep_id IS NULL OR s.user_id = :rep_id)
       AND (:customer = '' OR lower(k.code) = lower(:customer))
       AND (:product = '' OR normal_code(p.sku) = :product)
       AND y.month BETWEEN CAST(:since AS date) - :farthest * interval '1 month' AND :until
"""  # noqa: S608
_CELLS = """
    SELECT f.customer_id, f.product_id, f.user_id, f.cycle, l.lag,
           CAST(f.cycle + (l.lag - 1) * interval '1 month' AS date) AS month,
           f.naive[l.lag] AS naive, f.baseline[l.lag] AS baseline, f.said[l.lag] AS said
      FROM forecasts f
     CROSS JOIN LATERAL generate_series(:nearest, LEAST(:farthest, f.months)) AS l(lag)
     WHERE f.cycle + (l.lag - 1) * interval '1 month' BETWEEN :since AND :until
"""
_SOLD = """
    SELECT w.customer_id, w.product_id, CAST(date_trunc('month', l.sold_on) AS date) AS month,
           sum(l.quantity) AS quantity
      FROM (SELECT DISTINCT customer_id, product_id FROM cells) w
      JOIN sales_item i ON i.product_id = w.product_id
      JOIN sales_party p ON p.customer_id = w.customer_id
      JOIN sales_line l ON l.item_id = i.id AND l.party_id = p.id
     WHERE l.kind IN :kinds AND l.sold_on >= :since AND l.sold_on < :after
     GROUP BY w.customer_id, w.product_id, 3
"""


def _scales(rows: str, level: str) -> str:
    """Write the query of scales: by how much each month of a history missed the year before.

    That is the scale of Hyndman and Koehler (2006), of what the cycle knew when it was opened
    and from its first sale on. Errors of a rep's or a customer's part of a product have the
    scale of that part.
    """
    names = _LEVELS[level]
    of = ", ".join(f"f.{name}" for name in names)
    part = f", f.{_KEYS[rows].removeprefix('c.')}" if _is_part(rows, level) else ""
    sets = f", GROUPING SETS (({part[2:]}), ())" if part else ""
    key, is_all = (part[2:], f"GROUPING({part[2:]}) = 1") if part else ("NULL", "true")
    group = ", ".join([*names, "cycle", "is_all", "key"])
    return f"""
    WITH months AS (
        SELECT f.cycle, {of}, {key} AS key, {is_all} AS is_all, h.place, sum(h.sold) AS sold
          FROM forecasts f
          JOIN (SELECT DISTINCT cycle, customer_id, product_id FROM told WHERE is_whole) t
               ON t.cycle = f.cycle AND t.customer_id = f.customer_id
               AND t.product_id = f.product_id
          CROSS JOIN LATERAL unnest(f.history) WITH ORDINALITY AS h(sold, place)
         GROUP BY f.cycle, {of}, h.place{sets}
    ), begun AS (
        SELECT *, bool_or(sold <> 0) OVER (PARTITION BY {group} ORDER BY place) AS has_begun
          FROM months
    ), differing AS (
        SELECT *, abs(sold - lag(sold, {YEAR}) OVER (PARTITION BY {group} ORDER BY place))
               AS missed
          FROM begun WHERE has_begun
    )
    SELECT {group}, avg(missed) AS scale FROM differing GROUP BY {group}
    """  # noqa: S608  (our own words)


def _is_part(rows: str, level: str) -> bool:
    """Tell whether a row of the table has a part only of what errors are added up of."""
    return level == "product" and rows in ("rep", "customer")


def _figures(rows: str, level: str) -> str:
    """Write the query: errors of each month at a level, added up by row and over all."""
    of = ", ".join(f"c.{name}" for name in _LEVELS[level])
    same = " AND ".join(f"z.{name} = m.{name}" for name in ("cycle", *_LEVELS[level]))
    if _is_part(rows, level):
        same += " AND z.is_all = m.is_all AND z.key IS NOT DISTINCT FROM m.key"
    mases = ", ".join(
        f"avg(abs(m.{name} - m.sold) / NULLIF(z.scale, 0)) AS {name}_mase"
        for name in ("naive", "baseline", "said")
    )
    return f"""
    WITH forecasts AS MATERIALIZED ({_FORECASTS}), cells AS ({_CELLS}), sold AS ({_SOLD}),
    told AS (
        SELECT c.*, {_KEYS[rows]} AS key, COALESCE(sold.quantity, 0) AS sold,
               c.naive + c.baseline + c.said IS NOT NULL AS is_whole
          FROM cells c
          LEFT JOIN sold ON sold.customer_id = c.customer_id
               AND sold.product_id = c.product_id AND sold.month = c.month
    ), measured AS (
        SELECT c.key, GROUPING(c.key) = 1 AS is_all, c.cycle, {of},
               count(*) FILTER (WHERE c.is_whole) AS cells,
               count(*) FILTER (WHERE NOT c.is_whole) AS left_out,
               sum(c.sold) FILTER (WHERE c.is_whole) AS sold,
               sum(c.naive) FILTER (WHERE c.is_whole) AS naive,
               sum(c.baseline) FILTER (WHERE c.is_whole) AS baseline,
               sum(c.said) FILTER (WHERE c.is_whole) AS said
          FROM told c
         GROUP BY c.cycle, c.month, c.lag, {of}, GROUPING SETS ((c.key), ())
    ), scales AS ({_scales(rows, level)})
    SELECT CAST(m.key AS text) AS key, m.is_all,
           sum(m.cells) AS cells, sum(m.left_out) AS left_out,
           COALESCE(sum(m.sold), 0) AS sold,
           COALESCE(sum(abs(m.naive - m.sold)), 0) AS naive,
           COALESCE(sum(abs(m.baseline - m.sold)), 0) AS baseline,
           COALESCE(sum(abs(m.said - m.sold)), 0) AS said,
           COALESCE(sum(m.said - m.sold), 0) AS over,
           {mases}
      FROM measured m LEFT JOIN scales z ON {same}
     GROUP BY m.key, m.is_all
    """  # noqa: S608  (our own words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks of accuracy: filters, rows, and what is measured.

    `since` and `until` are first days of months, both counted. `lag` is how many months ahead:
    1 is the first month of a cycle; it does not count where rows are lags. `said` is the stage
    that is measured, `level` what errors are added up of; `customer` and `product` are codes.
    """

    since: date
    until: date
    rows: str = "month"
    lag: int = 1
    said: str = "consensus"
    level: str = "row"
    cycle_id: int | None = None
    rep_id: int | None = None
    customer: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyRow:
    """How far the forecasts of a row were: sums of quantities, and what follows from them.

    `naive`, `baseline` and `said` are sums of errors without their signs, `over` is one with
    them; `cells` are the forecasts that are measured. The MASEs are means of errors by how far
    each history was from the year before: below 1 is better than that was. They are None where
    no history is longer than a year.
    """

    key: str
    label: str
    detail: str
    cells: int
    left_out: int
    sold: Decimal
    naive: Decimal
    baseline: Decimal
    said: Decimal
    over: Decimal
    mase: Decimal | None
    baseline_mase: Decimal | None
    naive_mase: Decimal | None

    def part_of_sold(self, quantity: Decimal) -> Decimal | None:
        """Give a quantity as a part of what was sold; None where nothing was."""
        return round(quantity / self.sold, 4) if self.sold > 0 else None

    @property
    def wape(self) -> Decimal | None:
        """The sum of errors by the sum of sales, of 1."""
        return self.part_of_sold(self.said)

    @property
    def naive_wape(self) -> Decimal | None:
        """The same of forecasts that say what was sold a year before."""
        return self.part_of_sold(self.naive)

    @property
    def baseline_wape(self) -> Decimal | None:
        """The same of the baselines."""
        return self.part_of_sold(self.baseline)

    @property
    def bias(self) -> Decimal | None:
        """How much too much was forecast, of 1; too little is below zero."""
        return self.part_of_sold(self.over)

    @property
    def added_to_naive(self) -> Decimal | None:
        """What the forecast was better by than the year before; worse is below zero."""
        return self.part_of_sold(self.naive - self.said)

    @property
    def added_to_baseline(self) -> Decimal | None:
        """What the forecast was better by than the baseline; worse is below zero."""
        return self.part_of_sold(self.baseline - self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """The rows, and all of them together; None where nothing is measured."""

    wanted: Wanted
    rows: Sequence[AccuracyRow]
    total: AccuracyRow | None


def last_measured() -> date:
    """Give the last month that can be measured: it is over, and there are sales of it or later.

    Without any sales it is the month before this one.
    """
    over = months_after(today(), -1)
    sold = db.session.scalar(last_sale())
    return min(over, sold.replace(day=1)) if sold else over


def measure(wanted: Wanted) -> Accuracy:
    """Compare what was forecast with what was sold; months that cannot be measured are left.

    Only forecasts count of which the naive, the baseline and what is measured are all known;
    how many are not is `left_out`.
    """
    query = text(_figures(wanted.rows, wanted.level))
    query = query.bindparams(bindparam("kinds", expanding=True))
    found = db.session.execute(query, _asked(wanted)).all()
    names = _names(wanted.rows, [one.key for one in found if not one.is_all])
    rows = [_row(one, *names(one.key)) for one in found if not one.is_all]
    total = next((_row(one, "All", "") for one in found if one.is_all), None)
    return Accuracy(wanted=wanted, rows=_ordered(rows, wanted.rows), total=total)


def _asked(wanted: Wanted) -> dict[str, Any]:
    until = min(wanted.until, last_measured())
    has_all_lags = wanted.rows == "lag"
    return {
        "kinds": GOODS,
        "said": wanted.said,
        "nearest": 1 if has_all_lags else wanted.lag,
        "farthest": LONGEST_HORIZON if has_all_lags else wanted.lag,
        "cycle_id": wanted.cycle_id,
        "rep_id": wanted.rep_id,
        "customer": wanted.customer,
        "product": normal_code(wanted.product),
        "since": wanted.since,
        "until": until,
        "after": months_after(until, 1),
    }


def _row(found: Any, label: str, detail: str) -> AccuracyRow:
    figures = {name: getattr(found, name) for name in ("naive", "baseline", "said", "over")}
    return AccuracyRow(
        key=found.key or "",
        label=label,
        detail=detail,
        cells=int(found.cells),
        left_out=int(found.left_out),
        sold=found.sold,
        mase=_rounded(found.said_mase),
        baseline_mase=_rounded(found.baseline_mase),
        naive_mase=_rounded(found.naive_mase),
        **figures,
    )


def _rounded(mase: Decimal | None) -> Decimal | None:
    return None if mase is None else round(mase, 4)


def _ordered(rows: list[AccuracyRow], kind: str) -> list[AccuracyRow]:
    """Put time in its order, and else first what was furthest off."""
    if kind == "lag":
        return sorted(rows, key=lambda row: int(row.key))
    if kind in IN_ORDER:
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.said, row.label, row.key))


def _names(kind: str, keys: Sequence[str]) -> Callable[[str], tuple[str, str]]:
    """Give what says of a key what people call it, and what else helps to know it."""
    if kind == "lag":
        return lambda key: (f"{key} month ahead" if key == "1" else f"{key} months ahead", "")
    if kind in IN_ORDER:
        return lambda key: (f"{date.fromisoformat(key):%b %Y}", "")
    named: dict[str, Select[int, str, str]] = {
        "rep": select(User.id, User.name, User.username),
        "customer": select(Customer.id, Customer.code, Customer.name),
        "product": select(Product.id, Product.sku, Product.name),
    }
    query = named[kind]
    column = query.selected_columns[0]
    known: Mapping[str, tuple[str, str]] = {
        str(number): (label, detail)
        for number, label, detail in db.session.execute(query.where(column.in_(map(int, keys))))
    }
    return lambda key: known[key]
