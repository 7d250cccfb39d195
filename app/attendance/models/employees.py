"""Who works here, under which contract, and by which rules their time is counted."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.db import Model, Money
from app.core.files import StoredFile
from app.core.indexes import prefix_index, trigram_index
from app.core.versions import Versioned

ROUNDED = {
    "nothing": "Nothing",
    "punches": "Each punch",
    "breaks": "Each break",
    "day": "The sum of a day",
    "shift": "Punches near the shift's begin and end, to those",
}
WAYS = {"nearest": "To the nearest", "down": "Down", "up": "Up"}
STEPS = (1, 5, 6, 10, 15)  # minutes
BREAK_RULES = {
    "none": "Only breaks that were taken",
    "fixed": "So many minutes after so long",
    "german": "30 minutes after 6 hours, 45 after 9 (§ 4 ArbZG)",
}
PAIRINGS = {
    "pairs": "From each in to its out",
    "first_last": "From the first in to the last out of a day",
}
OVERTIME_GOES = {
    "paid": "To payroll",
    "account": "Into the time account",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class RuleSet(Audited, Versioned, Model):
    """How time is counted: rounding, breaks, overtime, and what the clock itself is paid for.

    Minutes that are None never count as overtime. Percentages say what an hour is paid in
    all: 150 is time and a half. Those of bands are paid besides. A time account is cut to its
    cap when a month ends, and to what may be carried over when a year does; None: never.
    """

    __tablename__ = "attendance_rule_set"
    __table_args__ = (
        Index("uq_attendance_rule_set_name", text("lower(name)"), unique=True),
        CheckConstraint(f"pairing IN {tuple(PAIRINGS)}", "pairing"),
        CheckConstraint(f"overtime_goes IN {tuple(OVERTIME_GOES)}", "overtime_goes"),
        CheckConstraint("account_cap >= 0 AND account_carry >= 0", "account"),
        CheckConstraint(f"rounds IN {tuple(ROUNDED)}", "rounds"),
        CheckConstraint(f"rounding IN {tuple(WAYS)}", "rounding"),
        CheckConstraint(f"rounding_minutes IN {STEPS}", "rounding_minutes"),
        CheckConstraint(f"break_rule IN {tuple(BREAK_RULES)}", "break_rule"),
        CheckConstraint("break_after >= 0 AND break_minutes >= 0", "breaks"),
        CheckConstraint("daily_overtime > 0 AND daily_double > 0", "daily"),
        CheckConstraint("weekly_overtime > 0", "weekly"),
        CheckConstraint("week_start BETWEEN 0 AND 6", "week_start"),
        CheckConstraint("overtime_percent >= 100 AND double_percent >= 100", "percent"),
        CheckConstraint(
            "rest_day_percent >= 100 AND holiday_percent >= 100", "percent_of_days"
        ),
        CheckConstraint(
            "night_percent >= 0 AND deep_night_percent >= 0 AND sunday_percent >= 0"
            " AND holiday_band_percent >= 0",
            "bands",
        ),
    )

    name: Mapped[str]
    pairing: Mapped[str] = mapped_column(server_default="pairs", default="pairs")
    rounds: Mapped[str] = mapped_column(server_default="nothing", default="nothing")
    rounding: Mapped[str] = mapped_column(server_default="nearest", default="nearest")
    rounding_minutes: Mapped[int] = mapped_column(server_default="5", default=5)
    break_rule: Mapped[str] = mapped_column(server_default="none", default="none")
    break_after: Mapped[int] = mapped_column(server_default="360", default=360)  # minutes
    break_minutes: Mapped[int] = mapped_column(server_default="30", default=30)
    daily_overtime: Mapped[int | None]  # after so many minutes of a day,
    daily_double: Mapped[int | None]  # and twice the rate after so many
    weekly_overtime: Mapped[int | None]
    has_seventh_day: Mapped[bool] = mapped_column(server_default="false", default=False)
    week_start: Mapped[int] = mapped_column(server_default="0", default=0)  # 0 is Monday
    rest_days: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}", default=list
    )
    overtime_percent: Mapped[int] = mapped_column(server_default="150", default=150)
    double_percent: Mapped[int] = mapped_column(server_default="200", default=200)
    rest_day_percent: Mapped[int] = mapped_column(server_default="150", default=150)
    holiday_percent: Mapped[int] = mapped_column(server_default="200", default=200)
    night_begin: Mapped[time] = mapped_column(server_default="20:00", default=time(20))
    night_end: Mapped[time] = mapped_column(server_default="06:00", default=time(6))
    night_percent: Mapped[int] = mapped_column(server_default="0", default=0)
    deep_night_percent: Mapped[int] = mapped_column(server_default="0", default=0)
    sunday_percent: Mapped[int] = mapped_column(server_default="0", default=0)
    holiday_band_percent: Mapped[int] = mapped_column(server_default="0", default=0)
    overtime_goes: Mapped[str] = mapped_column(server_default="paid", default="paid")
    account_cap: Mapped[int | None]  # minutes
    account_carry: Mapped[int | None]

    def __str__(self) -> str:
        return self.name


class PastRules(Model):
    """How time was counted up to a day that was locked, before its rules were changed.

    It goes when the day is opened again.
    """

    __tablename__ = "attendance_past_rules"
    __table_args__ = (
        Index("uq_attendance_past_rules", "rule_set_id", "last_day", unique=True),
    )

    rule_set_id: Mapped[int] = mapped_column(ForeignKey(RuleSet.id))
    last_day: Mapped[date]
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Employee(Audited, Versioned, Model):
    """Somebody whose time is kept; a user or not. Nobody is deleted: punches refer to them.

    `country` and `region` are those of the workplace: they decide on public holidays.
    """

    __tablename__ = "employee"
    __table_args__ = (
        Index("uq_employee_number", text("normal_code(number)"), unique=True),
        Index("uq_employee_user_id", "user_id", unique=True),
        Index("ix_employee_name_order", "name_key", "id"),
        Index("ix_employee_department", "department", "id"),
        Index("ix_employee_updated_at", "updated_at", "id"),
        trigram_index("employee", "search"),
        prefix_index("employee", "name_key"),
        CheckConstraint("leave_date >= hire_date", "dates"),
    )
    unaudited = frozenset({"search", "name_key"})

    number: Mapped[str]
    name: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    department: Mapped[str] = mapped_column(server_default="", default="")
    cost_centre: Mapped[str] = mapped_column(server_default="", default="")
    time_zone: Mapped[str] = mapped_column(server_default="UTC", default="UTC")
    country: Mapped[str] = mapped_column(server_default="", default="")  # ISO 3166-1 alpha-2
    region: Mapped[str] = mapped_column(server_default="", default="")  # ISO 3166-2, the part
    hire_date: Mapped[date]
    leave_date: Mapped[date | None]  # the last day
    photo_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id))
    forgotten_at: Mapped[datetime | None]  # when nothing but a number was left of them
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(name || ' ' || number || ' ' || department)", persisted=True
        ),
        deferred=True,
    )
    name_key: Mapped[str] = mapped_column(
        Computed("search_text(name)", persisted=True), deferred=True
    )

    user: Mapped[User | None] = relationship(lazy="raise")
    contracts: Mapped[list["Contract"]] = relationship(
        lazy="raise", back_populates="employee", order_by="Contract.valid_from.desc()"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def today(self) -> date:
        """The day that it is where they work."""
        return datetime.now(ZoneInfo(self.time_zone)).date()

    def is_employed_on(self, day: date) -> bool:
        """Tell whether a day lies between the first and the last one."""
        return self.hire_date <= day and (self.leave_date is None or day <= self.leave_date)


class Contract(Audited, Versioned, Model):
    """What holds from a day on, until the next contract: a change never rewrites the past."""

    __tablename__ = "employment_contract"
    __table_args__ = (
        Index("uq_employment_contract_day", "employee_id", "valid_from", unique=True),
        Index("ix_employment_contract_rule_set_id", "rule_set_id"),
        CheckConstraint("weekly_hours BETWEEN 0 AND 168", "weekly_hours"),
        CheckConstraint("rate >= 0", "rate"),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    valid_from: Mapped[date]
    weekly_hours: Mapped[Decimal]
    rule_set_id: Mapped[int] = mapped_column(ForeignKey(RuleSet.id))
    rate: Mapped[Decimal | None] = mapped_column(Money)  # an hour's
    currency: Mapped[str] = mapped_column(server_default="USD", default="USD")

    employee: Mapped[Employee] = relationship(lazy="raise", back_populates="contracts")
    rule_set: Mapped[RuleSet] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"contract from {self.valid_from}"
