"""Each sync, how far it is, and where it goes on."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.jobs import JobRun
from app.integrations.hub.models import Connection

MODES = {"full": "Everything", "changes": "Changes", "objects": "Single records"}
RUN_STATES = ("queued", "running", "waiting", "succeeded", "failed", "cancelled", "asking")
ACTIVE = ("queued", "running", "waiting")
LOG_LINES = 200


class SyncRun(Model):
    """One sync of a connection, from its cause to its end.

    full reads everything there is, changes what has changed since, objects those that a
    webhook has named. asking: so much has vanished that a person decides.
    """

    __tablename__ = "sync_run"
    __table_args__ = (
        Index(
            "uq_sync_run_active", "connection_id", "mode", unique=True,
            postgresql_where=text(f"state IN {ACTIVE}"),
        ),
        Index("ix_sync_run_connection", "connection_id", "id"),
        CheckConstraint(f"state IN {RUN_STATES}", "state"),
        CheckConstraint(f"mode IN {tuple(MODES)}", "mode"),
    )  # fmt: skip

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    mode: Mapped[str]
    cause: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    job_run_id: Mapped[int | None] = mapped_column(ForeignKey(JobRun.id, ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(server_default="system")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expected: Mapped[int | None]  # records, as far as the streams have been counted
    pages: Mapped[int] = mapped_column(server_default="0", default=0)
    rows_in: Mapped[int] = mapped_column(server_default="0", default=0)
    rows_changed: Mapped[int] = mapped_column(server_default="0", default=0)
    rows_failed: Mapped[int] = mapped_column(server_default="0", default=0)
    rows_gone: Mapped[int] = mapped_column(server_default="0", default=0)
    throttled_seconds: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    problem: Mapped[str | None]
    log: Mapped[list[Any]] = mapped_column(
        MutableList.as_mutable(JSONB), server_default="[]", default=list
    )
    # What vanished and waits for an answer: kind -> how many of how many
    deletions: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)

    connection: Mapped[Connection] = relationship(lazy="raise")
    job: Mapped[JobRun | None] = relationship(lazy="raise")

    @property
    def is_active(self) -> bool:
        """Tell whether something more will happen."""
        return self.state in ACTIVE

    def note(self, line: str) -> None:
        """Add a line to its log."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        self.log = [*(self.log or []), {"at": moment, "text": line}][-LOG_LINES:]

    def begin(self) -> None:
        """Begin, or go on."""
        self.state = "running"
        self.problem = None
        self.note("Begins" if self.started_at is None else "Goes on where it stopped")
        self.started_at = self.started_at or datetime.now(UTC)

    def wait(self, problem: str) -> None:
        """Stop for now; it will go on by itself."""
        self.state, self.problem = "waiting", problem
        self.note(problem)

    def end(self, state: str, problem: str | None = None) -> None:
        """End."""
        self.state, self.problem, self.finished_at = state, problem, datetime.now(UTC)
        self.note(problem or "Done")


class StreamState(Model):
    """Up to where a stream of a connection is known.

    `cursor` is the moment up to which all changes are known. While a pass is under way
    `run_id` names its run and `position` what to ask for next; None: the pass has its pages.
    """

    __tablename__ = "stream_state"
    __table_args__ = (UniqueConstraint("connection_id", "stream"),)

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    stream: Mapped[str]
    cursor: Mapped[datetime | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey(SyncRun.id, ondelete="SET NULL"))
    position: Mapped[str | None]
    since: Mapped[datetime | None]  # when the pass began, by their clock
    expected: Mapped[int | None]
    is_done: Mapped[bool] = mapped_column(server_default="false", default=False)
    tries: Mapped[int] = mapped_column(server_default="0", default=0)
    # Where a pass over what has changed since a moment goes on, if it was interrupted.
    change_position: Mapped[str | None]
    change_since: Mapped[datetime | None]
    change_began: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]  # when the last full pass ended
    read_at: Mapped[datetime | None]  # when the last reading to its end began, by our clock


class SyncPage(Model):
    """The ids of some pages of a pass, by where they begin: what none names has vanished."""

    __tablename__ = "sync_page"
    __table_args__ = (UniqueConstraint("run_id", "stream", "position"),)

    run_id: Mapped[int] = mapped_column(ForeignKey(SyncRun.id, ondelete="CASCADE"))
    stream: Mapped[str]
    position: Mapped[str]
    external_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
