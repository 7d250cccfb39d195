"""What goods were worth when a cycle was closed: its values stay as they were then."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.models import Product
from app.core.db import Model
from app.planning.models.cycles import Cycle

PRICE_DECIMALS = 8  # of a unit, in a currency that may be worth a hundredth of the product's
Price = Numeric(20, PRICE_DECIMALS)


class KeptPrice(Model):
    """What one unit of a product was sold for, and what it cost, when a cycle was closed.

    Both are in the cycle's `priced_in`. None is what was not known then: no price or no cost
    was entered, or there was no rate of its currency.
    """

    __tablename__ = "planning_price"
    __table_args__ = (
        UniqueConstraint("cycle_id", "product_id"),
        Index("ix_planning_price_product", "product_id"),
        CheckConstraint("price > 0 AND cost > 0", "money"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey(Cycle.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    price: Mapped[Decimal | None] = mapped_column(Price)
    cost: Mapped[Decimal | None] = mapped_column(Price)
