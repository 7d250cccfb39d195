"""Selects over invoices and other documents of the books."""

from datetime import UTC, date, datetime

from sqlalchemy import Select, select, text
from sqlalchemy.orm import selectinload

from app.core.words import has_words
from app.invoices.models import BookDocument, Invoice

STATES = {"open": "Open", "overdue": "Overdue", "paid": "Paid"}
SORTS = {
    "id": Invoice.id,
    "number": Invoice.number,
    "customer": Invoice.customer_name,
    "date": Invoice.invoice_date,
    "due": Invoice.due_date,
    "total": Invoice.total,
}
BOOK_SORTS = {
    "id": BookDocument.id,
    "number": BookDocument.number,
    "customer": BookDocument.customer_name,
    "date": BookDocument.document_date,
    "total": BookDocument.total,
}


def today() -> date:
    """Give the day by which an invoice is due or not."""
    return datetime.now(UTC).date()


def invoices(
    *, search: str = "", state: str = "", customer_id: int | None = None,
    since: date | None = None, until: date | None = None, today: date,
) -> Select[Invoice]:  # fmt: skip
    """Invoices of connected accounts that a search and all the filters given let through."""
    query = select(Invoice).where(Invoice.is_listed)
    if search.strip():
        query = query.where(has_words(Invoice.search, search))
    if customer_id is not None:
        query = query.where(Invoice.customer_id == customer_id)
    if since:
        query = query.where(Invoice.invoice_date >= since)
    if until:
        query = query.where(Invoice.invoice_date <= until)
    if not state:
        return query
    query = query.where(Invoice.is_active, ~Invoice.is_void)
    if state == "paid":
        return query.where(Invoice.balance <= 0)
    unpaid = query.where(Invoice.balance > text("0"))
    if state == "overdue":
        return unpaid.where(Invoice.due_date < today)
    return unpaid.where((Invoice.due_date >= today) | Invoice.due_date.is_(None))


def invoice(invoice_id: int) -> Select[Invoice]:
    """One invoice with its lines."""
    query = select(Invoice).where(Invoice.id == invoice_id)
    return query.options(selectinload(Invoice.lines))


def book_documents(
    *, search: str = "", kind: str = "", customer_id: int | None = None,
    since: date | None = None, until: date | None = None,
) -> Select[BookDocument]:  # fmt: skip
    """Documents of connected accounts that a search and all the filters given let through."""
    query = select(BookDocument).where(BookDocument.is_listed)
    if search.strip():
        query = query.where(has_words(BookDocument.search, search))
    if kind:
        query = query.where(BookDocument.kind == kind)
    if customer_id is not None:
        query = query.where(BookDocument.customer_id == customer_id)
    if since:
        query = query.where(BookDocument.document_date >= since)
    return query.where(BookDocument.document_date <= until) if until else query


def book_document(document_id: int) -> Select[BookDocument]:
    """One of them."""
    return select(BookDocument).where(BookDocument.id == document_id)
