"""Periods that have been paid, and what was sent to payroll for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.attendance.reckoning.columns import DAYS, ENCODINGS, MAP, MARKS, SEPARATORS, Map
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned


class PeriodLock(Audited, Model):
    """All days up to one are locked, until somebody opens them again."""

    __tablename__ = "attendance_lock"
    __table_args__ = (
        Index(
            "uq_attendance_lock_last_day",
            "last_day",
            unique=True,
            postgresql_where=text("opened_at IS NULL"),
        ),
        CheckConstraint("(opened_at IS NULL) = (reason = '')", "opened"),
    )

    last_day: Mapped[date]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    opened_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="", default="")  # why it was opened

    locked_by: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"days up to {self.last_day}"


class PayrollExport(Model):
    """What was given to payroll for a period: its number is that of the batch.

    `lines` are the hours of each person as they were then: a preset that adds gives the next
    time only what is different.
    """

    __tablename__ = "payroll_export"
    __table_args__ = (
        Index("ix_payroll_export_days", "preset", "first_day", "id"),
        CheckConstraint("last_day >= first_day", "days"),
    )

    preset: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    file_name: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    lines: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", default=list)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))

    created_by: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"batch {self.id}"


class PayrollMap(Audited, Versioned, Model):
    """Columns of a file for a payroll program, as somebody has written them down.

    A batch keeps the map that it was written with: this one may change, or go.
    """

    __tablename__ = "payroll_map"
    __table_args__ = (
        Index("uq_payroll_map_name", text("lower(name)"), unique=True),
        CheckConstraint(f"separator IN {tuple(SEPARATORS)}", "separator"),
        CheckConstraint(f"encoding IN {tuple(ENCODINGS)}", "encoding"),
        CheckConstraint(f"decimal_mark IN {tuple(MARKS)}", "decimal_mark"),
        CheckConstraint(f"day_format IN {tuple(DAYS)}", "day_format"),
        CheckConstraint("columns <> ''", "columns"),
    )

    name: Mapped[str]
    adds: Mapped[bool] = mapped_column(server_default="true", default=True)
    is_long: Mapped[bool] = mapped_column(server_default="false", default=False)
    separator: Mapped[str] = mapped_column(server_default="comma", default="comma")
    encoding: Mapped[str] = mapped_column(server_default="utf-8", default="utf-8")
    decimal_mark: Mapped[str] = mapped_column(server_default="point", default="point")
    day_format: Mapped[str] = mapped_column(server_default="iso", default="iso")
    has_header: Mapped[bool] = mapped_column(server_default="true", default=True)
    above: Mapped[str] = mapped_column(server_default="", default="")
    columns: Mapped[str]
    codes: Mapped[str] = mapped_column(server_default="", default="")
    file_name: Mapped[str]

    def __str__(self) -> str:
        return self.name

    @property
    def preset(self) -> str:
        """What batches call it."""
        return f"{MAP}{self.id}"

    def by_value(self) -> Map:
        """Give it as it is now, apart from its row."""
        return Map(**{name: getattr(self, name) for name in Map._fields})
