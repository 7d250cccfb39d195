"""A scenario beside the cycle it is of: by level and month, in quantity and value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from app.core.db import db
from app.planning.models import Scenario
from app.planning.services.freezing import scenario_query, totals_query
from app.planning.services.pricing import prices

LEVELS = {
    "month": "Month",
    "rep": "Rep",
    "customer": "Customer",
    "product": "Product",
    "country": "Country",
    "category": "Category",
}
MEASURES = {"quantity": "Quantity", "value": "Value"}
ZERO = Decimal(0)

_KEYS = {
    "month": ("''", "''"),
    "rep": ("CAST(s.user_id AS text)", "u.name"),
    "customer": ("k.code", "k.name"),
    "product": ("p.sku", "p.name"),
    "country": ("k.country", "k.country"),
    "category": ("p.category", "p.category"),
}
# Of what has no price the value is not known: it is counted, never taken for nothing.
_COMPARED = """
    SELECT {key} AS key, {label} AS label,
           CAST(y.month + (m.place - 1) * interval '1 month' AS date) AS month,
           COALESCE(sum(m.base), 0) AS base, COALESCE(sum(m.said), 0) AS said,
           COALESCE(sum(m.base * r.price), 0) AS base_value,
           COALESCE(sum(m.said * r.price), 0) AS said_value,
           count(*) FILTER (WHERE r.price IS NULL
                            AND COALESCE(m.base, m.said) <> 0) AS unpriced
      FROM ({scenario}) t
      JOIN ({consensus}) c ON c.id = t.id
      JOIN planning_scope s ON s.id = t.id
      JOIN planning_cycle y ON y.id = s.cycle_id
      JOIN customer k ON k.id = s.customer_id
      JOIN product p ON p.id = s.product_id
      JOIN user_account u ON u.id = s.user_id
      LEFT JOIN ({prices}) r ON r.product_id = s.product_id
      CROSS JOIN LATERAL unnest(c.quantities, t.quantities)
           WITH ORDINALITY AS m(base, said, place)
     GROUP BY 1, 2, 3 ORDER BY 3, 2, 1
"""


@dataclass(slots=True)
class Figures:
    """What the cycle (`base`) and the scenario (`said`) come to, by measure."""

    base: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(MEASURES, ZERO))
    said: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(MEASURES, ZERO))

    def add(self, row: Any) -> None:
        """Count a row of the query in."""
        self.base["quantity"] += row.base
        self.said["quantity"] += row.said
        self.base["value"] += row.base_value
        self.said["value"] += row.said_value

    def difference(self, measure: str) -> Decimal:
        """How much more the scenario says; below zero: less."""
        return self.said[measure] - self.base[measure]

    def part(self, measure: str) -> Decimal | None:
        """The difference as a part of the cycle's; None where that is zero."""
        base = self.base[measure]
        return self.difference(measure) / base if base else None


@dataclass(slots=True)
class Compared:
    """One row of a level: in all, and month by month."""

    key: str
    label: str
    total: Figures = field(default_factory=Figures)
    months: dict[date, Figures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scenario beside its cycle; `unpriced` are cells without a value in our currency."""

    scenario: Scenario
    level: str
    currency: str
    months: Sequence[date]
    rows: Sequence[Compared]  # of months in their order, else those that differ most first
    by_month: Mapping[date, Figures]
    total: Figures
    unpriced: int


def compare(
    scenario: Scenario, *, level: str = "month", measure: str = "quantity"
) -> Comparison:
    """Compare what a scenario says with what its cycle says now.

    Values are quantities by list price (see `pricing`). `measure` orders the rows.
    """
    priced = prices(scenario.cycle)
    given = {"scenario_id": scenario.id, **priced.given}
    found = db.session.execute(_query(level, priced.query), given).all()
    rows: dict[str, Compared] = {}
    by_month: dict[date, Figures] = {month: Figures() for month in scenario.cycle.horizon}
    total = Figures()
    for one in found:
        key = one.month.isoformat() if level == "month" else one.key
        label = f"{one.month:%B %Y}" if level == "month" else one.label
        row = rows.setdefault(key, Compared(key, label or "—"))
        for figures in (
            *(total, by_month[one.month], row.total),
            row.months.setdefault(one.month, Figures()),
        ):
            figures.add(one)
    ordered = [*rows.values()]
    if level != "month":
        ordered.sort(key=lambda row: (-abs(row.total.difference(measure)), row.label, row.key))
    unpriced = sum(one.unpriced for one in found)
    months = scenario.cycle.horizon
    return Comparison(
        *(scenario, level, priced.currency, months, ordered, by_month, total, unpriced)
    )


def _query(level: str, priced: str) -> Any:
    key, label = _KEYS[level]
    parts = {
        "scenario": scenario_query().text,
        "consensus": totals_query().text,
        "prices": priced,
    }
    return text(_COMPARED.format(key=key, label=label, **parts))
