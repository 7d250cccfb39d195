"""What goods have cost: the last price, the moving average, and every step that led there.

All of it is in the currency of the product, with four decimals. Entries are only ever added: a
landed cost that comes after the goods changes what is there, and is booked as a difference for
what has gone.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import Model, Money
from app.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine
from app.purchasing.models.shipments import InboundShipment
from app.stock.models import Posting

ZERO = Decimal(0)
ENTRIES = {
    "receipt": "Receipt",
    "undone": "Receipt undone",
    "landed": "Landed cost",
    "built": "Built of components",
    "unbuilt": "Build undone",
    "sent_back": "Sent back to the vendor",
    "taken_back": "Return to the vendor undone",
}
LANDED = {"freight": "Freight", "duty": "Duty", "insurance": "Insurance", "other": "Other"}
SPREADS = {"value": "By value", "weight": "By weight", "quantity": "By quantity"}


class ProductCost(Model):
    """What a product has cost last, and on average."""

    __tablename__ = "product_cost"
    __table_args__ = (CheckConstraint("last >= 0 AND average >= 0", "amounts"),)

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id), unique=True)
    last: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    average: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)

    product: Mapped[Product] = relationship(lazy="raise")


class CostEntry(Model):
    """One step of a product's average: what it was about, and what it was before and after.

    `value` is what came to the stock by it, `difference` what falls on goods that have gone.
    """

    __tablename__ = "cost_entry"
    __table_args__ = (
        Index("ix_cost_entry_product", "product_id", "id"),
        Index("ix_cost_entry_line", "receipt_line_id"),
        Index(
            "ix_cost_entry_posting",
            "posting_id",
            postgresql_where=text("posting_id IS NOT NULL"),
        ),
        CheckConstraint(f"kind IN {tuple(ENTRIES)}", "kind"),
        CheckConstraint("(receipt_line_id IS NULL) <> (posting_id IS NULL)", "cause"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    # What it is about: a line of a receipt, or the posting of a build or a return.
    receipt_line_id: Mapped[int | None] = mapped_column(ForeignKey(GoodsReceiptLine.id))
    posting_id: Mapped[int | None] = mapped_column(ForeignKey(Posting.id))
    landed_id: Mapped[int | None] = mapped_column(ForeignKey("landed_cost.id"))
    kind: Mapped[str]
    quantity: Mapped[Decimal]
    value: Mapped[Decimal] = mapped_column(Money)
    difference: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    average_before: Mapped[Decimal] = mapped_column(Money)
    average_after: Mapped[Decimal] = mapped_column(Money)


class LandedCost(Model):
    """Freight, duty and the like for a receipt or a shipment: less than zero is a credit.

    That of a shipment waits until it has arrived: `spread_at` says when it came to its goods.
    """

    __tablename__ = "landed_cost"
    __table_args__ = (
        Index("ix_landed_cost_receipt", "receipt_id", "id"),
        CheckConstraint(f"kind IN {tuple(LANDED)}", "kind"),
        CheckConstraint(f"spread IN {tuple(SPREADS)}", "spread"),
        CheckConstraint("amount <> 0", "amount"),
        Index("ix_landed_cost_shipment", "shipment_id", "id"),
        CheckConstraint("(receipt_id IS NULL) <> (shipment_id IS NULL)", "cause"),
    )

    receipt_id: Mapped[int | None] = mapped_column(ForeignKey(GoodsReceipt.id))
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey(InboundShipment.id))
    spread_at: Mapped[datetime | None]
    kind: Mapped[str]
    spread: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]  # that of the order, or any other: ISO 4217
    note: Mapped[str] = mapped_column(server_default="", default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    actor: Mapped[User | None] = relationship(lazy="raise")
