"""Which of our records external ones stand for."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model

LINK_STATES = ("linked", "doubtful", "separate", "ignored")


class RecordLink(Model):
    """Which of our records an external one stands for, or what to decide about it.

    linked: it stands for ours. doubtful: it may stand for ours, a person decides. separate:
    a person said it is another one, so a record of its own is made. ignored: it is not ours.
    """

    __tablename__ = "record_link"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "external_id"),
        Index(
            "uq_record_link_ours", "connection_id", "kind", "record_id", unique=True,
            postgresql_where=text("state = 'linked'"),
        ),
        Index(
            "ix_record_link_doubtful", "connection_id", "id",
            postgresql_where=text("state = 'doubtful'"),
        ),
        CheckConstraint(f"state IN {LINK_STATES}", "state"),
        CheckConstraint("record_id IS NOT NULL OR state IN ('separate', 'ignored')", "record"),
    )  # fmt: skip

    # No foreign key, as in the mirror: it costs as much as the link, and connections stay.
    connection_id: Mapped[int]
    kind: Mapped[str]
    external_id: Mapped[str]
    record_id: Mapped[int | None]  # of the table that the kind is projected into
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="", default="")
