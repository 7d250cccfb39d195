"""Invoices as the books have them: heads to list and find, and their lines."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Computed, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Customer, Product
from app.catalog.models.indexes import prefix_index, trigram_index
from app.core.db import Model, Money


class Invoice(Model):
    """An invoice of some books. It is changed there, and follows here.

    `system` and `account` say whose it is: quickbooks, and the number of a company.
    """

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

    system: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    number: Mapped[str]
    customer_ref: Mapped[str]
    customer_name: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey(Customer.id))
    customer_po: Mapped[str]
    invoice_date: Mapped[date]
    due_date: Mapped[date | None]
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
    number_key: Mapped[str] = mapped_column(
        Computed("code_key(number)", persisted=True), deferred=True
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
