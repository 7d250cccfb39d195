"""What planners change of the consensus: a layer over what reps wrote, with who and why."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.db import Model
from app.planning.models.cycles import Cycle, ScopeRow
from app.planning.models.scenarios import Scenario

Total = Numeric(20, 3)


class Adjustment(Model):
    """What a level of a cycle says by a planner's word; without a month it is all of them.

    The level are the rows that all of rep, customer, product, country and category leave.
    One of a scenario counts there, and not in the cycle. `before` and `after` are what it said
    in all, then and by this. One that is undone counts no more, and stays to be read.
    """

    __tablename__ = "planning_adjustment"
    __table_args__ = (
        CheckConstraint("after >= 0", "after"),
        CheckConstraint("reason <> ''", "reason"),
        CheckConstraint("undone_by_id IS NULL OR undone_at IS NOT NULL", "undone"),
        Index("ix_planning_adjustment_cycle", "cycle_id", "id"),
        Index(
            "ix_planning_adjustment_scenario",
            "scenario_id",
            postgresql_where=text("scenario_id IS NOT NULL"),
        ),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey(Cycle.id, ondelete="CASCADE"))
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey(Scenario.id, ondelete="CASCADE"))
    rep_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey(Customer.id))
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))
    country: Mapped[str] = mapped_column(server_default="", default="")
    category: Mapped[str] = mapped_column(server_default="", default="")
    month: Mapped[date | None]
    before: Mapped[Decimal] = mapped_column(Total)
    after: Mapped[Decimal] = mapped_column(Total)
    reason: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    scenario: Mapped[Scenario | None] = relationship(lazy="raise")
    rep: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[rep_id])
    customer: Mapped[Customer | None] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[actor_id])

    def __str__(self) -> str:
        return f"{self.level}, {self.when}"

    @property
    def level(self) -> str:
        """Say which rows it is of."""
        told = [
            self.rep.name if self.rep else "",
            self.customer.code if self.customer else "",
            self.product.sku if self.product else "",
            self.country,
            self.category,
        ]
        return ", ".join(filter(None, told)) or "Everything"

    @property
    def when(self) -> str:
        """Say which months it is of."""
        return f"{self.month:%B %Y}" if self.month else "all months"

    @property
    def counts(self) -> bool:
        """Tell whether it is part of the consensus, or of its scenario."""
        return self.undone_at is None


class AdjustmentCell(Model):
    """What an adjustment adds to a row in a month, or takes off."""

    __tablename__ = "planning_adjustment_cell"
    __table_args__ = (
        UniqueConstraint("adjustment_id", "scope_id", "month"),
        Index("ix_planning_adjustment_cell_scope", "scope_id"),
        CheckConstraint("difference <> 0", "difference"),
    )

    adjustment_id: Mapped[int] = mapped_column(ForeignKey(Adjustment.id, ondelete="CASCADE"))
    scope_id: Mapped[int] = mapped_column(ForeignKey(ScopeRow.id, ondelete="CASCADE"))
    month: Mapped[date]
    difference: Mapped[Decimal]
