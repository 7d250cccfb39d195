"""What is forecast: baselines, what people write over them, each change, and snapshots."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.planning.models.cycles import ScopeRow

SOURCES = {
    "typed": "Typed",
    "pasted": "Pasted",
    "filled": "Filled",
    "spread": "Spread from a total",
    "changed": "Changed by an amount",
    "undone": "Undone",
    "imported": "Imported",
    "api": "By a program",
}
STAGES = {
    "naive": "As last year",
    "baseline": "Baseline",
    "submitted": "Submitted",
    "consensus": "Consensus",
}
METHODS = {
    "none": "No baseline",
    "zero": "Zero",
    "mean": "Mean of recent months",
    "seasonal_naive": "As a year before",
    "intermittent": "Croston, with the correction of Syntetos and Boylan",
    "theta": "Theta: smoothing with half the trend",
    "smoothed": "Mean of damped smoothing and the year before",
    "ensemble": "Mean of theta and damped smoothing",
}
Quantities = ARRAY(Numeric(14, 3))


class Baseline(Model):
    """What a method forecasts for a row, by month, with its interval, its error and why.

    `wape` is its error over months it was not shown, in hundredths; None where there were too
    few. Without a baseline the quantities are empty.
    """

    __tablename__ = "planning_baseline"
    __table_args__ = (
        UniqueConstraint("scope_id"),
        CheckConstraint(f"method IN {tuple(METHODS)}", "method"),
        CheckConstraint("(method = 'none') = (quantities = '{}')", "none"),
    )

    scope_id: Mapped[int] = mapped_column(ForeignKey(ScopeRow.id))
    method: Mapped[str]
    reason: Mapped[str]
    quantities: Mapped[list[Decimal]] = mapped_column(Quantities)
    low: Mapped[list[Decimal]] = mapped_column(Quantities)
    high: Mapped[list[Decimal]] = mapped_column(Quantities)
    wape: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))

    scope: Mapped[ScopeRow] = relationship(lazy="raise")


class ForecastCell(Model):
    """What somebody wrote for a row and a month; an empty quantity leaves the baseline."""

    __tablename__ = "forecast_cell"
    __table_args__ = (
        UniqueConstraint("scope_id", "month"),
        CheckConstraint(f"source IN {tuple(SOURCES)}", "source"),
        CheckConstraint("quantity >= 0", "quantity"),
        CheckConstraint("version > 0", "version"),
    )

    scope_id: Mapped[int] = mapped_column(ForeignKey(ScopeRow.id))
    month: Mapped[date]
    quantity: Mapped[Decimal | None]
    version: Mapped[int]
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="", default="")
    comment: Mapped[str] = mapped_column(server_default="", default="")
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())

    scope: Mapped[ScopeRow] = relationship(lazy="raise")
    changed_by: Mapped[User | None] = relationship(lazy="raise")


class CellChange(Model):
    """One change of a cell, as it was made; nothing of it is changed any more.

    `op_id` is the number that whoever sent it gave it: sent twice, it counts once.
    """

    __tablename__ = "cell_change"
    __table_args__ = (
        UniqueConstraint("op_id"),
        Index("ix_cell_change_cell", "scope_id", "month", "version"),
        CheckConstraint(f"source IN {tuple(SOURCES)}", "source"),
    )

    op_id: Mapped[UUID]
    scope_id: Mapped[int] = mapped_column(ForeignKey(ScopeRow.id))
    month: Mapped[date]
    version: Mapped[int]
    quantity: Mapped[Decimal | None]
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="", default="")
    comment: Mapped[str] = mapped_column(server_default="", default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    actor: Mapped[User | None] = relationship(lazy="raise")


class Snapshot(Model):
    """What a row said at a stage, by month: accuracy is measured by these alone."""

    __tablename__ = "planning_snapshot"
    __table_args__ = (
        Index("ix_planning_snapshot_scope", "scope_id", "stage", "id"),
        CheckConstraint(f"stage IN {tuple(STAGES)}", "stage"),
    )

    scope_id: Mapped[int] = mapped_column(ForeignKey(ScopeRow.id))
    stage: Mapped[str]
    quantities: Mapped[list[Decimal | None]] = mapped_column(Quantities)

    scope: Mapped[ScopeRow] = relationship(lazy="raise")
