"""Time accounts: what was entered by hand is kept for good, days follow from timesheets."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attendance.models.corrections import REQUEST_STATES
from app.attendance.models.employees import Employee
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned

ENTRIES = {
    "opening": "Brought in",
    "adjustment": "Adjustment",
    "payout": "Paid out",
}
OVERTIME_STATES = {name: REQUEST_STATES[name] for name in ("requested", "approved", "rejected")}


class TimeAccount(Model):
    """How far the days of an account have been derived, and from when they have to be again."""

    __tablename__ = "time_account"

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id), unique=True)
    known_until: Mapped[date | None]
    stale_from: Mapped[date | None]
    is_approval_wanted: Mapped[bool] = mapped_column(server_default="false", default=False)
    # What its earlier days followed from is forgotten: they stay as they are.
    kept_from: Mapped[date | None]


class AccountDay(Model):
    """What a day that is over adds to an account: `flask attendance rebuild` makes it anew.

    All in minutes. `cap` and `carry` are what held on that day; days that are locked stay.
    """

    __tablename__ = "time_account_day"
    __table_args__ = (
        Index("uq_time_account_day", "employee_id", "day", unique=True),
        CheckConstraint("credited >= 0 AND expected >= 0", "minutes"),
        CheckConstraint("cap >= 0 AND carry >= 0", "limits"),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    day: Mapped[date]
    credited: Mapped[int]
    expected: Mapped[int]
    cap: Mapped[int | None]
    carry: Mapped[int | None]


class AccountEntry(Model):
    """Minutes that somebody has put into an account, or taken out: never changed.

    A mistake is reversed by another entry. An account begins on the day of its opening.
    """

    __tablename__ = "time_account_entry"
    __table_args__ = (
        Index("ix_time_account_entry_employee", "employee_id", "day"),
        Index(
            "uq_time_account_entry_reverses",
            "reverses_id",
            unique=True,
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
        CheckConstraint(f"kind IN {tuple(ENTRIES)}", "kind"),
        CheckConstraint("reason <> ''", "reason"),
        CheckConstraint("minutes <> 0 OR kind = 'opening'", "minutes"),
        CheckConstraint(
            "kind <> 'payout' OR (minutes < 0) = (reverses_id IS NULL)", "paid_out"
        ),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    day: Mapped[date]
    kind: Mapped[str]
    minutes: Mapped[int]  # a payout takes out: it is negative
    reason: Mapped[str]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("time_account_entry.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    employee: Mapped[Employee] = relationship(lazy="raise")
    created_by: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"{ENTRIES[self.kind]} of {self.day}"


class Overtime(Audited, Versioned, Model):
    """A day's minutes beyond regular hours, and how many of them somebody has approved.

    The minutes follow from the timesheet. If they become more than was approved, the rest
    waits again.
    """

    __tablename__ = "overtime"
    __table_args__ = (
        Index("uq_overtime_day", "employee_id", "day", unique=True),
        Index(
            "ix_overtime_requested", "day", "id", postgresql_where=text("state = 'requested'")
        ),
        CheckConstraint(f"state IN {tuple(OVERTIME_STATES)}", "state"),
        CheckConstraint("approved >= 0", "approved"),
        CheckConstraint(
            "overtime >= 0 AND double >= 0 AND rest_day >= 0 AND holiday >= 0", "minutes"
        ),
        CheckConstraint("state = 'requested' OR decided_at IS NOT NULL", "decided"),
    )
    unaudited = frozenset({"overtime", "double", "rest_day", "holiday"})

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    day: Mapped[date]
    overtime: Mapped[int] = mapped_column(server_default="0", default=0)
    double: Mapped[int] = mapped_column(server_default="0", default=0)
    rest_day: Mapped[int] = mapped_column(server_default="0", default=0)
    holiday: Mapped[int] = mapped_column(server_default="0", default=0)
    approved: Mapped[int] = mapped_column(server_default="0", default=0)
    state: Mapped[str] = mapped_column(server_default="requested", default="requested")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default="", default="")

    employee: Mapped[Employee] = relationship(lazy="raise")
    decided_by: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"overtime of {self.day}"

    @property
    def minutes(self) -> int:
        """All of it."""
        return self.overtime + self.double + self.rest_day + self.holiday
