"""Accuracy as a drawing, and as a table for files."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.core.pages.charts import Chart, Series
from app.planning.models import STAGES
from app.planning.services.accuracy import IN_ORDER, ROWS, Accuracy, AccuracyRow

BARS = 12  # rows of a drawing; the table has more
HUNDRED = Decimal(100)


def error_chart(accuracy: Accuracy) -> Chart:
    """Draw the errors of each row beside those of the methods: time as lines, else as bars."""
    wanted = accuracy.wanted
    is_in_order = wanted.rows in IN_ORDER
    rows = accuracy.rows if is_in_order else accuracy.rows[:BARS]
    told: dict[str, Callable[[AccuracyRow], Decimal | None]] = {
        STAGES[wanted.said]: lambda row: row.wape,
        STAGES["baseline"]: lambda row: row.baseline_wape,
        STAGES["naive"]: lambda row: row.naive_wape,
    }
    return Chart(
        "line" if is_in_order and len(rows) > 1 else "bar",
        f"Error by {ROWS[wanted.rows].lower()}",
        ROWS[wanted.rows],
        tuple(row.label for row in rows),
        tuple(
            Series(name, tuple(_percent(figure(row)) for row in rows))
            for name, figure in told.items()
        )
        if rows
        else (),
        "%",
        1,
    )


def _percent(part: Decimal | None) -> Decimal | None:
    return None if part is None else round(part * HUNDRED, 1)


def as_rows(accuracy: Accuracy) -> list[list[Any]]:
    """Give all rows as a table for a file; errors are parts of 1."""
    head = [
        *(ROWS[accuracy.wanted.rows], "Name", "Forecasts", "Left out", "Sold"),
        *("WAPE", "WAPE of the baseline", "WAPE of the year before", "Bias"),
        *("MASE", "MASE of the baseline", "MASE of the year before"),
        *("Value added to the baseline", "Value added to the year before"),
    ]
    rows = [*accuracy.rows, *([accuracy.total] if accuracy.total else [])]
    return [
        head,
        *(
            [
                *(row.label, row.detail, row.cells, row.left_out, row.sold),
                *(row.wape, row.baseline_wape, row.naive_wape, row.bias),
                *(row.mase, row.baseline_mase, row.naive_mase),
                *(row.added_to_baseline, row.added_to_naive),
            ]
            for row in rows
        ),
    ]
