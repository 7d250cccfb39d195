"""Whom we sell to and whom we buy from."""

from typing import ClassVar

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.db import Model
from app.core.indexes import prefix_index, trigram_index
from app.core.versions import Versioned


class Contact(Audited, Versioned):
    """What customers and vendors have in common."""

    code_prefix: ClassVar[str]  # of the codes we make: C-00001

    code: Mapped[str]
    name: Mapped[str]
    company: Mapped[str] = mapped_column(server_default="", default="")
    email: Mapped[str] = mapped_column(server_default="", default="")
    phone: Mapped[str] = mapped_column(server_default="", default="")
    address_line1: Mapped[str] = mapped_column(server_default="", default="")
    address_line2: Mapped[str] = mapped_column(server_default="", default="")
    city: Mapped[str] = mapped_column(server_default="", default="")
    region: Mapped[str] = mapped_column(server_default="", default="")
    postal_code: Mapped[str] = mapped_column(server_default="", default="")
    country: Mapped[str] = mapped_column(server_default="", default="")  # ISO 3166-1 alpha-2
    currency: Mapped[str] = mapped_column(server_default="USD", default="USD")  # ISO 4217
    notes: Mapped[str] = mapped_column(server_default="", default="")
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(name || ' ' || company || ' ' || email || ' ' || code)",
            persisted=True,
        ),
        deferred=True,
    )
    name_key: Mapped[str] = mapped_column(
        Computed("search_text(name)", persisted=True), deferred=True
    )
    code_key: Mapped[str] = mapped_column(
        Computed("code_key(code)", persisted=True), deferred=True
    )

    unaudited = frozenset({"search", "name_key", "code_key"})

    def __str__(self) -> str:
        return self.name


class Vendor(Contact, Model):
    """Somebody we buy from."""

    __tablename__ = "vendor"
    code_prefix = "V"
    __table_args__ = (
        Index("uq_vendor_code", text("lower(code)"), unique=True),
        trigram_index("vendor", "search"),
        prefix_index("vendor", "name_key"),
        prefix_index("vendor", "code_key"),
        Index("ix_vendor_name_id", "name", "id"),
        Index("ix_vendor_name_order", "name_key", "id"),
        Index("ix_vendor_email", text("lower(email)")),
        Index("ix_vendor_company", "company", text("lower(code)")),
        Index("ix_vendor_country", "country", text("lower(code)")),
        Index("ix_vendor_updated_at", "updated_at", text("lower(code)")),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
    )

    lead_time_days: Mapped[int | None]


class Customer(Contact, Model):
    """Somebody we sell to."""

    __tablename__ = "customer"
    code_prefix = "C"
    __table_args__ = (
        Index("uq_customer_code", text("lower(code)"), unique=True),
        trigram_index("customer", "search"),
        prefix_index("customer", "name_key"),
        prefix_index("customer", "code_key"),
        Index("ix_customer_name_id", "name", "id"),
        Index("ix_customer_name_order", "name_key", "id"),
        Index("ix_customer_email", text("lower(email)")),
        Index("ix_customer_company", "company", text("lower(code)")),
        Index("ix_customer_country", "country", text("lower(code)")),
        Index("ix_customer_updated_at", "updated_at", text("lower(code)")),
        Index("ix_customer_sales_rep_id", "sales_rep_id"),
    )

    # Where goods go, if elsewhere: line1, line2, city, region, postal_code, country.
    shipping_address: Mapped[dict[str, str]] = mapped_column(
        JSONB, server_default="{}", default=dict
    )
    sales_rep_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    sales_rep: Mapped[User | None] = relationship(lazy="raise")
