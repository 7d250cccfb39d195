"""Who has counted a task, and when: once, or again because the difference was too large."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model


class CountRound(Model):
    """One time that a bin was counted; it ends with the tap that says so."""

    __tablename__ = "count_round"
    __table_args__ = (
        UniqueConstraint("task_id", "number"),
        CheckConstraint("number >= 1", "number"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("count_task.id"))
    number: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    # A recount by who counted before is allowed in a small team, but it is message.
    is_same_person: Mapped[bool] = mapped_column(default=False, server_default="false")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")
