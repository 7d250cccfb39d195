"""Shifts, and who is down for which on what day."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.attendance.models.employees import Employee
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned


class Shift(Audited, Versioned, Model):
    """A shift as it recurs: hours of the clock, which may pass midnight, and its break.

    Its window begins `early_minutes` before it, and a mark ends it until `late_minutes` after.
    A break that is paid is not taken off.
    """

    __tablename__ = "attendance_shift"
    __table_args__ = (
        Index("uq_attendance_shift_code", text("normal_code(code)"), unique=True),
        CheckConstraint("begins <> ends", "hours"),
        CheckConstraint("early_minutes BETWEEN 0 AND 720", "early_minutes"),
        CheckConstraint("late_minutes BETWEEN 0 AND 720", "late_minutes"),
        CheckConstraint("grace_minutes BETWEEN 0 AND 240", "grace_minutes"),
        CheckConstraint("break_minutes BETWEEN 0 AND 480", "break_minutes"),
    )

    code: Mapped[str]
    name: Mapped[str]
    begins: Mapped[time]
    ends: Mapped[time]
    break_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    is_break_paid: Mapped[bool] = mapped_column(server_default="false", default=False)
    early_minutes: Mapped[int] = mapped_column(server_default="120", default=120)
    late_minutes: Mapped[int] = mapped_column(server_default="240", default=240)
    grace_minutes: Mapped[int] = mapped_column(server_default="5", default=5)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_night(self) -> bool:
        """Tell whether it ends on the next day."""
        return self.ends <= self.begins


class RosterEntry(Model):
    """Somebody is down for a shift on a day; there may be several."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        Index("uq_roster_entry", "employee_id", "day", "shift_id", unique=True),
        Index("ix_roster_entry_day", "day", "employee_id"),
        Index("ix_roster_entry_shift_id", "shift_id"),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    day: Mapped[date]
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))

    employee: Mapped[Employee] = relationship(lazy="raise")
    shift: Mapped[Shift] = relationship(lazy="raise")
