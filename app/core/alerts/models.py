"""The table of alerts, open and closed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned

SEVERITIES = ("problem", "warning", "info")  # the most severe first
# A place of our own: `//elsewhere` and `/\elsewhere` are other sites to a browser.
LOCAL = r"href ~ '^/([^/\\]|$)'"


class Alert(Audited, Model):
    """Something that is wrong since `created_at`, and who may put it right where."""

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(f"severity IN {SEVERITIES}", "severity"),
        CheckConstraint(LOCAL, "local"),
        CheckConstraint("occurrences > 0", "occurrences"),
        Index("uq_alert_open", "key", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_alert_closed_at", "closed_at"),
    )

    key: Mapped[str]  # stable name of the cause: connection:3:reconnect
    permission: Mapped[str]  # whoever holds it is told
    kind: Mapped[str]  # as a slice has declared it: connection.reconnect
    severity: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="")
    href: Mapped[str]
    occurrences: Mapped[int] = mapped_column(server_default="1")
    closed_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str] = mapped_column(server_default="")

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be put right."""
        return self.closed_at is None

    def __str__(self) -> str:
        return self.title


class AlertRule(Audited, Versioned, Model):
    """Who hears of a kind of alert and how, where an administrator has decided it."""

    __tablename__ = "alert_rule"
    unaudited = frozenset({"kind", "role_id"})  # the service tells the role by its name

    kind: Mapped[str] = mapped_column(unique=True)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"), index=True)
    is_shown: Mapped[bool]
    is_mailed: Mapped[bool]
    is_sent: Mapped[bool]

    def __str__(self) -> str:
        return self.kind
