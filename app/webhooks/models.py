"""Who is told of what, and each thing told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.audit import Audited
from app.core.crypto import EncryptedText
from app.core.db import Model
from app.core.versions import Versioned

DELIVERY_STATES = {
    "waiting": "Waiting",
    "delivered": "Delivered",
    "failed": "Failed",
    "dismissed": "Dismissed",
}
# After each attempt that fails; after the last one a person decides. Three days in all.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=40),
)
# An attempt that was cut off is made again after so long: longer than one may take.
ATTEMPT = timedelta(minutes=2)


class WebhookEndpoint(Audited, Versioned, Model):
    """An address that is told of some events. Its secret signs what it is told."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        Index("uq_webhook_endpoint_name", text("lower(name)"), unique=True),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint("url ~ '^https?://'", "url"),
        CheckConstraint("cardinality(events) > 0", "events"),
        Index("ix_webhook_endpoint_events", "events", postgresql_using="gin"),
    )
    unaudited = frozenset({"secret"})

    name: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret: Mapped[str] = mapped_column(EncryptedText, deferred=True)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(Model):
    """One event to be told to one endpoint, written in the transaction of its cause.

    waiting: to be told when `due_at` has come; an attempt is counted before it is made.
    failed: every attempt has failed, and a person decides. `payload` is made for the first
    attempt and kept: every further one tells the same, under the same `message_id`.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "message_id"),
        Index(
            "ix_webhook_delivery_due", "endpoint_id", "due_at", "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_delivery_endpoint", "endpoint_id", "id"),
        Index("ix_webhook_delivery_created_at", "created_at"),
        CheckConstraint(f"state IN {tuple(DELIVERY_STATES)}", "state"),
        CheckConstraint("attempts >= 0", "attempts"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", "delivered"),
    )  # fmt: skip

    endpoint_id: Mapped[int] = mapped_column(ForeignKey(WebhookEndpoint.id, ondelete="CASCADE"))
    event: Mapped[str]
    message_id: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)  # of the event
    payload: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="waiting", default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0", default=0)
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    status: Mapped[int | None]  # of the last answer (HTTP)
    reason: Mapped[str] = mapped_column(server_default="", default="")
    delivered_at: Mapped[datetime | None]

    endpoint: Mapped[WebhookEndpoint] = relationship(lazy="raise")

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return DELIVERY_STATES[self.state]

    def begin_attempt(self) -> None:
        """Count an attempt, before it is made."""
        self.attempts += 1
        self.due_at = datetime.now(UTC) + ATTEMPT

    def succeed(self, status: int | None) -> None:
        """Note that it was taken."""
        self.state, self.status, self.reason = "delivered", status, ""
        self.delivered_at = datetime.now(UTC)

    def fail(self, reason: str, status: int | None, *, is_final: bool = False) -> None:
        """Note why it was not, and when to try again, if at all."""
        self.status, self.reason = status, reason
        if is_final or self.attempts > len(PAUSES):
            self.state = "failed"
        else:
            self.due_at = datetime.now(UTC) + PAUSES[self.attempts - 1]

    def dismiss(self, reason: str) -> None:
        """Note that nobody will be told."""
        self.state, self.reason = "dismissed", reason

    def retry(self) -> None:
        """Try again what has failed, from the first pause on."""
        self.state, self.attempts, self.due_at = "waiting", 0, datetime.now(UTC)
