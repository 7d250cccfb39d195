"""What goes to the carrier, and every piece that was scanned into it."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.fulfilment.models.tasks import PickTaskOrder
from app.orders.models import OrderLine, SalesOrder
from app.stock.models import Lot, Posting


class Parcel(Model):
    """One parcel of an order."""

    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("task_order_id", "number"),
        Index("ix_parcel_order", "order_id", "id"),
        Index("ix_parcel_posting", "posting_id"),
        CheckConstraint("state IN ('open', 'shipped', 'cancelled')", "state"),
        CheckConstraint("weight_kg > 0", "weight"),
        CheckConstraint("length_cm > 0 AND width_cm > 0 AND height_cm > 0", "size"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey(SalesOrder.id))
    task_order_id: Mapped[int] = mapped_column(ForeignKey(PickTaskOrder.id))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    weight_kg: Mapped[Decimal | None]
    length_cm: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))
    width_cm: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))
    height_cm: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))
    carrier: Mapped[str] = mapped_column(default="", server_default="")
    tracking: Mapped[str] = mapped_column(default="", server_default="")
    # With which it left; with what is told to the shop.
    posting_id: Mapped[int | None] = mapped_column(ForeignKey(Posting.id))

    lines: Mapped[list["ParcelLine"]] = relationship(lazy="raise", order_by="ParcelLine.id")


class ParcelLine(Model):
    """How much of an order line was scanned into a parcel, lot by lot where it has lots."""

    __tablename__ = "parcel_line"
    __table_args__ = (
        Index(
            "uq_parcel_line_once",
            "parcel_id",
            "order_line_id",
            text("coalesce(lot_id, 0)"),
            unique=True,
        ),
        CheckConstraint("quantity > 0", "quantity"),
    )

    parcel_id: Mapped[int] = mapped_column(ForeignKey(Parcel.id))
    order_line_id: Mapped[int] = mapped_column(ForeignKey(OrderLine.id))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))
    quantity: Mapped[Decimal]

    lot: Mapped[Lot | None] = relationship(lazy="raise")
