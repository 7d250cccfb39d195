"""Shifts that people give each other: asked, accepted, approved; then the roster changes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attendance.models.employees import Employee
from app.attendance.models.rosters import Shift
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned

SWAP_STATES = {
    "asked": "Waits for a colleague",
    "requested": "Waits for approval",
    "approved": "Approved",
    "declined": "Declined by the colleague",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
}


class ShiftSwap(Audited, Versioned, Model):
    """Somebody wants to give a shift away, to a colleague or to whoever takes it.

    Without a `colleague` it is open to all who work such shifts. Whoever accepts may give one
    of theirs in return.
    """

    __tablename__ = "shift_swap"
    __table_args__ = (
        Index("ix_shift_swap_employee", "employee_id", "id"),
        Index("ix_shift_swap_colleague", "colleague_id", "id"),
        Index(
            "ix_shift_swap_open",
            "state",
            "day",
            postgresql_where=text("state IN ('asked', 'requested')"),
        ),
        Index(
            "uq_shift_swap_cell",
            "employee_id",
            "day",
            "shift_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'requested')"),
        ),
        CheckConstraint(f"state IN {tuple(SWAP_STATES)}", "state"),
        CheckConstraint("employee_id <> colleague_id", "colleague"),
        CheckConstraint("(return_day IS NULL) = (return_shift_id IS NULL)", "return"),
        CheckConstraint(
            "state NOT IN ('requested', 'approved') OR colleague_id IS NOT NULL", "accepted"
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL", "decided"
        ),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    day: Mapped[date]
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey(Employee.id))
    return_day: Mapped[date | None]
    return_shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id))
    reason: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[str] = mapped_column(server_default="asked", default="asked")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default="", default="")

    employee: Mapped[Employee] = relationship(lazy="raise", foreign_keys=[employee_id])
    colleague: Mapped[Employee | None] = relationship(lazy="raise", foreign_keys=[colleague_id])
    shift: Mapped[Shift] = relationship(lazy="raise", foreign_keys=[shift_id])
    return_shift: Mapped[Shift | None] = relationship(
        lazy="raise", foreign_keys=[return_shift_id]
    )
    decided_by: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"swap of {self.day}"
