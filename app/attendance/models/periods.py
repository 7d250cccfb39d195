"""Periods that have been paid, and what was sent to payroll for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.audit import Audited
from app.core.db import Model


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
