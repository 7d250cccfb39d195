"""Accuracy: how far forecasts were from what was sold, drawn, as a table and as a file."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, request
from werkzeug import Response

from app.core.pages.asked import read
from app.core.pages.charts import Chart, Series
from app.core.pages.exports import asked_file
from app.core.pages.figures import FiguresPage, sent_figures
from app.core.permissions import requires
from app.core.web import render
from app.planning.filters import FILTERS, wanted_of
from app.planning.models import STAGES
from app.planning.services.accuracy import (
    IN_ORDER,
    ROWS,
    Accuracy,
    AccuracyRow,
    last_measured,
    measure,
)

bp = Blueprint("forecast_accuracy", __name__, url_prefix="/planning/accuracy")

PAGE = FiguresPage(FILTERS)
BARS = 12  # rows of a drawing; the table has more
MOST_ROWS = 200  # of a page; a file has all of them
HUNDRED = Decimal(100)


@bp.get("")
@requires("forecasts.view")
def index() -> Response:
    """Show how far forecasts were, by what somebody asks for; as a file, if it says so."""
    asked = read(FILTERS, request.args)
    accuracy = measure(wanted_of(asked))
    if form := asked_file(request.args.get("file", "")):
        return sent_figures(as_rows(accuracy), form, title="Accuracy", name="forecast-accuracy")
    return render(
        "planning/accuracy/index.html",
        fragment="results",
        accuracy=accuracy,
        rows=accuracy.rows[:MOST_ROWS],
        chart=error_chart(accuracy),
        row_title=ROWS[accuracy.wanted.rows],
        said=STAGES[accuracy.wanted.said],
        last_measured=last_measured(),
        asked=asked,
        list=PAGE,
        state=PAGE,
        page=PAGE,
        chips=PAGE.chips(asked, ".index"),
    )


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
