"""The table of backups that were made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from app.core.db import Model


class Backup(Model):
    """A backup: its file was written whole. It is good once it has been put back to try it."""

    __tablename__ = "backup"
    __table_args__ = (
        CheckConstraint("size > 0 AND row_count >= 0 AND seconds >= 0", "figures"),
        Index("ix_backup_made_at", "made_at"),
        Index("uq_backup_name", "name", unique=True, postgresql_where=text("gone_at IS NULL")),
    )

    name: Mapped[str]
    folder: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    row_count: Mapped[int]
    has_keys: Mapped[bool]
    seconds: Mapped[int]  # that making and checking it took
    made_at: Mapped[datetime]  # the moment whose state it holds
    checked_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]  # by BACKUP_COMMAND
    gone_at: Mapped[datetime | None]  # by the rule, or by somebody's hand

    @property
    def is_good(self) -> bool:
        """Tell whether it was put back and was equal, and is still somewhere."""
        return self.checked_at is not None and self.gone_at is None

    def __str__(self) -> str:
        return self.name
