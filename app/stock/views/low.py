"""What runs low: on a page, as a file and on paper."""

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from flask import Response as Answer
from flask import request, url_for
from sqlalchemy import Select
from werkzeug import Response

from app.catalog import queries as catalog
from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.pdf import render_pdf
from app.core.permissions import requires
from app.core.quantities import plain
from app.core.settings import setting
from app.core.tables import paginate
from app.core.web import local_time, render, wants_fragment
from app.stock import queries
from app.stock.views.inventory import asked_filters, bp

Levels = Select[*tuple[Any, ...]]

MOST_PRINTED = 2_000
MOST_EXPORTED = 100_000
COLUMNS = (
    ("SKU", "sku"),
    ("Name", "name"),
    ("Supplier", "supplier"),
    ("Unit", "unit"),
    ("On hand", "on_hand"),
    ("Reserved", "reserved"),
    ("Available", "available"),
    ("Incoming", "incoming"),
    ("Reorder point", "reorder_point"),
    ("Suggested quantity", "suggested_quantity"),
)


@bp.get("/low")
@requires("stock.view")
def low() -> Response:
    """List what is to be bought; a search from htmx receives only the results."""
    sort = request.args.get("sort", "").removeprefix("-")
    filters, query = _asked(is_sorted_by_figure=sort in {"available", "suggested"})
    columns = query.selected_columns
    sorts = {
        "sku": Product.sku,
        "name": Product.name,
        "supplier": Vendor.name,
        "available": columns.available,
        "suggested": columns.suggested_quantity,
    }
    page = paginate(query, sorts=sorts, default="sku", filters=filters, rows=True)
    supplier = db.session.get(Vendor, int(filters["supplier"] or 0))
    given: dict[str, Any] = dict(page.filters)
    return render(
        "stock/low.html",
        fragment="results",
        page=page,
        filters=filters,
        chips=[(f"Supplier: {supplier}", page.without("supplier"))] if supplier else [],
        files=[
            ("Print as PDF", url_for(".low_pdf", **given)),
            ("Export as CSV", url_for(".low_csv", **given)),
        ],
        vendors=[] if wants_fragment() else _vendors(),
    )


@bp.get("/low.pdf")
@requires("stock.view")
def low_pdf() -> Response:
    """Print the low-stock list."""
    _filters, query = _asked()
    rows = db.session.execute(query.order_by(Vendor.name, Product.sku).limit(MOST_PRINTED + 1))
    levels = rows.all()
    now = local_time(datetime.now(UTC))
    content = render_pdf(
        "stock/low_print.html",
        levels=levels[:MOST_PRINTED],
        is_cut=len(levels) > MOST_PRINTED,
        company=setting("company_name"),
        now=now,
    )
    return _file(content, "application/pdf", f"low-stock-{now[:10]}.pdf", is_shown=True)


@bp.get("/low.csv")
@requires("stock.view")
def low_csv() -> Response:
    """Give the low-stock list as a file for a spreadsheet."""
    _filters, query = _asked()
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(title for title, _name in COLUMNS)
    for row in db.session.execute(query.order_by(Product.sku).limit(MOST_EXPORTED)):
        writer.writerow(_cell(getattr(row, name)) for _title, name in COLUMNS)
    content = text.getvalue().encode("utf-8-sig")  # Excel reads UTF-8 only with its mark
    return _file(content, "text/csv", "low-stock.csv")


def _cell(value: Any) -> str:
    """Write a cell; a text that a spreadsheet would run gets an apostrophe first."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return plain(value)
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _asked(
    *, is_sorted_by_figure: bool = False
) -> tuple[dict[str, str], Select[*tuple[Any, ...]]]:
    filters = asked_filters("search", "supplier")
    if not filters["supplier"].isdecimal():
        filters["supplier"] = ""
    supplier_id = int(filters["supplier"]) if filters["supplier"] else None
    query = queries.low_stock(
        q=filters["search"], supplier_id=supplier_id, is_sorted_by_figure=is_sorted_by_figure
    )
    return filters, query


def _vendors() -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in db.session.execute(catalog.vendor_choices())]


def _file(content: bytes, kind: str, name: str, *, is_shown: bool = False) -> Answer:
    how = "inline" if is_shown else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"'}
    return Answer(content, mimetype=kind, headers=headers)
