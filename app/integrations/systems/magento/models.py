"""Where a shop is told our stock, and what it was told, so that only what differs is again."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.models import Product
from app.core.audit import Audited
from app.core.db import Model
from app.integrations.hub.models import Connection


class StockSource(Audited, Model):
    """The source of a shop that our stock is published to; without one it is told nothing."""

    __tablename__ = "magento_stock_source"

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id), unique=True)
    source: Mapped[str]

    def __str__(self) -> str:
        return self.source


class FollowedOrder(Model):
    """Where a shop had an order go when we looked last, by our columns."""

    __tablename__ = "magento_followed_order"
    __table_args__ = (UniqueConstraint("connection_id", "external_id"),)

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    address: Mapped[dict[str, Any]] = mapped_column(JSONB)


class PublishedStock(Model):
    """How much of a product the shop believes to be in its source."""

    __tablename__ = "published_stock"
    __table_args__ = (UniqueConstraint("connection_id", "product_id"),)

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"))
    quantity: Mapped[Decimal]
    published_at: Mapped[datetime]
