"""Who is away, why, and how many days somebody has of it; and the company's own holidays."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attendance.models.corrections import REQUEST_STATES
from app.attendance.models.employees import Employee
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned


class AbsenceType(Audited, Versioned, Model):
    """A reason to be away: leave, illness, a course.

    One that is paid counts as the hours that were expected. With an allowance there are only
    so many days of it in a year.
    """

    __tablename__ = "absence_type"
    __table_args__ = (Index("uq_absence_type_name", text("lower(name)"), unique=True),)

    name: Mapped[str]
    is_paid: Mapped[bool] = mapped_column(server_default="true", default=True)
    has_allowance: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)

    def __str__(self) -> str:
        return self.name


class Allowance(Audited, Versioned, Model):
    """How many days of a type somebody has in a year, and what is left from the one before."""

    __tablename__ = "absence_allowance"
    __table_args__ = (
        Index("uq_absence_allowance", "employee_id", "type_id", "year", unique=True),
        CheckConstraint("days >= 0 AND carried >= 0", "days"),
        CheckConstraint("year BETWEEN 1970 AND 9998", "year"),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    type_id: Mapped[int] = mapped_column(ForeignKey(AbsenceType.id))
    year: Mapped[int]
    days: Mapped[Decimal]
    carried: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))

    def __str__(self) -> str:
        return f"allowance of {self.year}"


class Absence(Audited, Versioned, Model):
    """Somebody is away on some days; the first and the last may be half ones."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_employee", "employee_id", "first_day"),
        Index("ix_absence_days", "first_day", "last_day"),
        Index("ix_absence_requested", "id", postgresql_where=text("state = 'requested'")),
        CheckConstraint("last_day >= first_day", "days"),
        CheckConstraint(f"state IN {tuple(REQUEST_STATES)}", "state"),
        CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL", "decided"
        ),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    type_id: Mapped[int] = mapped_column(ForeignKey(AbsenceType.id))
    first_day: Mapped[date]
    last_day: Mapped[date]
    is_first_half: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_last_half: Mapped[bool] = mapped_column(server_default="false", default=False)
    reason: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[str] = mapped_column(server_default="requested", default="requested")
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default="", default="")

    employee: Mapped[Employee] = relationship(lazy="raise")
    type: Mapped[AbsenceType] = relationship(lazy="joined", innerjoin=True)
    decided_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return f"{self.type} from {self.first_day}"

    def portion_on(self, day: date) -> Decimal:
        """How much of a day it takes: all, half, or nothing."""
        if not self.first_day <= day <= self.last_day:
            return Decimal(0)
        is_half = (day == self.first_day and self.is_first_half) or (
            day == self.last_day and self.is_last_half
        )
        return Decimal("0.5") if is_half else Decimal(1)


class OwnHoliday(Audited, Versioned, Model):
    """A holiday of the company's own, or half of one; with a country or region only there."""

    __tablename__ = "own_holiday"
    __table_args__ = (
        Index("uq_own_holiday", "day", "country", "region", unique=True),
        CheckConstraint("region = '' OR country <> ''", "region"),
    )

    day: Mapped[date]
    name: Mapped[str]
    country: Mapped[str] = mapped_column(server_default="", default="")
    region: Mapped[str] = mapped_column(server_default="", default="")
    is_half: Mapped[bool] = mapped_column(server_default="false", default=False)

    def __str__(self) -> str:
        return self.name
