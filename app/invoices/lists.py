"""The lists of invoices and of what else books hold."""

from collections.abc import Mapping
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

DAYS = (Day(name="from", label="From"), Day(name="to", label="To"))

Sorts = Mapping[str, Any]


def _invoices(asked: Asked) -> Any:
    return queries.invoices(
        search=asked["search"],
        state=asked["state"],
        since=asked["from"],
        until=asked["to"],
        today=today(),
    )


def _number(sorts: Sorts) -> Column:
    return Column(
        name="number",
        title="Number",
        value=str,
        sort=sorts["number"],
        place="name",
        is_link=True,
        is_required=True,
    )


def _customer(sorts: Sorts) -> Column:
    return Column(
        name="customer",
        title="Customer",
        value="customer_name",
        sort=sorts["customer"],
        place="meta wrap",
    )


def _amounts(sorts: Sorts, *, left: str) -> tuple[Column, ...]:
    """Show the total, what is left of it under the name given, and in which currency."""
    return (
        Column(
            name="total",
            title="Total",
            kind="money",
            unit="currency",
            sort=sorts["total"],
            place="figure",
        ),
        Column(name="balance", title=left, kind="money"),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
    )


def _nothing(title: str, advice: str) -> Nothing:
    link = Link(
        label="Connections", endpoint="connections.index", permission="integrations.view"
    )
    return Nothing(title=title, advice=advice, link=link, icon="file")


def _unmatched(action: str) -> Nothing:
    advice = "Try fewer letters or another filter."
    return Nothing(title="Nothing matches.", advice=advice, action=action)


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
        *DAYS,
        Segments(name="state", label="State", options=STATES),
    ),
    columns=(
        _number(SORTS),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="invoices/_cells.html:state",
            value=lambda invoice: invoice.state_on(today()),
            place="status",
        ),
        _customer(SORTS),
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
        *_amounts(SORTS, left="Balance"),
    ),
    unmatched=_unmatched("Show all invoices"),
    nothing=_nothing("No invoices yet.", "They come from the books, once these are connected."),
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
        *DAYS,
        Segments(name="kind", label="Kind", options=BOOK_KINDS),
    ),
    columns=(
        _number(BOOK_SORTS),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda one: one.status.capitalize(),
            place="status",
        ),
        _customer(BOOK_SORTS),
        Column(name="reference", title="Reference", kind="code", place="wide desk"),
        Column(
            name="date",
            title="Date",
            kind="day",
            value="document_date",
            sort=BOOK_SORTS["date"],
        ),
        *_amounts(BOOK_SORTS, left="Left"),
    ),
    unmatched=_unmatched("Show all of them"),
    nothing=_nothing(
        "Nothing of this yet.", "It comes from the books, once these are connected."
    ),
)
