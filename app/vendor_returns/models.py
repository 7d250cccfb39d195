"""A return to a vendor, and its lines."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product, Vendor
from app.core.audit import Audited
from app.core.db import Model, Money
from app.documents.models import State, States
from app.purchasing.models import GoodsReceiptLine
from app.stock.models import Location, Posting

ZERO = Decimal(0)
STATES = States(
    draft=State("Draft", "muted", then=("sent", "cancelled")),
    sent=State("Sent, credit expected", "low", is_open=True, then=("draft", "credited")),
    credited=State("Credited", "ok", then=("sent",)),
    cancelled=State("Cancelled", "muted"),
)
CAUSES = {
    "damaged": "Damaged",
    "wrong": "Not what was ordered",
    "excess": "More than was ordered",
    "expired": "Expired",
    "unsold": "Not sold",
    "other": "Another reason",
}


class VendorReturn(Audited, Model):
    """What goes back to a vendor, out of one warehouse.

    `expected_credit` is what its lines come to, `granted_credit` what the vendor has granted;
    both without tax, in its currency.
    """

    __tablename__ = "vendor_return"
    __table_args__ = (
        Index("ix_vendor_return_status", "status", "id"),
        Index("ix_vendor_return_vendor", "vendor_id", "id"),
        Index("ix_vendor_return_warehouse", "warehouse_id", "id"),
        # What a customer sends back to several vendors is one posting.
        Index(
            "uq_vendor_return_posting",
            "posting_id",
            "vendor_id",
            unique=True,
            postgresql_where=text("posting_id IS NOT NULL"),
        ),
        CheckConstraint(f"status IN {tuple(STATES)}", "status"),
        CheckConstraint(f"cause IN {tuple(CAUSES)}", "cause"),
        CheckConstraint("expected_credit >= 0", "expected_credit"),
        CheckConstraint("granted_credit >= 0", "granted_credit"),
        CheckConstraint("(status = 'credited') = (granted_credit IS NOT NULL)", "credit"),
        CheckConstraint(
            "(status IN ('sent', 'credited')) = (posting_id IS NOT NULL)", "posted"
        ),
    )
    unaudited = frozenset({"key", "request", "posting_id", "actor_id", "steps"})
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "status": STATES.labels,
        "cause": CAUSES,
    }

    key: Mapped[str] = mapped_column(unique=True)
    request: Mapped[str]
    vendor_id: Mapped[int] = mapped_column(ForeignKey(Vendor.id))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    status: Mapped[str] = mapped_column(server_default="draft", default="draft")
    cause: Mapped[str]
    their_reference: Mapped[str] = mapped_column(server_default="", default="")
    note: Mapped[str] = mapped_column(server_default="", default="")
    currency: Mapped[str]
    expected_credit: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    granted_credit: Mapped[Decimal | None] = mapped_column(Money)
    credited_on: Mapped[date | None]
    credit_note: Mapped[str] = mapped_column(server_default="", default="")
    sent_at: Mapped[datetime | None]
    posting_id: Mapped[int | None] = mapped_column(ForeignKey(Posting.id))
    # From the customer to whom the vendor had delivered it: it was never ours.
    is_direct: Mapped[bool] = mapped_column(server_default="false", default=False)
    # How often it was sent: each time is a posting of its own.
    steps: Mapped[int] = mapped_column(server_default="0", default=0)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    vendor: Mapped[Vendor] = relationship(lazy="raise")
    warehouse: Mapped[Location] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise")
    lines: Mapped[list["VendorReturnLine"]] = relationship(
        lazy="raise",
        back_populates="vendor_return",
        cascade="all, delete-orphan",
        order_by="VendorReturnLine.id",
    )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return return_number(self.id)

    @property
    def state(self) -> State:
        """Its state, as people see it."""
        return STATES[self.status]

    @property
    def cause_label(self) -> str:
        """Why it goes back, as people say it."""
        return CAUSES[self.cause]

    @property
    def short_of(self) -> Decimal | None:
        """What the vendor has granted less than was expected; None as long as nobody knows."""
        granted = self.granted_credit
        return None if granted is None else self.expected_credit - granted


def return_number(return_id: int) -> str:
    """Write the number of a return to a vendor as it stands on pages."""
    return f"VR-{return_id:06}"


class VendorReturnLine(Model):
    """So much of a product, in its own unit; `unit_price` is the credit expected of one.

    `receipt_line` is what it came by, where that is known. `is_aside`: it was put aside then,
    and nobody has decided about it; it leaves from there, as a whole.
    """

    __tablename__ = "vendor_return_line"
    __table_args__ = (
        Index("ix_vendor_return_line_return", "return_id", "id"),
        Index("ix_vendor_return_line_product", "product_id", "id"),
        Index("ix_vendor_return_line_receipt_line", "receipt_line_id"),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("unit_price >= 0", "unit_price"),
        CheckConstraint("NOT is_aside OR receipt_line_id IS NOT NULL", "aside"),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey(VendorReturn.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    receipt_line_id: Mapped[int | None] = mapped_column(ForeignKey(GoodsReceiptLine.id))
    is_aside: Mapped[bool] = mapped_column(server_default="false", default=False)
    quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal] = mapped_column(Money)

    vendor_return: Mapped[VendorReturn] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product] = relationship(lazy="raise")
    receipt_line: Mapped[GoodsReceiptLine | None] = relationship(lazy="raise")

    @property
    def expected(self) -> Decimal:
        """The credit that it is to bring."""
        return self.quantity * self.unit_price
