"""The drawing of what was explored."""

from collections.abc import Sequence
from decimal import Decimal

from app.core.pages.charts import COLOURS, Chart, Series
from app.core.settings import setting
from app.sales.exploring import MEASURES, ROWS, Pivot, PivotRow
from app.sales.queries import TIMES

BARS = 20  # rows of a drawing; the table has all of them
OTHERS = "Others"
CENTS = 2
UNITS = {"quantity": "pcs", "lines": ""}


def pivot_chart(pivot: Pivot) -> Chart:
    """Draw rows of time as lines, others as bars; columns as lines of the largest rows."""
    wanted = pivot.wanted
    title = f"{MEASURES[wanted.measure]} by {ROWS[wanted.rows].lower()}"
    unit = UNITS.get(wanted.measure, str(setting("currency")))
    decimals = 2 if wanted.measure == "value" else 0
    if wanted.across and wanted.rows not in TIMES and pivot.columns:
        return Chart(
            "line",
            title,
            wanted.across.capitalize(),
            tuple(pivot.columns),
            tuple(_lines(pivot)),
            unit,
            decimals,
        )
    rows = pivot.rows if wanted.rows in TIMES else pivot.rows[:BARS]
    return Chart(
        "line" if wanted.rows in TIMES and len(rows) > 1 else "bar",
        title,
        ROWS[wanted.rows],
        tuple(row.label for row in rows),
        tuple(_totals(rows, compares=wanted.compares)) if rows else (),
        unit,
        decimals,
    )


def _totals(rows: Sequence[PivotRow], *, compares: bool) -> list[Series]:
    series = [
        Series(
            "This period", tuple(_cents(row.total) if row.is_known else None for row in rows)
        )
    ]
    if compares:
        series.append(Series("Year before", tuple(_cents(row.before) for row in rows)))
    return series


def _lines(pivot: Pivot) -> list[Series]:
    """The largest rows, and all others as one."""
    shown = pivot.rows if len(pivot.rows) <= COLOURS else pivot.rows[: COLOURS - 1]
    series = [Series(row.label, _cells(pivot, [row])) for row in shown]
    if rest := pivot.rows[len(shown) :]:
        series.append(Series(OTHERS, _cells(pivot, rest)))
    return series


def _cells(pivot: Pivot, rows: Sequence[PivotRow]) -> tuple[Decimal, ...]:
    zero = Decimal(0)
    sums = (sum((row.cells.get(name, zero) for row in rows), zero) for name in pivot.columns)
    return tuple(round(figure, CENTS) for figure in sums)


def _cents(figure: Decimal | None) -> Decimal | None:
    """Round for the eye: parts of cents come from rates, and quantities have three decimals."""
    return None if figure is None else round(figure, CENTS)
