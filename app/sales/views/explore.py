"""Explore: sales added up as somebody asks, drawn and as a table, with the lines behind it."""

from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug import Response

from app.core.db import db
from app.core.pages.asked import Asked, read
from app.core.pages.exports import asked_file
from app.core.pages.figures import FiguresPage, sent_figures
from app.core.pages.large_files import respond_begun
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import render
from app.sales import queries
from app.sales.charts import pivot_chart
from app.sales.exploring import (
    MEASURES,
    MOST_COLUMNS,
    MOST_ROWS,
    ROWS,
    Pivot,
    as_rows,
    explore,
    period_of,
)
from app.sales.files import is_large, write_pivot
from app.sales.filters import FILTERS, NARROWING, wanted_of
from app.sales.queries import NOTHING, TIMES, Wanted, source_of

bp = Blueprint("sales", __name__, url_prefix="/sales")

PAGE = FiguresPage(FILTERS)


@bp.get("")
@requires("sales.view")
def index() -> Response:
    """Show sales by what somebody asks for; as a file, if the address says so."""
    asked = read(FILTERS, request.args)
    wanted = wanted_of(asked)
    pivot = explore(wanted)
    if form := asked_file(request.args.get("file", "")):
        if is_large(pivot):
            return respond_begun(write_pivot.enqueue(form=form.value, args={**asked.texts}))
        return sent_figures(as_rows(pivot), form, title="Sales", name="sales")
    return render(
        "sales/explore.html",
        fragment="results",
        **_named(pivot, wanted),
        asked=asked,
        list=PAGE,
        state=PAGE,
        page=PAGE,
        chips=PAGE.chips(asked, ".index"),
        lines_of=lambda row: _lines_of(asked, wanted, row),
        has_sales=db.session.scalar(queries.has_sales()),
    )


def _named(pivot: Pivot, wanted: Wanted) -> dict[str, Any]:
    return {
        "pivot": pivot,
        "wanted": wanted,
        "chart": pivot_chart(pivot),
        "rows": pivot.rows[:MOST_ROWS],
        "columns": pivot.columns[-MOST_COLUMNS:],
        "row_title": ROWS[wanted.rows],
        "measure_title": MEASURES[wanted.measure],
        "currency": setting("currency") if wanted.measure == "value" else "",
    }


def _lines_of(asked: Asked, wanted: Wanted, row: Any) -> str:
    """Where the lines of a row are: the same filters, and what the row is about."""
    narrowing = {one.name for one in NARROWING}
    texts: dict[str, Any] = {k: text for k, text in asked.texts.items() if k in narrowing}
    since, until = wanted.since, wanted.until
    if wanted.rows in TIMES:
        first, last = period_of(wanted.rows, date.fromisoformat(row.key))
        since, until = max(since, first), min(until, last)
    elif wanted.rows == "source":
        texts["source"] = str(db.session.scalar(queries.source_named(row.key)) or "")
    elif wanted.rows in ("product", "customer"):
        texts[wanted.rows] = NOTHING if row.key == "?" else row.label
        if source := source_of(row.key):
            texts["source"] = str(source)
    else:
        texts[wanted.rows] = row.key or NOTHING
    texts |= {"from": since.isoformat(), "to": until.isoformat()}
    return url_for("sales_lines.index", **texts)
