"""What lies in a tote for nobody any more."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import Model
from app.orders.models import SalesOrder
from app.stock.models import Location, Lot


class PutBack(Model):
    """Goods of a cancelled order that go from their tote back to the bin."""

    __tablename__ = "put_back"
    __table_args__ = (
        Index("ix_put_back_open", "tote_id", "id", postgresql_where=text("done_at IS NULL")),
        Index("ix_put_back_order", "order_id"),
        Index("ix_put_back_done", "done_by_id", "done_at"),
        CheckConstraint("quantity > 0", "quantity"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey(SalesOrder.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey(Lot.id))
    tote_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    # Another bin that was scanned: the second time it is meant. Later, where the goods lie.
    bin_id: Mapped[int | None] = mapped_column(ForeignKey(Location.id))
    quantity: Mapped[Decimal]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    order: Mapped[SalesOrder] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    tote: Mapped[Location] = relationship(lazy="raise", foreign_keys=[tote_id])
    location: Mapped[Location] = relationship(lazy="raise", foreign_keys=[location_id])
    lot: Mapped[Lot | None] = relationship(lazy="raise")

    @property
    def called(self) -> str:
        """What people call the goods: the SKU, and their lot or serial number."""
        return f"{self.product.sku}, {self.lot.called}" if self.lot else self.product.sku
