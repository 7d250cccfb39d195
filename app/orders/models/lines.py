"""A line of an order: what, how much, at what price, and how far it has got."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.db import Model, Money
from app.orders.models.amounts import Amounts, amounts_of
from app.orders.models.items import OrderItem

if TYPE_CHECKING:
    from app.orders.models.orders import SalesOrder

ZERO = Decimal(0)
PROGRESS = (
    *("quantity_cancelled", "quantity_picked", "quantity_shipped", "quantity_returned"),
    *("unit_price", "tax_rate", "total", "tax"),
)


class OrderLine(Model):
    """One product of an order; `sku` and `description` are what they were when it was made.

    Quantities are in the product's unit. What is reserved for it says `Reservation`, with
    `document_type` "order_line" and the line's id.
    """

    __tablename__ = "sales_order_line"
    __table_args__ = (
        Index("ix_sales_order_line_order", "order_id", "position", "id"),
        # Which orders still want a product that has just arrived.
        Index(
            "ix_sales_order_line_open",
            "product_id",
            "order_id",
            postgresql_where=text("quantity_shipped + quantity_cancelled < quantity"),
        ),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("unit_price >= 0", "unit_price"),
        CheckConstraint("tax_rate BETWEEN 0 AND 100", "tax_rate"),
        CheckConstraint(
            "quantity_cancelled >= 0 AND quantity_picked >= 0 AND quantity_shipped >= 0",
            "progress",
        ),
        CheckConstraint("quantity_shipped + quantity_cancelled <= quantity", "shipped"),
        CheckConstraint("quantity_picked + quantity_cancelled <= quantity", "picked"),
        CheckConstraint("quantity_returned BETWEEN 0 AND quantity_shipped", "returned"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("sales_order.id"))
    position: Mapped[int]
    # A shop may sell what we do not know; such an order cannot be confirmed.
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    sku: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")
    quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    tax_rate: Mapped[Decimal] = mapped_column(Numeric(7, 4), server_default="0", default=ZERO)
    # Kept, so that lists and documents need not know how to round: see `amounts_of`.
    total: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)  # no tax
    tax: Mapped[Decimal] = mapped_column(Money, server_default="0", default=ZERO)
    quantity_cancelled: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    # All that was ever taken out of bins for it, also what has left since.
    quantity_picked: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    quantity_shipped: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    quantity_returned: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    external_id: Mapped[str | None]  # the shop's id of the line

    order: Mapped["SalesOrder"] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product | None] = relationship(lazy="raise")

    def __init__(self, **values: Any) -> None:
        super().__init__(**(dict.fromkeys(PROGRESS, ZERO) | values))

    def __str__(self) -> str:
        return str(self.item)

    @property
    def item(self) -> OrderItem:
        """Its plain values."""
        return OrderItem(**{name: getattr(self, name) for name in OrderItem._fields})

    @property
    def quantity_handled(self) -> Decimal:
        """What has been taken out of bins for it, which no change can undo."""
        return max(self.quantity_picked, self.quantity_shipped)

    @property
    def quantity_wanted(self) -> Decimal:
        """What was ordered, less what was closed short."""
        return self.quantity - self.quantity_cancelled

    @property
    def quantity_open(self) -> Decimal:
        """What is still to be shipped."""
        return self.quantity_wanted - self.quantity_shipped

    @property
    def quantity_returnable(self) -> Decimal:
        """What is with the customer."""
        return self.quantity_shipped - self.quantity_returned

    @property
    def amounts(self) -> Amounts:
        """Its amounts as they are kept."""
        return Amounts(self.total, self.tax)

    def become(self, item: OrderItem, *, position: int) -> "OrderLine":
        """Say what an item says, at a place in the order."""
        for name in OrderItem._fields:
            if name != "id":
                setattr(self, name, getattr(item, name))
        self.position = position
        return self

    def price(self, currency: str) -> None:
        """Make its amounts follow from what is wanted of it; a service adds up the order."""
        self.total, self.tax = amounts_of(
            self.quantity_wanted, self.unit_price, self.tax_rate, currency=currency
        )
