"""A line of an order: what of it lies in totes, has left, and has come back."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.quantities import MONEY_DECIMALS
from app.documents.models import (
    DISCOUNT_PATTERN,
    Discount,
    DocumentLine,
    LineTerms,
    line_rules,
    shares,
)
from app.documents.models import read_discount as read
from app.orders.models.items import OrderItem

if TYPE_CHECKING:
    from app.orders.models.orders import SalesOrder

ZERO = Decimal(0)


class OrderLine(DocumentLine):
    """One product of an order; `sku` and `description` are what they were when it was made.

    Quantities are in the product's unit. What is reserved for it says `Reservation`, with
    `document_type` "order_line" and the line's id.
    """

    __tablename__ = "sales_order_line"
    __table_args__ = (
        *line_rules(),
        Index("ix_sales_order_line_order", "order_id", "position", "id"),
        # Which orders still want a product that has just arrived.
        Index(
            "ix_sales_order_line_open",
            "product_id",
            "order_id",
            postgresql_where=text("quantity_shipped + quantity_cancelled < quantity"),
        ),
        CheckConstraint(
            "quantity_cancelled >= 0 AND quantity_picked >= 0 AND quantity_shipped >= 0",
            "progress",
        ),
        CheckConstraint("quantity_shipped + quantity_cancelled <= quantity", "shipped"),
        CheckConstraint("quantity_picked + quantity_cancelled <= quantity", "picked"),
        CheckConstraint("quantity_returned BETWEEN 0 AND quantity_shipped", "returned"),
        CheckConstraint("NOT is_free OR product_id IS NULL", "is_free"),
        CheckConstraint(f"discount ~ '{DISCOUNT_PATTERN}'", "discount"),
    )

    # An amount that is off the line is shared out.
    own_columns = DocumentLine.own_columns | (
        {"order_id", "discount", "quantity_picked", "quantity_shipped", "quantity_returned"}
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("sales_order.id"))
    # All that was ever taken out of bins for it, also what has left since.
    quantity_picked: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    quantity_shipped: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    quantity_returned: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    external_id: Mapped[str | None]  # the shop's id of the line
    # It is about no product of ours because somebody has said so: charged, never picked.
    is_free: Mapped[bool] = mapped_column(server_default="false", default=False)
    # As it was said: `10%`, or an amount off all that was ordered of it.
    discount: Mapped[str] = mapped_column(server_default="", default="")

    order: Mapped["SalesOrder"] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return str(self.item)

    @property
    def item(self) -> OrderItem:
        """Its plain values."""
        return OrderItem(**{name: getattr(self, name) for name in OrderItem._fields})

    @property
    def terms(self) -> LineTerms:
        """What it costs, with what is off it."""
        return super().terms._replace(discount=read(self.discount or ""))

    def discount_of(self, quantity: Decimal) -> str:
        """What is off so many of what was ordered: of an amount, their part."""
        said = read(self.discount)
        if not said.is_percent:
            said = Discount(round(said.number * quantity / self.quantity, MONEY_DECIMALS))
        return str(said)

    def shared_with(self, quantity: Decimal, currency: str) -> dict[str, Any]:
        """A percentage is the part's too; an amount is shared out by quantity."""
        said, rest = read(self.discount), self.quantity - quantity
        if not said.is_percent:
            there, here = shares(said.number, [quantity, rest], currency)
            self.discount = str(Discount(here))
            said = Discount(there)
        return {"discount": str(said)}

    @property
    def discount_said(self) -> str:
        """What is off it: a percentage, or an amount in the currency of the order."""
        return self.discount

    @property
    def quantity_done(self) -> Decimal:
        """What has been shipped."""
        return self.quantity_shipped

    @property
    def quantity_handled(self) -> Decimal:
        """What has been taken out of bins for it, which no change can undo."""
        return max(self.quantity_picked, self.quantity_shipped)

    @property
    def quantity_returnable(self) -> Decimal:
        """What is with the customer; of a free line there is nothing that could come back."""
        if self.is_free:
            return ZERO
        return self.quantity_shipped - self.quantity_returned

    def become(self, item: OrderItem, *, position: int) -> "OrderLine":
        """Say what an item says, at a place in the order."""
        for name in OrderItem._fields:
            if name != "id":
                setattr(self, name, getattr(item, name))
        self.position = position
        return self
