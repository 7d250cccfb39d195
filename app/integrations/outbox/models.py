"""What is to be told to an outside system, each thing once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.integrations.hub.models import Connection

OUTBOX_STATES = {
    "waiting": "Waiting",
    "sent": "Sent",
    "refused": "Refused",
    "dismissed": "Dismissed",
}
# The first is longer than a request may take: nobody else begins while it is under way.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)


class OutboxMessage(Model):
    """One thing to say, written in the transaction of its cause.

    waiting: to be sent when `due_at` has come. An attempt is counted before it is made, so
    from the second on nobody knows whether it has been heard: it is looked up first.
    refused: the system said why (`reason`), and a person decides.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("connection_id", "key"),
        Index(
            "ix_outbox_message_due", "due_at", "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_outbox_message_connection", "connection_id", "id"),
        Index("ix_outbox_message_state", "connection_id", "state", "id"),
        Index("ix_outbox_message_subject", "subject_type", "subject_id"),
        CheckConstraint(f"state IN {tuple(OUTBOX_STATES)}", "state"),
        CheckConstraint("attempts >= 0", "attempts"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent"),
    )  # fmt: skip

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    key: Mapped[str]  # what it is about: "shipment:<posting>"
    label: Mapped[str]  # for people
    subject_type: Mapped[str]  # "order"
    subject_id: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="waiting", default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0", default=0)
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    reason: Mapped[str | None]
    external_id: Mapped[str | None]  # what the system calls it
    sent_at: Mapped[datetime | None]

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return OUTBOX_STATES[self.state]

    @property
    def may_have_arrived(self) -> bool:
        """Tell whether an attempt before this one may have been heard."""
        return self.attempts > 1

    def begin_attempt(self) -> None:
        """Count an attempt, before it is made."""
        self.attempts += 1
        pause = FIRST_PAUSE * 2 ** min(self.attempts - 1, 10)
        self.due_at = datetime.now(UTC) + min(pause, LONGEST_PAUSE)

    def succeed(self, external_id: str) -> None:
        """Note that it is there."""
        self.state, self.reason, self.external_id = "sent", None, external_id
        self.sent_at = datetime.now(UTC)

    def refuse(self, reason: str) -> None:
        """Note that the system does not want it."""
        self.state, self.reason = "refused", reason

    def wait(self, reason: str, *, until: datetime | None = None) -> None:
        """Note why it has to wait."""
        self.reason, self.due_at = reason, until or self.due_at

    def retry(self) -> None:
        """Try again what was refused."""
        self.state, self.due_at = "waiting", datetime.now(UTC)
