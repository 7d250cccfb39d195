"""Pages of invoices."""

from flask import Blueprint
from werkzeug import Response

from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.invoices import queries
from app.invoices.lists import INVOICES

bp = Blueprint("invoices", __name__, url_prefix="/invoices")


INVOICES.add_to(bp)


@bp.get("/<int:invoice_id>")
@requires("invoices.view")
def show(invoice_id: int) -> Response:
    """Show one invoice with its lines, as the books have them."""
    invoice = one_or_404(queries.invoice(invoice_id))
    return render(
        "invoices/show.html",
        fragment="record",
        invoice=invoice,
        state=invoice.state_on(queries.today()),
    )
