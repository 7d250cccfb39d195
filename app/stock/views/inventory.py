"""How much there is, of all products and of one."""

from typing import Any

from flask import Blueprint, request
from werkzeug import Response

from app.catalog.models import Product
from app.core.db import db
from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import render, wants_fragment
from app.stock import queries
from app.stock.models import Location

bp = Blueprint("stock", __name__, url_prefix="/stock")

CHANGED = "stock:changed"
MOVEMENTS_SHOWN = 25
LABELS = {"low": "Low", "out": "Out"}


@bp.get("")
@requires("stock.view")
def index() -> Response:
    """List what there is of each product; a search from htmx receives only the results."""
    filters = asked_filters("search", "location", "status")
    if filters["status"] not in queries.STATUSES:
        filters["status"] = ""
    place = _place(filters["location"])
    sort = request.args.get("sort", "").removeprefix("-")
    query = queries.inventory(
        q=filters["search"],
        path=place.path if place else "",
        status=filters["status"],
        is_sorted_by_figure=sort in {"on_hand", "available"},
    )
    columns = query.selected_columns
    sorts = {
        "sku": Product.sku,
        "name": Product.name,
        "on_hand": columns.on_hand,
        "available": columns.available,
        "reorder_point": Product.reorder_point,
    }
    page = paginate(query, sorts=sorts, default="sku", filters=filters, rows=True)
    labels = {
        "location": f"Location: {place.code}" if place else "",
        "status": LABELS.get(filters["status"], ""),
    }
    return render(
        "stock/index.html",
        fragment="results",
        page=page,
        filters=filters,
        chips=[(label, page.without(name)) for name, label in labels.items() if label],
        is_live=place is None,
        warehouses=[] if wants_fragment() else warehouses(),
    )


def asked_filters(*names: str) -> dict[str, str]:
    """Give the filters that the address asks for."""
    return {name: request.args.get(name, "").replace("\0", "").strip() for name in names}


def warehouses() -> list[tuple[str, str]]:
    """Give warehouses and zones to choose from, as codes and labels."""
    return [(place.code, place.label) for place in db.session.scalars(queries.parents())]


def _place(code: str) -> Any:
    """The location of a filter; one that does not exist filters nothing."""
    found = db.session.scalar(queries.locations_found(code)) if code else None
    return db.session.get(Location, found) if found else None
