"""What else books hold of customers: receipts, credits, estimates and payments.

They are changed there and follow here, as invoices do; here they are listed and found.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.models import Customer
from app.catalog.models.indexes import prefix_index, trigram_index
from app.catalog.queries.words import has_words
from app.core.db import Model, Money, transaction

BOOK_KINDS = {
    "sales_receipt": "Sales receipt",
    "credit_memo": "Credit memo",
    "estimate": "Estimate",
    "payment": "Payment",
}
KEY = ("system", "account", "kind", "external_id")
FIGURES = ("quantity", "price", "amount")  # of a line: JSON has them as text, digit by digit
Values = Mapping[str, Any]


class BookDocument(Model):
    """A document of some books that is no invoice.

    `balance` is what is left of it: of a credit or a payment, what was not used yet. `lines`
    are as `InvoiceLine` has them; those of a payment say what was paid.
    """

    __tablename__ = "book_document"
    __table_args__ = (
        UniqueConstraint(*KEY),
        trigram_index("book_document", "search"),
        prefix_index("book_document", "number_key"),
        Index("ix_book_document_document_date", "document_date", "id"),
        Index("ix_book_document_kind", "kind", "document_date", "id"),
        Index("ix_book_document_number", "number", "id"),
        Index("ix_book_document_total", "total", "id"),
        Index("ix_book_document_customer_name", "customer_name", "id"),
        Index("ix_book_document_customer", "customer_id", "document_date"),
        Index("ix_book_document_customer_ref", "system", "account", "customer_ref"),
        CheckConstraint(f"kind IN {tuple(BOOK_KINDS)}", "kind"),
    )

    system: Mapped[str]
    account: Mapped[str]
    kind: Mapped[str]
    external_id: Mapped[str]
    number: Mapped[str]
    reference: Mapped[str]  # the customer's: an order number, or what a payment says
    customer_ref: Mapped[str]
    customer_name: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey(Customer.id))
    document_date: Mapped[date]
    due_date: Mapped[date | None]  # of an estimate, until when it holds
    state: Mapped[str] = mapped_column(server_default="", default="")  # as the books say it
    currency: Mapped[str]
    total: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal | None] = mapped_column(Money)
    bill_to: Mapped[str] = mapped_column(server_default="", default="")
    ship_to: Mapped[str] = mapped_column(server_default="", default="")
    method: Mapped[str] = mapped_column(server_default="", default="")  # how it was paid
    lines: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", default=list)
    is_void: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    # False while its account is not connected, as of `Invoice`.
    is_listed: Mapped[bool] = mapped_column(server_default="true", default=True)
    updated_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(number || ' ' || customer_name || ' ' || reference)",
            persisted=True,
        ),
        deferred=True,
    )
    number_key: Mapped[str] = mapped_column(
        Computed("code_key(number)", persisted=True), deferred=True
    )

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return BOOK_KINDS[self.kind]

    @property
    def status(self) -> str:
        """What is with it: deleted, void, or as the books say it."""
        if not self.is_active:
            return "deleted"
        return "void" if self.is_void else self.state

    @property
    def shown_lines(self) -> list[dict[str, Any]]:
        """Its lines with figures as figures, as those of an invoice are shown."""
        return [
            {**line, "product_id": None}
            | {name: Decimal(line[name]) for name in FIGURES if line[name] is not None}
            for line in self.lines
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} {self.number or self.external_id}"


SORTS = {
    "id": BookDocument.id,
    "number": BookDocument.number,
    "customer": BookDocument.customer_name,
    "date": BookDocument.document_date,
    "total": BookDocument.total,
}


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


def record_documents(system: str, account: str, kind: str, documents: Sequence[Values]) -> None:
    """Write documents of one account and kind down; known ones are replaced.

    Each has columns of `BookDocument`, all the same ones.
    """
    whose = {"system": system, "account": account, "kind": kind}
    statement = insert(BookDocument).values([whose | {**one} for one in documents])
    changed = {name: statement.excluded[name] for name in documents[0]}
    with transaction() as session:
        session.execute(statement.on_conflict_do_update(index_elements=KEY, set_=changed))


def list_documents(system: str, account: str, *, is_listed: bool) -> None:
    """Let the documents of an account be listed and found, or not any more: it was ended."""
    mine = update(BookDocument).where(
        BookDocument.system == system,
        BookDocument.account == account,
        BookDocument.is_listed.is_distinct_from(is_listed),
    )
    with transaction() as session:
        session.execute(
            mine.values(is_listed=is_listed), execution_options={"synchronize_session": False}
        )
