"""Pages of invoices and of what else books hold."""

from flask import Blueprint, url_for

from app.core.pages import RecordPage, Resource
from app.invoices import queries
from app.invoices.lists import BOOK_DOCUMENTS, INVOICES

invoices = Blueprint("invoices", __name__, url_prefix="/invoices")
book_documents = Blueprint("book_documents", __name__, url_prefix="/book-documents")

INVOICE = Resource(
    name="invoice",
    area="invoices",
    query=queries.invoice,
    rule="/<int:invoice_id>",
    keys={"invoice_id": "id"},
)
BOOK_DOCUMENT = Resource(
    name="document",
    area="book_documents",
    query=queries.book_document,
    rule="/<int:document_id>",
    keys={"document_id": "id"},
)

invoice_page = RecordPage(
    resource=INVOICE,
    permission="invoices.view",
    heading="Invoice {0.shown_number}",
    subtitle="{0.customer_name}",
    crumbs=lambda _invoice: [("Invoices", url_for("invoices.index"))],
    body="invoices/_invoice.html",
    context=lambda invoice: {"state": invoice.state_on(queries.today())},
    has_history=False,
)
book_document_page = RecordPage(
    resource=BOOK_DOCUMENT,
    permission="invoices.view",
    heading="{0}",
    subtitle="{0.customer_name}",
    crumbs=lambda _document: [("Receipts and credits", url_for("book_documents.index"))],
    body="book_documents/_document.html",
    has_history=False,
)

INVOICES.add_to(invoices)
invoice_page.add_to(invoices)
BOOK_DOCUMENTS.add_to(book_documents)
book_document_page.add_to(book_documents)
