"""Bills and purchase orders as the books have them, and which orders of ours they are about."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product, Vendor
from app.core.db import Model, Money
from app.core.indexes import prefix_index, trigram_index
from app.purchasing.models import PurchaseOrder

KINDS = {"bill": "Bill", "purchase_order": "Purchase order"}
# Of a document and an order: it may be about it, it is, or somebody has said that it is not.
MATCHES = {"proposed": "To decide", "matched": "Matched", "refused": "Not this one"}


class VendorDocument(Model):
    """A bill or a purchase order of some books. It is changed there, and follows here.

    `system` and `account` say whose it is, `..._ref` what the books call vendors and products.
    `mentions` are the words with a digit that it holds, `orders_ref` the purchase orders of the
    books that it is linked to there.
    """

    __tablename__ = "vendor_document"
    __table_args__ = (
        UniqueConstraint("system", "account", "kind", "external_id"),
        trigram_index("vendor_document", "search"),
        prefix_index("vendor_document", "number_key"),
        Index("ix_vendor_document_date", "document_date", "id"),
        Index("ix_vendor_document_vendor", "vendor_id", "document_date"),
        Index("ix_vendor_document_vendor_ref", "system", "account", "vendor_ref"),
        # What nobody has said anything of yet is looked at again.
        Index("ix_vendor_document_unsettled", "id", postgresql_where=text("NOT is_settled")),
        Index(
            "ix_vendor_document_different",
            "document_date",
            "id",
            postgresql_where=text("is_different"),
        ),
        Index(
            "ix_vendor_document_uncompared",
            "id",
            postgresql_where=text("is_different IS NULL"),
        ),
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
    )

    system: Mapped[str]
    account: Mapped[str]
    kind: Mapped[str]
    external_id: Mapped[str]
    number: Mapped[str]
    vendor_ref: Mapped[str]
    vendor_name: Mapped[str]
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey(Vendor.id))
    document_date: Mapped[date]
    due_date: Mapped[date | None]
    state: Mapped[str] = mapped_column(server_default="", default="")  # as the books say it
    currency: Mapped[str]
    total: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal | None] = mapped_column(Money)
    note: Mapped[str] = mapped_column(server_default="", default="")
    mentions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", default=list)
    orders_ref: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", default=list
    )
    is_void: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    # False while its account is not connected: nobody says what it is like by now.
    is_listed: Mapped[bool] = mapped_column(server_default="true", default=True)
    # It is matched, or somebody has said that it is about no order of ours.
    is_settled: Mapped[bool] = mapped_column(server_default="false", default=False)
    # Whether it and our orders disagreed when they were compared last; None: they are to be
    # compared. Lists ask by it, the page of one compares anew.
    is_different: Mapped[bool | None]
    updated_at: Mapped[datetime | None]
    number_key: Mapped[str] = mapped_column(
        Computed("code_key(number)", persisted=True), deferred=True
    )
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(number || ' ' || vendor_name || ' ' || note)", persisted=True
        ),
        deferred=True,
    )

    vendor: Mapped[Vendor | None] = relationship(lazy="raise")
    lines: Mapped[list["VendorDocumentLine"]] = relationship(
        lazy="raise", order_by="VendorDocumentLine.position", passive_deletes=True
    )
    matches: Mapped[list["OrderMatch"]] = relationship(
        lazy="raise", back_populates="document", order_by="OrderMatch.id"
    )

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return KINDS[self.kind]

    @property
    def is_valid(self) -> bool:
        """Tell whether it counts: neither deleted nor void."""
        return self.is_active and not self.is_void

    @property
    def matched_orders(self) -> list[PurchaseOrder]:
        """The orders of ours that it is about."""
        return [one.order for one in self.matches if one.state == "matched"]

    @property
    def proposals(self) -> list["OrderMatch"]:
        """Orders that it may be about: somebody is asked."""
        return [one for one in self.matches if one.state == "proposed"]

    def __str__(self) -> str:
        return f"{self.kind_label} {self.number or self.external_id}"


class VendorDocumentLine(Model):
    """A line as the books have it; `is_part`: it belongs to the bundle above it."""

    __tablename__ = "vendor_document_line"
    __table_args__ = (
        UniqueConstraint("document_id", "position"),
        Index("ix_vendor_document_line_product", "product_id"),
        Index("ix_vendor_document_line_product_ref", "product_ref"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey(VendorDocument.id, ondelete="CASCADE"))
    position: Mapped[int]
    product_ref: Mapped[str] = mapped_column(server_default="", default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id, ondelete="SET NULL"))
    item: Mapped[str] = mapped_column(server_default="", default="")
    description: Mapped[str] = mapped_column(server_default="", default="")
    quantity: Mapped[Decimal | None]
    price: Mapped[Decimal | None] = mapped_column(Money)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    is_part: Mapped[bool] = mapped_column(server_default="false", default=False)


class OrderMatch(Model):
    """That a document of the books is about an order of ours, may be, or is not."""

    __tablename__ = "order_match"
    __table_args__ = (
        UniqueConstraint("document_id", "order_id"),
        Index("ix_order_match_order", "order_id", "id"),
        CheckConstraint(f"state IN {tuple(MATCHES)}", "state"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey(VendorDocument.id, ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(ForeignKey(PurchaseOrder.id))
    state: Mapped[str]
    reason: Mapped[str]  # why it was matched or is proposed, as people read it
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]  # None: nobody was asked

    document: Mapped[VendorDocument] = relationship(lazy="raise", back_populates="matches")
    order: Mapped[PurchaseOrder] = relationship(lazy="raise")
    decided_by: Mapped[User | None] = relationship(lazy="raise")
