"""Accuracy: how far forecasts were from what was sold, drawn, as a table and as a file."""

from flask import Blueprint, request
from werkzeug import Response

from app.core.pages.asked import read
from app.core.pages.exports import asked_file
from app.core.pages.figures import FiguresPage, sent_figures
from app.core.permissions import requires
from app.core.web import render
from app.planning.accuracy_figures import as_rows, error_chart
from app.planning.filters import FILTERS, wanted_of
from app.planning.models import STAGES
from app.planning.services.accuracy import (
    ROWS,
    last_measured,
    measure,
)

bp = Blueprint("forecast_accuracy", __name__, url_prefix="/planning/accuracy")

PAGE = FiguresPage(FILTERS)
MOST_ROWS = 200  # of a page; a file has all of them


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
