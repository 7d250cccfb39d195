"""Scenarios: what a cycle says, copied under a name, to be changed without changing it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.db import Model
from app.planning.models.cycles import Cycle, ScopeRow
from app.planning.models.forecasts import Quantities

SCENARIO_STATUSES = {"open": "Open", "adopted": "Adopted", "discarded": "Discarded"}


class Scenario(Audited, Model):
    """A copy of a cycle's consensus: its adjustments are its own until it is adopted.

    One that is decided about stays to be read.
    """

    __tablename__ = "planning_scenario"
    __table_args__ = (
        UniqueConstraint("cycle_id", "name"),
        CheckConstraint(f"status IN {tuple(SCENARIO_STATUSES)}", "status"),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", "decided"),
    )
    unaudited = frozenset({"cycle_id", "actor_id"})

    cycle_id: Mapped[int] = mapped_column(ForeignKey(Cycle.id, ondelete="CASCADE"))
    name: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="", default="")
    status: Mapped[str] = mapped_column(server_default="open", default="open")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    actor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[actor_id])

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Tell whether it can be changed, adopted and discarded."""
        return self.status == "open"


class ScenarioRow(Model):
    """What a row said in each month when the scenario was copied."""

    __tablename__ = "planning_scenario_row"
    __table_args__ = (
        UniqueConstraint("scenario_id", "scope_id"),
        Index("ix_planning_scenario_row_scope", "scope_id"),
    )

    scenario_id: Mapped[int] = mapped_column(ForeignKey(Scenario.id, ondelete="CASCADE"))
    scope_id: Mapped[int] = mapped_column(ForeignKey(ScopeRow.id, ondelete="CASCADE"))
    quantities: Mapped[list[Decimal | None]] = mapped_column(Quantities)
