"""Invoices as the books have them, and what else these hold of customers.

Receipts, credits, estimates and payments are one table: they are listed and found, no more.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Customer, Product
from app.core.db import Model, Money
from app.core.indexes import prefix_index, trigram_index

BOOK_KINDS = {
    "sales_receipt": "Sales receipt",
    "credit_memo": "Credit memo",
    "estimate": "Estimate",
    "payment": "Payment",
}
FIGURES = ("quantity", "price", "amount")  # of a line: JSON has them as text, digit by digit


class BookRecord(Model):
    """What an invoice has in common with every other document of some books.

    `system` and `account` say whose it is: quickbooks, and the number of a company.
    """

    __abstract__ = True

    system: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    number: Mapped[str]
    customer_ref: Mapped[str]
    customer_name: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey(Customer.id))
    currency: Mapped[str]
    total: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal | None] = mapped_column(Money)
    bill_to: Mapped[str] = mapped_column(server_default="", default="")
    ship_to: Mapped[str] = mapped_column(server_default="", default="")
    is_void: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    # False while its account is not connected: nobody says what it is like by now.
    is_listed: Mapped[bool] = mapped_column(server_default="true", default=True)
    updated_at: Mapped[datetime | None]
    number_key: Mapped[str] = mapped_column(
        Computed("code_key(number)", persisted=True), deferred=True
    )


class Invoice(BookRecord):
    """An invoice of some books. It is changed there, and follows here."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("system", "account", "external_id"),
        trigram_index("invoice", "search"),
        trigram_index("invoice", "po_search"),
        prefix_index("invoice", "number_key"),
        prefix_index("invoice", "po_key"),
        prefix_index("invoice", "po_name"),
        prefix_index("invoice", "name_key"),
        Index("ix_invoice_invoice_date", "invoice_date", "id"),
        Index("ix_invoice_due_date", "due_date", "id"),
        Index("ix_invoice_number", "number", "id"),
        Index("ix_invoice_total", "total", "id"),
        Index("ix_invoice_customer_name", "customer_name", "id"),
        Index("ix_invoice_customer", "customer_id", "invoice_date"),
        Index("ix_invoice_customer_ref", "system", "account", "customer_ref"),
        Index("ix_invoice_unpaid", "due_date", "id", postgresql_where=text("balance > 0")),
    )

    customer_po: Mapped[str]
    invoice_date: Mapped[date]
    due_date: Mapped[date | None]
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(number || ' ' || customer_name || ' ' || customer_po)",
            persisted=True,
        ),
        deferred=True,
    )
    po_search: Mapped[str] = mapped_column(
        Computed("' ' || search_text(customer_po)", persisted=True), deferred=True
    )
    po_key: Mapped[str] = mapped_column(
        Computed("code_key(customer_po)", persisted=True), deferred=True
    )
    po_name: Mapped[str] = mapped_column(
        Computed("search_text(customer_po)", persisted=True), deferred=True
    )
    name_key: Mapped[str] = mapped_column(
        Computed("search_text(customer_name)", persisted=True), deferred=True
    )

    customer: Mapped[Customer | None] = relationship(lazy="raise")
    lines: Mapped[list["InvoiceLine"]] = relationship(
        lazy="raise", order_by="InvoiceLine.position", passive_deletes=True
    )

    @property
    def shown_number(self) -> str:
        """Its number; where the books gave none, what they call the record."""
        return self.number or self.external_id

    def state_on(self, today: date) -> str:
        """What is with it: deleted, void, paid, overdue or open."""
        if not self.is_active:
            return "deleted"
        if self.is_void:
            return "void"
        if self.balance <= 0:
            return "paid"
        return "overdue" if self.due_date and self.due_date < today else "open"

    def __str__(self) -> str:
        return self.number or f"Invoice {self.external_id}"


class InvoiceLine(Model):
    """A line as it is shown; `is_part`: it belongs to the bundle above it."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        Index("ix_invoice_line_product", "product_id"),
        Index("ix_invoice_line_product_ref", "product_ref"),
    )

    invoice_id: Mapped[int] = mapped_column(ForeignKey(Invoice.id, ondelete="CASCADE"))
    position: Mapped[int]
    product_ref: Mapped[str] = mapped_column(server_default="", default="")  # as they call it
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id, ondelete="SET NULL"))
    item: Mapped[str] = mapped_column(server_default="", default="")
    description: Mapped[str] = mapped_column(server_default="", default="")
    quantity: Mapped[Decimal | None]
    price: Mapped[Decimal | None] = mapped_column(Money)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    is_part: Mapped[bool] = mapped_column(server_default="false", default=False)


class BookDocument(BookRecord):
    """A document of some books that is no invoice; it is changed there, and follows here, too.

    `balance` is what is left of it: of a credit or a payment, what was not used yet. `lines`
    are as `InvoiceLine` has them; those of a payment say what was paid.
    """

    __tablename__ = "book_document"
    __table_args__ = (
        UniqueConstraint("system", "account", "kind", "external_id"),
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

    kind: Mapped[str]
    reference: Mapped[str]  # the customer's: an order number, or what a payment says
    document_date: Mapped[date]
    due_date: Mapped[date | None]  # of an estimate, until when it holds
    state: Mapped[str] = mapped_column(server_default="", default="")  # as the books say it
    method: Mapped[str] = mapped_column(server_default="", default="")  # how it was paid
    lines: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", default=list)
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(number || ' ' || customer_name || ' ' || reference)",
            persisted=True,
        ),
        deferred=True,
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
