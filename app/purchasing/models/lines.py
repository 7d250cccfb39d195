"""A line of a purchase order: what of it has come, and when the rest is due."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.days import today
from app.core.quantities import QUANTITY_DECIMALS, half_up
from app.documents.models import DocumentLine, LineTerms, line_rules
from app.purchasing.models.items import PurchaseItem

if TYPE_CHECKING:
    from app.purchasing.models.orders import PurchaseOrder

ZERO = Decimal(0)
IS_OWED = "units_received + units_cancelled < units_ordered"


class PurchaseLine(DocumentLine):
    """One product of an order; `sku` and `description` are what they were when it was made.

    `quantity`, `unit_price` and `quantity_cancelled` are in the unit of purchase, as it stands
    on paper. The `units_...` are in the product's own unit, in which goods come: they are
    exact, and how far the line has got is reckoned with them alone.
    """

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        *line_rules(),
        Index("ix_purchase_order_line_order", "order_id", "position", "id"),
        # What is incoming of a product, without a look at orders that are done.
        Index(
            "ix_purchase_order_line_owed",
            "product_id",
            "order_id",
            postgresql_where=text(IS_OWED),
        ),
        CheckConstraint("pack_quantity > 0", "pack_quantity"),
        # The factor is exact: what does not come out even is refused, never rounded.
        CheckConstraint("units_ordered = quantity * pack_quantity", "units_ordered"),
        CheckConstraint("units_received >= 0", "received"),
        CheckConstraint("units_cancelled BETWEEN 0 AND units_ordered", "cancelled"),
        CheckConstraint("quantity_cancelled BETWEEN 0 AND quantity", "quantity_cancelled"),
        CheckConstraint("NOT is_free OR product_id IS NULL", "is_free"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    part_number: Mapped[str] = mapped_column(server_default="", default="")
    pack_quantity: Mapped[Decimal] = mapped_column(server_default="1", default=Decimal(1))
    purchase_unit: Mapped[str] = mapped_column(server_default="", default="")
    units_ordered: Mapped[Decimal]
    # Of all receipts that are not undone: more than was ordered, where somebody took it.
    units_received: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    units_cancelled: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    expected_on: Mapped[date | None]  # when we want it; once it is sent, when we count on it
    confirmed_on: Mapped[date | None]  # when the vendor says that it comes
    # It is about no product of ours because somebody has said so.
    is_free: Mapped[bool] = mapped_column(server_default="false", default=False)

    order: Mapped["PurchaseOrder"] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return str(self.item)

    @property
    def item(self) -> PurchaseItem:
        """Its plain values."""
        return PurchaseItem(**{name: getattr(self, name) for name in PurchaseItem._fields})

    @property
    def units_wanted(self) -> Decimal:
        """What was ordered, less what was closed short."""
        return self.units_ordered - self.units_cancelled

    @property
    def units_open(self) -> Decimal:
        """What is still to come; never less than nothing, however much has come."""
        return max(self.units_wanted - self.units_received, ZERO)

    @property
    def quantity_done(self) -> Decimal:
        """What has come, in the unit of purchase: for paper, not for reckoning."""
        return half_up(self.units_received / self.pack_quantity, QUANTITY_DECIMALS)

    @property
    def terms(self) -> LineTerms:
        """What it costs, by the pieces that are charged: of a carton they may be a part."""
        return LineTerms(
            self.units_ordered,
            self.unit_price,
            self.tax_rate,
            cancelled=self.units_cancelled,
            priced_per=self.pack_quantity,
        )

    @property
    def due_on(self) -> date | None:
        """When it comes, by the vendor's word or by our own."""
        return self.confirmed_on or self.expected_on

    @property
    def unit(self) -> str:
        """The product's own unit, in which it is received."""
        return self.product.unit if self.product else ""

    @property
    def is_late(self) -> bool:
        """Tell whether something of it should have come before today."""
        return bool(self.units_open and self.due_on and self.due_on < today())

    def close_short(self, units: Decimal) -> None:
        """Take so much less than was ordered for enough, in the product's own unit."""
        self.units_cancelled += units
        self._follow_cancelled()

    def reopen(self, units: Decimal) -> None:
        """Ask for what was closed short after all."""
        self.units_cancelled -= units
        self._follow_cancelled()

    def _follow_cancelled(self) -> None:
        """What is not charged, in the unit of purchase, follows: converted once, at the end."""
        part = self.units_cancelled / self.pack_quantity
        self.quantity_cancelled = min(half_up(part, QUANTITY_DECIMALS), self.quantity)

    def become(self, item: PurchaseItem, *, position: int) -> "PurchaseLine":
        """Say what an item says, at a place in the order."""
        for name in PurchaseItem._fields:
            if name != "id":
                setattr(self, name, getattr(item, name))
        self.units_ordered = item.quantity * item.pack_quantity
        self.position = position
        return self
