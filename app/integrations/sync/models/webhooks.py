"""What outside systems told us, each thing once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model

EVENT_STATES = ("pending", "done", "ignored")


class WebhookEvent(Model):
    """One notice: only that something has changed, never what. The object is asked for."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        UniqueConstraint("system", "account", "event_id"),
        Index(
            "ix_webhook_event_pending", "system", "account", "id",
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_webhook_event_created_at", "created_at"),
        CheckConstraint(f"state IN {EVENT_STATES}", "state"),
    )  # fmt: skip

    system: Mapped[str]
    account: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    external_id: Mapped[str]
    operation: Mapped[str] = mapped_column(server_default="", default="")
    occurred_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default="pending", default="pending")
