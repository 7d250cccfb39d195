"""A comparison of a scenario as a drawing, and as a table for files."""

from decimal import Decimal
from typing import Any

from app.core.pages.charts import Chart, Series
from app.planning.services.comparing import LEVELS, MEASURES, Comparison, Figures


def comparison_chart(comparison: Comparison, measure: str) -> Chart:
    """Draw what both say month by month."""
    months = comparison.by_month
    figures = [*months.values()]
    return Chart(
        "line" if len(figures) > 1 else "bar",
        f"{MEASURES[measure]} by month",
        "Month",
        tuple(f"{month:%b %Y}" for month in months),
        (
            Series("Cycle", tuple(_rounded(one.base[measure], measure) for one in figures)),
            Series(
                comparison.scenario.name,
                tuple(_rounded(one.said[measure], measure) for one in figures),
            ),
        ),
        comparison.currency if measure == "value" else "",
        2 if measure == "value" else 0,
    )


def _rounded(value: Decimal, measure: str) -> Decimal:
    return round(value, 2) if measure == "value" else value


def as_rows(comparison: Comparison) -> list[list[Any]]:
    """Give all rows as a table for a file: what both say, and the differences by month."""
    months = [] if comparison.level == "month" else [*comparison.months]
    said = [
        f"{MEASURES[measure]}, {what}"
        for measure in MEASURES
        for what in ("cycle", "scenario", "difference")
    ]
    by_month = [f"{MEASURES[one]} {month:%Y-%m}" for one in MEASURES for month in months]
    head = [LEVELS[comparison.level], "Name", *said, *by_month]
    rows = [
        [
            *(row.key, row.label, *_told(row.total)),
            *(
                row.months[month].difference(measure) if month in row.months else None
                for measure in MEASURES
                for month in months
            ),
        ]
        for row in comparison.rows
    ]
    total = [
        comparison.by_month[month].difference(measure)
        for measure in MEASURES
        for month in months
    ]
    return [head, *rows, ["All", "", *_told(comparison.total), *total]]


def _told(figures: Figures) -> list[Decimal]:
    return [
        value
        for measure in MEASURES
        for value in (
            *(figures.base[measure], figures.said[measure]),
            figures.difference(measure),
        )
    ]
