"""The tree of locations."""

from flask import Blueprint
from werkzeug import Response

from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import render
from app.stock import queries
from app.stock.models import KINDS
from app.stock.views.inventory import asked_filters

bp = Blueprint("locations", __name__, url_prefix="/locations")

CHANGED = "location:changed"
HISTORY_SHOWN = 30
CHILDREN_SHOWN = 200


@bp.get("")
@requires("stock.view")
def index() -> Response:
    """List locations in the order of their tree."""
    filters = asked_filters("search", "kind", "state")
    kind = filters["kind"] if filters["kind"] in KINDS else ""
    state = {"": True, "inactive": False}.get(filters["state"])
    query = queries.locations(q=filters["search"], kind=kind, is_active=state)
    sorts = {"path": queries.TREE}
    page = paginate(query, sorts=sorts, default="path", filters=filters, rows=True)
    labels = {"kind": KINDS.get(kind, ""), "state": filters["state"].capitalize()}
    return render(
        "stock/locations/index.html",
        fragment="results",
        page=page,
        filters=filters,
        chips=[(label, page.without(name)) for name, label in labels.items() if label],
        kinds=KINDS,
        is_searched=bool(filters["search"]),
    )
