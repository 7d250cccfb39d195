"""Pages of invoices."""

from datetime import UTC, date, datetime

from flask import Blueprint, request
from werkzeug import Response

from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import one_or_404, render
from app.invoices import queries

STATES = ("open", "overdue", "paid")

bp = Blueprint("invoices", __name__, url_prefix="/invoices")


@bp.get("")
@requires("invoices.view")
def index() -> Response:
    """List invoices; a search from htmx receives only the results."""
    state = request.args.get("state", "")
    filters = {
        "search": request.args.get("search", "").strip().replace("\0", ""),
        "state": state if state in STATES else "",
        "from": request.args.get("from", ""),
        "to": request.args.get("to", ""),
    }
    query = queries.invoices(
        search=filters["search"],
        state=filters["state"],
        since=_day(filters["from"]),
        until=_day(filters["to"]),
        today=_today(),
    )
    page = paginate(query, sorts=queries.SORTS, default="-date", filters=filters)
    return render(
        "invoices/index.html", fragment="results", page=page, filters=filters, today=_today()
    )


@bp.get("/<int:invoice_id>")
@requires("invoices.view")
def show(invoice_id: int) -> Response:
    """Show one invoice with its lines, as the books have them."""
    invoice = one_or_404(queries.invoice(invoice_id))
    return render(
        "invoices/show.html",
        fragment="record",
        invoice=invoice,
        state=invoice.state_on(_today()),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _today() -> date:
    return datetime.now(UTC).date()
