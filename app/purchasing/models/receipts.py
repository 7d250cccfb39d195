"""What came of a delivery, where it was put, and what of it was put aside."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product, Vendor
from app.core.audit import Audited
from app.core.db import Model
from app.core.exchange_rates import RATE_DECIMALS
from app.purchasing.models.lines import PurchaseLine
from app.purchasing.models.orders import PurchaseOrder
from app.purchasing.models.shipments import InboundShipment
from app.stock.models import Location, Lot, Posting

# What of a delivery counts as received of a line, and what is put aside.
CONDITIONS = {
    "good": "Good",
    "damaged": "Damaged: put aside",
    "excess": "More than ordered: put aside",
    "unordered": "Not ordered: put aside",
    "unknown": "Unknown product: put aside",
}
RECEIVED = ("good", "damaged")  # the vendor has delivered them, whatever they look like
ASIDE = tuple(word for word in CONDITIONS if word != "good")
# What becomes of what was put aside.
DECISIONS = {
    "taken_in": "Taken into stock",
    "sent_back": "Sent back to the vendor",
    "written_off": "Written off",
}


class GoodsReceipt(Audited, Model):
    """One delivery, or a part of it, as somebody took it in.

    `request` tells apart what was asked for under one key. A delivery without an order is put
    aside as a whole.
    """

    __tablename__ = "goods_receipt"
    __table_args__ = (
        Index("ix_goods_receipt_order", "order_id", "id"),
        Index("ix_goods_receipt_vendor", "vendor_id", "id"),
        Index(
            "ix_goods_receipt_shipment",
            "shipment_id",
            postgresql_where=text("shipment_id IS NOT NULL"),
        ),
        Index("ix_goods_receipt_undone", "id", postgresql_where=text("undone_at IS NULL")),
    )
    unaudited = frozenset(
        {"key", "request", "order_id", "vendor_id", "posting_id", "actor_id", "undone_by_id"}
        | {"shipment_id"}
    )

    key: Mapped[str] = mapped_column(unique=True)
    request: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(ForeignKey(PurchaseOrder.id))
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey(Vendor.id))
    # Of several orders: what it costs is spread over all that came with it.
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey(InboundShipment.id))
    delivery_note: Mapped[str] = mapped_column(server_default="", default="")
    note: Mapped[str] = mapped_column(server_default="", default="")
    # None: nothing of it is a product of ours, so nothing has moved.
    posting_id: Mapped[int | None] = mapped_column(ForeignKey(Posting.id), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    order: Mapped[PurchaseOrder | None] = relationship(lazy="raise")
    vendor: Mapped[Vendor | None] = relationship(lazy="raise")
    shipment: Mapped[InboundShipment | None] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[actor_id])
    undone_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])
    lines: Mapped[list["GoodsReceiptLine"]] = relationship(
        lazy="raise",
        back_populates="receipt",
        cascade="all, delete-orphan",
        order_by="GoodsReceiptLine.id",
    )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return receipt_number(self.id)

    @property
    def is_undone(self) -> bool:
        """Tell whether somebody has taken it back."""
        return self.undone_at is not None

    @property
    def is_drop_ship(self) -> bool:
        """Tell whether the vendor has delivered it to a customer."""
        return self.order is not None and self.order.is_drop_ship

    @property
    def aside(self) -> list["GoodsReceiptLine"]:
        """What of it was put aside."""
        return [line for line in self.lines if line.condition in ASIDE]

    @property
    def undecided(self) -> list["GoodsReceiptLine"]:
        """What of it was put aside, and nobody has said what becomes of it."""
        return [] if self.is_undone else [one for one in self.aside if one.decision is None]


def receipt_number(receipt_id: int) -> str:
    """Write the number of a receipt as it stands on pages."""
    return f"GR-{receipt_id:06}"


class GoodsReceiptLine(Model):
    """So much of one thing in one condition; `quantity` is in the product's own unit."""

    __tablename__ = "goods_receipt_line"
    __table_args__ = (
        Index("ix_goods_receipt_line_receipt", "receipt_id", "id"),
        Index("ix_goods_receipt_line_order_line", "order_line_id"),
        Index("ix_goods_receipt_line_product", "product_id", "id"),
        Index(
            "ix_goods_receipt_line_undecided",
            "receipt_id",
            postgresql_where=text("condition <> 'good' AND decision IS NULL"),
        ),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint(f"condition IN {tuple(CONDITIONS)}", "condition"),
        CheckConstraint(
            f"condition NOT IN {RECEIVED} OR order_line_id IS NOT NULL", "order_line"
        ),
        CheckConstraint("(condition = 'unknown') = (code <> '')", "code"),
        CheckConstraint("product_id IS NULL OR location_id IS NOT NULL", "location"),
        Index(
            "ix_goods_receipt_line_lot", "lot_id", postgresql_where=text("lot_id IS NOT NULL")
        ),
        CheckConstraint(
            f"decision IN {tuple(DECISIONS)} AND condition <> 'good' OR decision IS NULL",
            "decision",
        ),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", "decided"),
        CheckConstraint("exchange_rate > 0", "exchange_rate"),
    )

    receipt_id: Mapped[int] = mapped_column(ForeignKey(GoodsReceipt.id))
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey(PurchaseLine.id))
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    code: Mapped[str] = mapped_column(server_default="", default="")  # of what nobody knows
    quantity: Mapped[Decimal]
    condition: Mapped[str]
    location_id: Mapped[int | None] = mapped_column(ForeignKey(Location.id))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))
    # How much of the product's currency one unit of the order's was worth when it came; None
    # where they are one and the same, or nobody knew.
    exchange_rate: Mapped[Decimal | None] = mapped_column(Numeric(18, RATE_DECIMALS))
    # Of what was put aside: what has become of it.
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    receipt: Mapped[GoodsReceipt] = relationship(lazy="raise", back_populates="lines")
    order_line: Mapped[PurchaseLine | None] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    location: Mapped[Location | None] = relationship(lazy="raise")
    lot: Mapped[Lot | None] = relationship(lazy="raise")
    decided_by: Mapped[User | None] = relationship(lazy="raise")

    @property
    def is_received(self) -> bool:
        """Tell whether it counts as delivered of its line."""
        return self.condition in RECEIVED

    def rate_from(self, currency: str) -> Decimal | None:
        """How much of its product's currency one unit of its order's is worth, if known."""
        if self.product is None:
            return None
        return Decimal(1) if self.product.currency == currency else self.exchange_rate

    @property
    def called(self) -> str:
        """What people call it."""
        if self.product:
            return self.product.sku
        return self.code or (self.order_line.sku if self.order_line else "")

    @property
    def called_exactly(self) -> str:
        """What people call it, with its lot or serial number."""
        return f"{self.called}, {self.lot.called}," if self.lot else self.called
