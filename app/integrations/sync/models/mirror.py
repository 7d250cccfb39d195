"""What outside systems hold, as they hold it, and what of it could not be understood."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.integrations.hub.models import Connection


class ExternalRecord(Model):
    """One object of an outside system: its own JSON, whole.

    `projected_at` is empty while our records do not follow it yet. A record that is gone
    there stays here with the moment of `gone_at`.
    """

    __tablename__ = "external_record"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "external_id"),
        Index(
            "ix_external_record_invoice_order",
            *("connection_id", text("(payload ->> 'order_id')")),
            postgresql_where=text("kind = 'invoice' AND payload ? 'order_id'"),
        ),
        Index(
            "ix_external_record_dirty", "connection_id", "kind", "id",
            postgresql_where=text("projected_at IS NULL"),
        ),
    )  # fmt: skip

    # No foreign key: it is a fifth of what a full sync costs PostgreSQL, and connections stay.
    connection_id: Mapped[int]
    kind: Mapped[str]
    external_id: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    projected_at: Mapped[datetime | None]


class RejectedRecord(Model):
    """A record that could not be understood, with the reason; the others went on.

    `stage` is where it failed: when it was read, or when ours were to follow it.
    """

    __tablename__ = "rejected_record"
    __table_args__ = (
        Index(
            "uq_rejected_record_open", "connection_id", "kind", "external_id", "stage",
            unique=True,
            postgresql_where=text("resolved_at IS NULL"),
        ),
        Index("ix_rejected_record_connection", "connection_id", "id"),
    )  # fmt: skip

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    kind: Mapped[str]
    external_id: Mapped[str]
    stage: Mapped[str] = mapped_column(server_default="read")
    reason: Mapped[str]
    excerpt: Mapped[str] = mapped_column(server_default="", default="")
    resolved_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(server_default="", default="")  # by hand, by whom
