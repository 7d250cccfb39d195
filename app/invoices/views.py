"""Pages of invoices and of what else books hold."""

from flask import Blueprint
from werkzeug import Response

from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.invoices import queries
from app.invoices.lists import BOOK_DOCUMENTS, INVOICES

invoices = Blueprint("invoices", __name__, url_prefix="/invoices")
book_documents = Blueprint("book_documents", __name__, url_prefix="/book-documents")

INVOICES.add_to(invoices)
BOOK_DOCUMENTS.add_to(book_documents)


@invoices.get("/<int:invoice_id>", endpoint="show")
@requires("invoices.view")
def show_invoice(invoice_id: int) -> Response:
    """Show one invoice with its lines, as the books have them."""
    invoice = one_or_404(queries.invoice(invoice_id))
    return render(
        "invoices/show.html",
        fragment="record",
        invoice=invoice,
        state=invoice.state_on(queries.today()),
    )


@book_documents.get("/<int:document_id>", endpoint="show")
@requires("invoices.view")
def show_book_document(document_id: int) -> Response:
    """Show one document with its lines, as the books have it."""
    document = one_or_404(queries.book_document(document_id))
    return render("book_documents/show.html", fragment="record", document=document)
