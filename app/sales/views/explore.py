"""Explore: sales added up as somebody asks, drawn and as a table, with the lines behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file, url_for
from werkzeug import Response

from app.core.db import db
from app.core.pages.asked import Asked, read
from app.core.pages.exports import asked_file
from app.core.pages.filters import Filter
from app.core.permissions import requires
from app.core.settings import setting
from app.core.sheets import Format, write_table
from app.core.web import render
from app.sales import queries
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
from app.sales.filters import FILTERS, NARROWING, wanted_of
from app.sales.queries import NOTHING, TIMES, Wanted, source_of
from app.sales.views.charts import pivot_chart

bp = Blueprint("sales", __name__, url_prefix="/sales")


@dataclass(frozen=True, slots=True)
class Page:
    """What the form of filters needs to know of the page it stands on."""

    filters: tuple[Filter, ...] = FILTERS
    sort: str = ""
    view: str = ""

    @property
    def state(self) -> Mapping[str, str]:
        """No order of its own: rows stand as they come."""
        return {}


@bp.get("")
@requires("sales.view")
def index() -> Response:
    """Show sales by what somebody asks for; as a file, if the address says so."""
    asked = read(FILTERS, request.args)
    wanted = wanted_of(asked)
    pivot = explore(wanted)
    if form := asked_file(request.args.get("file", "")):
        return _sent(pivot, form)
    page = Page()
    return render(
        "sales/explore.html",
        fragment="results",
        **_named(pivot, wanted),
        asked=asked,
        list=page,
        state=page,
        page=page,
        chips=_chips(asked),
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


def _chips(asked: Asked) -> list[tuple[str, str]]:
    """The filters that are on, and the addresses without each."""
    said = [
        (one.says(asked.texts[one.name], asked[one.name]), one.name)
        for one in NARROWING
        if one.name in asked.texts
    ]
    return [(label, _without(asked, name)) for label, name in said if label]


def _without(asked: Asked, name: str) -> str:
    texts: dict[str, Any] = {k: text for k, text in asked.texts.items() if k != name}
    return url_for(".index", **texts)


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


def _sent(pivot: Pivot, form: Format) -> Response:
    file = BytesIO()
    write_table(as_rows(pivot), form, "Sales", file)
    return send_file(
        file, form.content_type, as_attachment=True, download_name=f"sales.{form.value}"
    )
