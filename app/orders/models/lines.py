"""A line of an order: what of it lies in totes, has left, and has come back."""

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from operator import attrgetter
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
PROGRESS = ("quantity_picked", "quantity_shipped", "quantity_returned")


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
        CheckConstraint(
            "quantity_direct >= 0 "
            "AND quantity_shipped + quantity_cancelled + quantity_direct <= quantity",
            "direct",
        ),
        Index(
            "ix_sales_order_line_bundle",
            "bundle_line_id",
            postgresql_where=text("bundle_line_id IS NOT NULL"),
        ),
        CheckConstraint(
            "(bundle_line_id IS NULL) = (per_bundle IS NULL) AND per_bundle > 0 "
            "AND NOT (is_bundle AND bundle_line_id IS NOT NULL)",
            "bundle",
        ),
        CheckConstraint(f"discount ~ '{DISCOUNT_PATTERN}'", "discount"),
    )

    # An amount that is off the line is shared out.
    own_columns = DocumentLine.own_columns | (
        {"order_id", "discount", "quantity_picked", "quantity_shipped", "quantity_returned"}
        | {"bundle_line_id", "per_bundle", "quantity_direct"}
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("sales_order.id"))
    # What a vendor is still to deliver to the customer: we reserve and pick nothing for that.
    quantity_direct: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    # All that was ever taken out of bins for it, also what has left since; what a vendor has
    # delivered, too.
    quantity_picked: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    quantity_shipped: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    quantity_returned: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    external_id: Mapped[str | None]  # the shop's id of the line
    # It is about no product of ours because somebody has said so: charged, never picked.
    is_free: Mapped[bool] = mapped_column(server_default="false", default=False)
    # As it was said: `10%`, or an amount off all that was ordered of it.
    discount: Mapped[str] = mapped_column(server_default="", default="")

    # It is about a bundle: its components, copied when it was sold, are what leaves for it.
    is_bundle: Mapped[bool] = mapped_column(server_default="false", default=False)
    # Of a component: the line of its bundle, and how much one of those holds.
    bundle_line_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order_line.id"))
    per_bundle: Mapped[Decimal | None]

    order: Mapped["SalesOrder"] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product | None] = relationship(lazy="raise")
    # Asked for only where a bundle is: nearly no order has one, and each is read many times.
    # `services.bundles` writes them, who knows when what is reserved for them is released.
    components: Mapped[list["OrderLine"]] = relationship(
        primaryjoin="foreign(remote(OrderLine.bundle_line_id)) == OrderLine.id",
        lazy="select",
        viewonly=True,
        order_by="OrderLine.position, OrderLine.id",
    )

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

    def copied_for(self, line: "OrderLine") -> "OrderLine":
        """Make the same component for another line about its bundle."""
        same = ("position", "product_id", "sku", "description", "per_bundle")
        return OrderLine(
            order_id=line.order_id,
            bundle_line_id=line.id,
            quantity=line.quantity * (self.per_bundle or ZERO),
            **{name: getattr(self, name) for name in same},
        )

    def wholes(self, amounts: Callable[["OrderLine"], Decimal]) -> Decimal:
        """How many whole bundles there are, if there is so much of each component."""
        return min(
            (amounts(one) // (one.per_bundle or 1) for one in self.components), default=ZERO
        )

    def follow_components(self) -> None:
        """Make how far a bundle is follow from its components: each counts when it is whole."""
        for name in PROGRESS:
            setattr(self, name, self.wholes(attrgetter(name)))

    def scale_components(self) -> None:
        """Make the quantities of its components follow from its own."""
        for one in self.components:
            each = one.per_bundle or ZERO
            one.quantity = self.quantity * each
            one.quantity_cancelled = self.quantity_cancelled * each

    @property
    def discount_said(self) -> str:
        """What is off it: a percentage, or an amount in the currency of the order."""
        return self.discount

    @property
    def quantity_done(self) -> Decimal:
        """What has been shipped."""
        return self.quantity_shipped

    @property
    def quantity_due(self) -> Decimal:
        """What is still to leave our own shelves for it."""
        return self.quantity_open - self.quantity_direct

    @property
    def quantity_handled(self) -> Decimal:
        """What has been taken out of bins for it, or a vendor delivers: no change undoes that.

        Of a bundle that is begun, the whole of it.
        """
        if self.is_bundle:
            begun = (one.quantity_handled / (one.per_bundle or 1) for one in self.components)
            return max((part.to_integral_value(ROUND_CEILING) for part in begun), default=ZERO)
        return max(self.quantity_picked, self.quantity_shipped) + self.quantity_direct

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
