"""Invoices as the books have them: heads to list and find, the rest stays in the mirror."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Computed, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Customer
from app.catalog.models.indexes import prefix_index, trigram_index
from app.core.db import Model, Money
from app.integrations.hub.models import Connection


class Invoice(Model):
    """An invoice of QuickBooks. It is changed there, and follows here."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
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
        Index("ix_invoice_customer_ref", "connection_id", "customer_ref"),
        Index("ix_invoice_unpaid", "due_date", "id", postgresql_where=text("balance > 0")),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
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
    is_void: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
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
