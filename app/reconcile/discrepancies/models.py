"""What is compared, and what differs."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Product
from app.core.audit import Audited
from app.core.db import Model, Money
from app.integrations.hub.models import Connection
from app.stock.models import Location

STATES = {
    "open": "Open",
    "explained": "Explained",
    "dismissed": "Dismissed",
    "reconciled": "Reconciled",
}
UNFINISHED = ("open", "explained", "dismissed")


class StockComparison(Audited, Model):
    """Where our books say what lies at a marketplace, and how the last comparison went.

    `tolerance` is by how many pieces of a product both may differ. `problem` says why nothing
    was compared.
    """

    __tablename__ = "stock_comparison"
    __table_args__ = (
        UniqueConstraint("connection_id"),
        CheckConstraint("tolerance >= 0", "tolerance"),
    )
    unaudited = frozenset(
        {"compared_at", "snapshot_at", "compared", "differing", "unknown", "untold", "problem"}
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    location_id: Mapped[int] = mapped_column(ForeignKey(Location.id))
    tolerance: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    compared_at: Mapped[datetime | None]
    snapshot_at: Mapped[datetime | None]
    compared: Mapped[int] = mapped_column(server_default="0", default=0)  # products
    differing: Mapped[int] = mapped_column(server_default="0", default=0)
    unknown: Mapped[int] = mapped_column(server_default="0", default=0)  # SKUs, no product
    untold: Mapped[int] = mapped_column(server_default="0", default=0)  # ours alone
    problem: Mapped[str] = mapped_column(server_default="", default="")

    connection: Mapped[Connection] = relationship(lazy="raise")
    location: Mapped[Location] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"Comparison {self.connection_id}"


class Discrepancy(Audited, Model):
    """A product of which a marketplace has more or less than our books say.

    `ours` is what our books said at the moment of the snapshot; `quantity` is theirs less ours,
    `value` that at our sale price. It stays until both agree; each product has one at most.
    """

    __tablename__ = "discrepancy"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(STATES)}", "state"),
        CheckConstraint("quantity = theirs - ours", "quantity"),
        CheckConstraint("(state = 'reconciled') = (closed_at IS NOT NULL)", "closed"),
        Index(
            "uq_discrepancy_open", "connection_id", "product_id", unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_discrepancy_state", "state", "first_seen_at", "id"),
        Index("ix_discrepancy_product", "product_id"),
    )  # fmt: skip
    unaudited = frozenset(
        {"ours", "theirs", "quantity", "value", "currency", "snapshot_at", "seen_at"}
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"))
    ours: Mapped[Decimal]
    theirs: Mapped[Decimal]
    quantity: Mapped[Decimal]
    value: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open", default="open")
    note: Mapped[str] = mapped_column(server_default="", default="")
    snapshot_at: Mapped[datetime]
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    connection: Mapped[Connection] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"Discrepancy {self.id}"

    def judge(self, state: str, note: str) -> None:
        """Say what is thought of it; it ends once both agree."""
        self.state, self.note = state, note
