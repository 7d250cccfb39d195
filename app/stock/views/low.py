"""What runs low, on paper and with all of its columns as a file."""

from datetime import UTC, datetime
from itertools import chain
from typing import Any

from flask import Response as Answer
from flask import request
from sqlalchemy import Select

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.pdf import render_pdf
from app.core.permissions import requires
from app.core.settings import setting
from app.core.sheets import csv_lines
from app.core.web import local_time
from app.stock.views.inventory import bp
from app.stock.views.lists import LOW

Levels = Select[*tuple[Any, ...]]

MOST_PRINTED = 2_000
MOST_EXPORTED = 100_000
COLUMNS = {
    "SKU": "sku",
    "Name": "name",
    "Supplier": "supplier",
    "Unit": "unit",
    "On hand": "on_hand",
    "Reserved": "reserved",
    "Available": "available",
    "Incoming": "incoming",
    "Reorder point": "reorder_point",
    "Suggested quantity": "suggested_quantity",
}


@bp.get("/low.pdf")
@requires("stock.view")
def low_pdf() -> Answer:
    """Print the low-stock list."""
    rows = db.session.execute(
        _levels().order_by(Vendor.name, Product.sku).limit(MOST_PRINTED + 1)
    )
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
def low_csv() -> Answer:
    """Give the low-stock list as a file for a spreadsheet."""
    found = db.session.execute(_levels().order_by(Product.sku).limit(MOST_EXPORTED + 1)).all()
    cells = [[getattr(row, name) for name in COLUMNS.values()] for row in found]
    if len(found) > MOST_EXPORTED:
        cells[MOST_EXPORTED:] = [
            [f"There are more rows: these are the first {MOST_EXPORTED:,}."]
        ]
    lines = csv_lines(chain([[*COLUMNS]], cells))
    return _file("".join(lines).encode(), "text/csv", "low-stock.csv")


def _levels() -> Levels:
    """What the filters of the list let through; they stand in the address as on its page."""
    query = LOW.query(LOW.read_args(request.args))
    assert isinstance(query, Select)  # noqa: S101  (this list always asks the database)
    return query


def _file(content: bytes, kind: str, name: str, *, is_shown: bool = False) -> Answer:
    how = "inline" if is_shown else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"'}
    return Answer(content, mimetype=kind, headers=headers)
