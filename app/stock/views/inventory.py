"""How much there is, of all products and of one."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug import Response

from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import one_or_404, render, respond_saved, wants_fragment
from app.stock import queries, services
from app.stock.models import REASONS, Location
from app.stock.views.on_hand import on_hand_chart

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


@bp.get("/<int:product_id>")
@requires("stock.view")
def show(product_id: int) -> Response:
    """Show where a product lies, what is reserved of it, and how that came to be."""
    product = one_or_404(catalog.product(product_id))
    asked = queries.MovementFilter(product_ids=(product_id,))
    levels = queries.inventory(is_active=None).where(Product.id == product_id)
    level = db.session.execute(levels).one()
    return render(
        "stock/show.html",
        fragment="record",
        product=product,
        level=level,
        chart=on_hand_chart(product, on_hand=level.on_hand, now=datetime.now(UTC)),
        balances=db.session.scalars(queries.balances_of(product_id)).all(),
        reservations=db.session.scalars(queries.reservations(product_id)).all(),
        movements=db.session.execute(queries.movements(asked, limit=MOVEMENTS_SHOWN)).all(),
        home=db.session.scalars(queries.home(product_id)).one_or_none(),
        reason_labels=REASONS,
        counted_at=db.session.scalar(queries.last_counted(product_id)),
    )


@bp.post("/<int:product_id>/reservations/<int:reservation_id>/release")
@requires("stock.reserve")
def release(product_id: int, reservation_id: int) -> Response:
    """Take a reservation back."""
    one_or_404(queries.reservation(product_id, reservation_id))
    services.release(reservation_id)
    return respond_saved(url_for(".show", product_id=product_id), "Released.", event=CHANGED)


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
