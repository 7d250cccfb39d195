"""Pages of what else books hold."""

from typing import Any

from flask import Blueprint, url_for
from werkzeug import Response

from app.core.pages import Asked, Column, Day, Link, ListPage, Nothing, Search, Segments
from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.invoices import books
from app.invoices.books import BOOK_KINDS, SORTS, BookDocument

bp = Blueprint("book_documents", __name__, url_prefix="/book-documents")


def _documents(asked: Asked) -> Any:
    return books.book_documents(
        search=asked["search"], kind=asked["kind"], since=asked["from"], until=asked["to"]
    )


BOOK_DOCUMENTS = ListPage(
    name="book-documents",
    title="Receipts, credits, payments",
    subtitle="Sales receipts, credit memos, estimates and payments, as the books have them.",
    permission="invoices.view",
    query=_documents,
    key=BookDocument.id,
    sort="-date",
    href=lambda one: url_for("book_documents.show", document_id=one.id),
    filters=(
        Search(label="Number, customer or reference"),
        Day(name="from", label="From"),
        Day(name="to", label="To"),
        Segments(name="kind", label="Kind", options=BOOK_KINDS),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            value=str,
            sort=SORTS["number"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda one: one.status.capitalize(),
            place="status",
        ),
        Column(
            name="customer",
            title="Customer",
            value="customer_name",
            sort=SORTS["customer"],
            place="meta wrap",
        ),
        Column(name="reference", title="Reference", kind="code", place="wide desk"),
        Column(
            name="date",
            title="Date",
            kind="day",
            value="document_date",
            sort=SORTS["date"],
        ),
        Column(
            name="total",
            title="Total",
            kind="money",
            unit="currency",
            sort=SORTS["total"],
            place="figure",
        ),
        Column(name="balance", title="Left", kind="money"),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another filter.",
        action="Show all of them",
    ),
    nothing=Nothing(
        title="Nothing of this yet.",
        advice="It comes from the books, once these are connected.",
        link=Link(
            label="Connections", endpoint="connections.index", permission="integrations.view"
        ),
        icon="file",
    ),
)
BOOK_DOCUMENTS.add_to(bp)


@bp.get("/<int:document_id>")
@requires("invoices.view")
def show(document_id: int) -> Response:
    """Show one document with its lines, as the books have it."""
    document = one_or_404(books.book_document(document_id))
    return render("book_documents/show.html", fragment="record", document=document)
