"""Pages of products."""

from typing import Any

from flask import Blueprint
from werkzeug import Response

from app.catalog import queries
from app.catalog.figures import figures_of
from app.catalog.models import Vendor
from app.catalog.views.lists import (
    STATE_LABELS,
    STATES,
    asked_filters,
    chips,
    exports,
    import_link,
)
from app.core.cache import cached
from app.core.db import db
from app.core.permissions import requires
from app.core.tables import Page, paginate
from app.core.web import render, wants_fragment

bp = Blueprint("products", __name__, url_prefix="/products")

HISTORY_SHOWN = 30
CHANGED = "product:changed"


@bp.get("")
@requires("products.view")
def index() -> Response:
    """List products; a search from htmx receives only the results."""
    filters = asked_filters("search", "category", "supplier")
    supplier_id = int(filters["supplier"]) if filters["supplier"].isdecimal() else None
    found = queries.products(
        search=filters["search"],
        category=filters["category"].replace("\0", ""),
        supplier_id=supplier_id,
        is_active=STATES[filters["state"]],
    )
    sorts = queries.PRODUCT_SORTS
    page = paginate(
        queries.in_list(found), sorts=sorts, default="sku", filters=filters, rows=True
    )
    return render(
        "catalog/products/index.html",
        fragment="results",
        page=page,
        filters=filters,
        figures=figures_of([row.id for row in page.items]),
        chips=_chips(page, filters, supplier_id),
        import_link=import_link("products"),
        exports=exports("products", page),
        **_choices(),
    )


def _choices() -> dict[str, Any]:
    """Give what the filters offer; a search in place shows no filters."""
    return {} if wants_fragment() else cached("product choices", _offers)


def _offers() -> dict[str, list[Any]]:
    vendors = db.session.execute(queries.vendor_choices()).all()
    categories = db.session.scalars(queries.categories()).all()
    return {
        "categories": [(category, category) for category in categories],
        "vendors": [(row.id, row.name) for row in vendors],
    }


def _chips(
    page: Page[Any], filters: dict[str, str], supplier_id: int | None
) -> list[tuple[str, str]]:
    supplier = db.session.get(Vendor, supplier_id) if supplier_id else None
    labels = {
        "category": filters["category"],
        "supplier": f"Supplier: {supplier}" if supplier else "",
        "state": STATE_LABELS.get(filters["state"], ""),
    }
    return chips(page, labels)
