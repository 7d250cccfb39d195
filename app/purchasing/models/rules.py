"""When and how much of a product is bought for one warehouse, where that differs."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned
from app.stock.models import Location

ZERO = Decimal(0)


class ReorderRule(Audited, Versioned, Model):
    """The reorder point of a product in a warehouse, and what follows from it.

    A product that has such rules is looked at warehouse by warehouse; its own reorder point
    counts no more.
    """

    __tablename__ = "reorder_rule"
    __table_args__ = (
        UniqueConstraint("product_id", "warehouse_id"),
        Index("ix_reorder_rule_warehouse", "warehouse_id", "product_id"),
        CheckConstraint(
            "reorder_point >= 0 AND reorder_quantity >= 0 AND maximum_stock >= 0 "
            "AND safety_stock >= 0",
            "quantities",
        ),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    reorder_point: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    reorder_quantity: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    maximum_stock: Mapped[Decimal | None]
    safety_stock: Mapped[Decimal] = mapped_column(server_default="0", default=ZERO)
    lead_time_days: Mapped[int | None]

    product: Mapped[Product] = relationship(lazy="raise")
    warehouse: Mapped[Location] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"Reorder rule {self.id}"
