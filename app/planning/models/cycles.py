"""Cycles of planning, who takes part, and who forecasts what."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned
from app.planning.months import months_after

CYCLE_STATUSES = {"draft": "Draft", "open": "Open", "closed": "Closed"}
SUBMISSION_STATUSES = {
    "draft": "In work",
    "submitted": "Submitted",
    "returned": "Returned",
    "approved": "Approved",
}
WRITABLE = ("draft", "returned")  # states in which a rep still writes
LONGEST_HORIZON = 24  # months
MOST_PERCENT = 1000


class Cycle(Audited, Versioned, Model):
    """One round of planning: reps forecast the months from `month` on until `due_on`.

    `history_first` is the month that the histories of its rows begin with: they are kept as
    they were when it was opened. `priced_in` is the currency that prices were kept in when it
    was closed; empty, where none were.
    """

    __tablename__ = "planning_cycle"
    __table_args__ = (
        UniqueConstraint("month"),
        CheckConstraint(f"status IN {tuple(CYCLE_STATUSES)}", "status"),
        CheckConstraint(f"months BETWEEN 1 AND {LONGEST_HORIZON}", "months"),
        CheckConstraint(f"threshold BETWEEN 0 AND {MOST_PERCENT}", "threshold"),
        CheckConstraint("EXTRACT(DAY FROM month) = 1", "first_day"),
        CheckConstraint("(status = 'draft') = (opened_at IS NULL)", "opened"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", "closed"),
        CheckConstraint("(opened_at IS NULL) = (history_first IS NULL)", "history"),
    )

    month: Mapped[date]
    months: Mapped[int]  # how many are forecast
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default="draft", default="draft")
    threshold: Mapped[int]  # percent off the baseline from which a reason is asked for
    note: Mapped[str] = mapped_column(server_default="", default="")
    reminder_subject: Mapped[str]
    reminder_text: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    history_first: Mapped[date | None]
    priced_in: Mapped[str] = mapped_column(server_default="", default="")

    submissions: Mapped[list["Submission"]] = relationship(
        lazy="raise", order_by="Submission.id", back_populates="cycle"
    )

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    @property
    def horizon(self) -> list[date]:
        """The months that are forecast, each by its first day."""
        return [months_after(self.month, number) for number in range(self.months)]

    @property
    def is_open(self) -> bool:
        """Tell whether forecasts can be written."""
        return self.status == "open"

    @property
    def is_draft(self) -> bool:
        """Tell whether it can still be changed in all its parts."""
        return self.status == "draft"


class Submission(Audited, Model):
    """What one rep hands in: it is submitted, and approved or returned with a reason."""

    __tablename__ = "planning_submission"
    __table_args__ = (
        UniqueConstraint("cycle_id", "user_id"),
        Index("ix_planning_submission_user", "user_id"),
        CheckConstraint(f"status IN {tuple(SUBMISSION_STATUSES)}", "status"),
        CheckConstraint("status <> 'returned' OR reason <> ''", "reason"),
    )
    unaudited = frozenset({"cycle_id", "user_id"})

    cycle_id: Mapped[int] = mapped_column(ForeignKey(Cycle.id))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    status: Mapped[str] = mapped_column(server_default="draft", default="draft")
    reason: Mapped[str] = mapped_column(server_default="", default="")  # why it was returned
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    cycle: Mapped[Cycle] = relationship(lazy="raise", back_populates="submissions")
    user: Mapped[User] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"submission {self.id}"

    @property
    def is_writable(self) -> bool:
        """Tell whether the rep may still change it."""
        return self.status in WRITABLE


class ScopeRow(Model):
    """A customer and a product that a rep forecasts in a cycle.

    From opening on it stays as it is. `history` is what was sold by month since the cycle's
    `history_first`, `previous` what the cycle before said for each month of this one.
    """

    __tablename__ = "planning_scope"
    __table_args__ = (
        UniqueConstraint("cycle_id", "customer_id", "product_id"),
        Index("ix_planning_scope_rep", "cycle_id", "user_id"),
        Index("ix_planning_scope_product", "product_id"),
        Index("ix_planning_scope_customer", "customer_id"),
        ForeignKeyConstraint(
            ["cycle_id", "user_id"],
            [Submission.cycle_id, Submission.user_id],
            name="fk_planning_scope_rep",
        ),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey(Cycle.id))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    history: Mapped[list[Decimal]] = mapped_column(
        ARRAY(Numeric(14, 3)), server_default="{}", default=list
    )
    previous: Mapped[list[Decimal | None]] = mapped_column(
        ARRAY(Numeric(14, 3)), server_default="{}", default=list
    )

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])
    customer: Mapped[Customer] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"row {self.id}"
