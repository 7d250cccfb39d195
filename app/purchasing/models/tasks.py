"""What somebody has in hand at the dock: a delivery of an order, piece by piece, bin by bin."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import Model
from app.core.quantities import plain
from app.purchasing.models.orders import PurchaseOrder
from app.stock.models import Lot

ZERO = Decimal(0)
IN_HAND = ("good", "damaged", "aside")


class ReceivingTask(Model):
    """One person's work on a delivery; what was scanned is posted with the bin that it goes to.

    Several people may receive one order: each has a task, and what is too much shows when it
    is put away.
    """

    __tablename__ = "receiving_task"
    __table_args__ = (
        # One delivery at a time for each person.
        Index(
            "uq_receiving_task_user",
            "user_id",
            unique=True,
            postgresql_where=text("NOT is_done"),
        ),
        Index("ix_receiving_task_order", "order_id", "id"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey(PurchaseOrder.id))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    device: Mapped[str]
    delivery_note: Mapped[str] = mapped_column(server_default="", default="")
    is_done: Mapped[bool] = mapped_column(server_default="false", default=False)
    # What one tap undoes, or puts aside: the line last touched, and the code last refused.
    line_id: Mapped[int | None]
    last_quantity: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    refused_code: Mapped[str] = mapped_column(server_default="", default="")
    # Goods that are tracked and did not say their lot: their code, and as far as it is said.
    asked_code: Mapped[str] = mapped_column(server_default="", default="")
    asked_lot: Mapped[str] = mapped_column(server_default="", default="")

    order: Mapped[PurchaseOrder] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")
    lines: Mapped[list["ReceivingLine"]] = relationship(
        lazy="raise",
        back_populates="task",
        cascade="all, delete-orphan",
        order_by="ReceivingLine.id",
    )

    @property
    def line(self) -> "ReceivingLine | None":
        """The line last touched."""
        return next((line for line in self.lines if line.id == self.line_id), None)

    @property
    def in_hand(self) -> list["ReceivingLine"]:
        """What is scanned and not put away yet."""
        return [line for line in self.lines if line.quantity]


class ReceivingLine(Model):
    """So much of one thing in one condition, in somebody's hands."""

    __tablename__ = "receiving_line"
    __table_args__ = (
        Index("ix_receiving_line_task", "task_id", "id"),
        CheckConstraint("quantity >= 0", "quantity"),
        CheckConstraint(f"condition IN {IN_HAND}", "condition"),
        CheckConstraint("(product_id IS NULL) = (code <> '')", "code"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey(ReceivingTask.id))
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    code: Mapped[str] = mapped_column(server_default="", default="")  # of what nobody knows
    condition: Mapped[str]
    quantity: Mapped[Decimal]
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))

    task: Mapped[ReceivingTask] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product | None] = relationship(lazy="raise")
    lot: Mapped[Lot | None] = relationship(lazy="raise")

    @property
    def called(self) -> str:
        """What people call it."""
        return self.product.sku if self.product else self.code

    @property
    def called_exactly(self) -> str:
        """What people call it, with its lot or serial number."""
        return f"{self.called}, {self.lot.called}" if self.lot else self.called

    def __str__(self) -> str:
        return f"{plain(self.quantity)} {self.called}"
