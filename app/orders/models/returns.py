"""Goods that came back."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.db import Model
from app.orders.models.lines import OrderLine
from app.orders.models.orders import SalesOrder
from app.stock.models import Location, Posting

RETURN_REASONS = {
    "unwanted": "Not wanted any more",
    "wrong_item": "Wrong item sent",
    "defective": "Does not work",
    "damaged": "Damaged on the way",
    "late": "Arrived too late",
    "undeliverable": "Could not be delivered",
    "other": "Other",
}
CONDITIONS = {"good": "Good: back to stock", "damaged": "Damaged: written off"}


class OrderReturn(Audited, Model):
    """What a customer sent back of an order, where it was put, and by whom."""

    __tablename__ = "order_return"
    __table_args__ = (
        Index("ix_order_return_order", "order_id", "id"),
        CheckConstraint(f"reason IN {tuple(RETURN_REASONS)}", "reason"),
        CheckConstraint(f"condition IN {tuple(CONDITIONS)}", "condition"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey(SalesOrder.id))
    reason: Mapped[str]
    condition: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="", default="")
    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    posting_id: Mapped[int] = mapped_column(ForeignKey(Posting.id), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    order: Mapped[SalesOrder] = relationship(lazy="raise")
    location: Mapped[Location] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise")
    lines: Mapped[list["OrderReturnLine"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OrderReturnLine.id"
    )

    def __str__(self) -> str:
        return f"Return {self.id}"


class OrderReturnLine(Model):
    """How much of a line came back."""

    __tablename__ = "order_return_line"
    __table_args__ = (
        Index("ix_order_return_line_return", "return_id", "id"),
        Index("ix_order_return_line_line", "order_line_id"),
        CheckConstraint("quantity > 0", "quantity"),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey(OrderReturn.id))
    order_line_id: Mapped[int] = mapped_column(ForeignKey(OrderLine.id))
    quantity: Mapped[Decimal]

    order_line: Mapped[OrderLine] = relationship(lazy="raise")
