"""Which line of a purchase order is for which line of a customer's order."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.orders.models import OrderLine
from app.purchasing.models import PurchaseLine


class DropShipment(Model):
    """A line that a vendor delivers to the customer; quantities are in the product's own unit.

    `delivered` is what of it counts as shipped in the customer's order: the rest of what has
    come of the purchase order's line is to be noted there still.
    """

    __tablename__ = "drop_shipment"
    __table_args__ = (
        Index("ix_drop_shipment_order_line", "order_line_id"),
        CheckConstraint("delivered >= 0", "delivered"),
    )

    purchase_line_id: Mapped[int] = mapped_column(
        ForeignKey(PurchaseLine.id, ondelete="CASCADE"), unique=True
    )
    order_line_id: Mapped[int] = mapped_column(ForeignKey(OrderLine.id, ondelete="CASCADE"))
    delivered: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))

    purchase_line: Mapped[PurchaseLine] = relationship(lazy="raise")
    order_line: Mapped[OrderLine] = relationship(lazy="raise")
