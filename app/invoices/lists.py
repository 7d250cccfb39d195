"""The lists of invoices and of what else books hold."""

from typing import Any

from flask import url_for

from app.core.pages import (
    Asked,
    Column,
    Day,
    Link,
    ListPage,
    Nothing,
    Search,
    Segments,
)
from app.invoices import queries
from app.invoices.models import BOOK_KINDS, BookDocument, Invoice
from app.invoices.queries import BOOK_SORTS, SORTS, STATES, today


def _invoices(asked: Asked) -> Any:
    return queries.invoices(
        search=asked["search"],
        state=asked["state"],
        since=asked["from"],
        until=asked["to"],
        today=today(),
    )


INVOICES = ListPage(
    name="invoices",
    title="Invoices",
    subtitle="As the books have them.",
    permission="invoices.view",
    query=_invoices,
    key=Invoice.id,
    sort="-date",
    href=lambda invoice: url_for("invoices.show", invoice_id=invoice.id),
    filters=(
        Search(label="Number, customer or order number"),
        Day(name="from", label="From"),
        Day(name="to", label="To"),
        Segments(name="state", label="State", options=STATES),
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
            kind="cell",
            cell="invoices/_cells.html:state",
            value=lambda invoice: invoice.state_on(today()),
            place="status",
        ),
        Column(
            name="customer",
            title="Customer",
            value="customer_name",
            sort=SORTS["customer"],
            place="meta wrap",
        ),
        Column(name="customer_po", title="Order number", kind="code", place="wide desk"),
        Column(name="date", title="Date", kind="day", value="invoice_date", sort=SORTS["date"]),
        Column(
            name="due",
            title="Due",
            kind="day",
            value="due_date",
            sort=SORTS["due"],
            place="wide desk",
        ),
        Column(
            name="total",
            title="Total",
            kind="money",
            unit="currency",
            sort=SORTS["total"],
            place="figure",
        ),
        Column(name="balance", title="Balance", kind="money"),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another filter.",
        action="Show all invoices",
    ),
    nothing=Nothing(
        title="No invoices yet.",
        advice="They come from the books, once these are connected.",
        link=Link(
            label="Connections", endpoint="connections.index", permission="integrations.view"
        ),
        icon="file",
    ),
)


def _book_documents(asked: Asked) -> Any:
    return queries.book_documents(
        search=asked["search"], kind=asked["kind"], since=asked["from"], until=asked["to"]
    )


BOOK_DOCUMENTS = ListPage(
    name="book-documents",
    title="Receipts and credits",
    subtitle="Sales receipts, credit memos, estimates and payments, as the books have them.",
    permission="invoices.view",
    query=_book_documents,
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
            sort=BOOK_SORTS["number"],
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
            sort=BOOK_SORTS["customer"],
            place="meta wrap",
        ),
        Column(name="reference", title="Reference", kind="code", place="wide desk"),
        Column(
            name="date",
            title="Date",
            kind="day",
            value="document_date",
            sort=BOOK_SORTS["date"],
        ),
        Column(
            name="total",
            title="Total",
            kind="money",
            unit="currency",
            sort=BOOK_SORTS["total"],
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
