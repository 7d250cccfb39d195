"""A build: components went into a product, in one posting."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Product
from app.core.audit import Audited
from app.core.db import Model, Money
from app.stock.models import Location, Posting


class Build(Audited, Model):
    """So much of a product, built of its components. Those are the movements of its posting.

    `scrapped` is what went wrong: it took components too, and what those cost is borne by the
    rest. `value` is what the components had cost on average, in the product's currency; None
    where that is not known. `request` tells apart what was asked for under one key.
    """

    __tablename__ = "build"
    __table_args__ = (
        Index("ix_build_product", "product_id", "id"),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("scrapped >= 0", "scrapped"),
        CheckConstraint("value >= 0", "value"),
    )
    unaudited = frozenset(
        {"key", "request", "product_id", "location_id", "posting_id", "value"}
        | {"actor_id", "undone_by_id"}
    )

    key: Mapped[str] = mapped_column(unique=True)
    request: Mapped[str]
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    quantity: Mapped[Decimal]
    scrapped: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    value: Mapped[Decimal | None] = mapped_column(Money)
    note: Mapped[str] = mapped_column(server_default="", default="")
    # None only within the unit of work that makes it.
    posting_id: Mapped[int | None] = mapped_column(ForeignKey(Posting.id), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    product: Mapped[Product] = relationship(lazy="raise")
    location: Mapped[Location] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[actor_id])
    undone_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return build_number(self.id)

    @property
    def is_undone(self) -> bool:
        """Tell whether somebody has taken it back."""
        return self.undone_at is not None


def build_number(build_id: int) -> str:
    """Write the number of a build as it stands on pages."""
    return f"BD-{build_id:06}"
