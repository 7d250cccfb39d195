"""What somebody says was punched otherwise, why, and who agreed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attendance.models.employees import Employee
from app.attendance.models.punches import Punch
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned

CORRECTIONS = {
    "add": "Add a punch that is missing",
    "void": "Take a punch out",
    "retime": "Give a punch another time",
}
REQUEST_STATES = {
    "requested": "Waits for approval",
    "approved": "Approved",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
}


class Correction(Audited, Versioned, Model):
    """A punch to be added, taken out or given another time. It counts once it is approved.

    `at` is the time that counts, `direction` what an added punch is. The punch stays as it was.
    """

    __tablename__ = "punch_correction"
    __table_args__ = (
        Index("ix_punch_correction_employee", "employee_id", "state"),
        Index(
            "ix_punch_correction_requested",
            "id",
            postgresql_where=text("state = 'requested'"),
        ),
        Index(
            "uq_punch_correction_punch",
            "punch_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'approved')"),
        ),
        CheckConstraint(f"kind IN {tuple(CORRECTIONS)}", "kind"),
        CheckConstraint(f"state IN {tuple(REQUEST_STATES)}", "state"),
        CheckConstraint("(kind = 'add') = (punch_id IS NULL)", "punch"),
        CheckConstraint("(kind = 'void') = (at IS NULL)", "at"),
        CheckConstraint("kind = 'add' OR direction = ''", "direction"),
        CheckConstraint(
            "kind <> 'add' OR direction IN ('in', 'out', 'break', 'resume')", "added"
        ),
        CheckConstraint("reason <> ''", "reason"),
        CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL", "decided"
        ),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    kind: Mapped[str]
    punch_id: Mapped[int | None] = mapped_column(ForeignKey(Punch.id))
    at: Mapped[datetime | None]
    direction: Mapped[str] = mapped_column(server_default="", default="")
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="requested", default="requested")
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default="", default="")

    employee: Mapped[Employee] = relationship(lazy="raise")
    punch: Mapped[Punch | None] = relationship(lazy="raise")
    requested_by: Mapped[User | None] = relationship(
        lazy="raise", foreign_keys=[requested_by_id]
    )
    decided_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return f"correction {self.id}"
