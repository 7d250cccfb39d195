"""The rows of background work and of its schedule."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned

GRACE = timedelta(minutes=1)  # how late a job may begin before somebody looks for it
SILENCE = timedelta(minutes=1)  # how long a running job may show no sign of life
LOST = "The worker was lost."
LOST_TRIES = 3
SECRET = re.compile("secret|token|password|key", re.IGNORECASE)
STATES = ("queued", "running", "succeeded", "failed", "cancelled")


class JobRun(Model):
    """One piece of background work, from its cause to its end."""

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", "state"),
        CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", "progress"),
        Index("ix_job_run_unfinished", "due_at", postgresql_where=text("finished_at IS NULL")),
        Index("ix_job_run_state", "state", "id"),
        Index("ix_job_run_actor", "actor_id", "id"),
        Index("ix_job_run_job", "job", "id"),
        Index("ix_job_run_finished_at", "finished_at"),
    )

    job: Mapped[str]
    label: Mapped[str] = mapped_column(server_default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor: Mapped[str] = mapped_column(server_default="system")
    state: Mapped[str] = mapped_column(default="queued")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    is_cancel_asked: Mapped[bool] = mapped_column(default=False, server_default="false")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    request_id: Mapped[str | None]  # of the request that asked for it, as the logs know it

    @property
    def kind(self) -> str:
        """Name of the job's function, for programs."""
        return self.job.rpartition(":")[2]

    @property
    def shown_arguments(self) -> dict[str, Any]:
        """What it was asked to do, without anything that is named like a secret."""
        return {n: "***" if SECRET.search(n) else v for n, v in self.arguments.items()}

    @property
    def rq_id(self) -> str:
        """Name this attempt in Redis; one that begins again later has another name."""
        return f"run-{self.id}-{self.attempts}-{int(self.due_at.timestamp())}"

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self.finished_at is not None

    def start(self) -> None:
        """Begin an attempt; past `due_at`, which every sign of life moves, it is lost."""
        now = datetime.now(UTC)
        self.state, self.done, self.total = "running", 0, None
        self.attempts += 1
        self.started_at = now
        self.due_at = now + SILENCE

    def succeed(self, result: dict[str, Any] | None = None) -> None:
        """End well."""
        self.error, self.result = None, result
        self.done = self.total = self.total or 1
        self._finish("succeeded")

    def fail(self, reason: str, *, retry_after: tuple[int, ...]) -> None:
        """End an attempt badly: wait for the next one, or give up after the last."""
        self.error = reason
        if self.is_cancel_asked:
            self._finish("cancelled")
        elif self.attempts <= len(retry_after):
            pause = timedelta(seconds=retry_after[self.attempts - 1])
            self.state, self.due_at = "queued", datetime.now(UTC) + pause
        else:
            self._finish("failed")

    def postpone(self, until: datetime, reason: str) -> None:
        """Wait for a time that somebody else has set; it does not count as an attempt."""
        self.error = reason
        if self.is_cancel_asked:
            self._finish("cancelled")
        else:
            self.state, self.due_at = "queued", until
            self.attempts -= 1

    def give_up(self, reason: str) -> None:
        """End badly, whatever is left to try."""
        self.error = reason
        self._finish("failed")

    def lose(self) -> None:
        """End an attempt whose worker is gone: nobody's fault, so any job is tried again."""
        self.error = LOST
        if self.is_cancel_asked:
            self._finish("cancelled")
        elif self.attempts < LOST_TRIES:
            self.state, self.due_at = "queued", datetime.now(UTC)
        else:
            self._finish("failed")

    def cancel(self) -> None:
        """Stop: at once while it waits; when it next reports, while it runs."""
        self.is_cancel_asked = True
        if self.state == "queued":
            self._finish("cancelled")

    def retry(self) -> None:
        """Begin again from nothing."""
        self.state, self.attempts, self.is_cancel_asked = "queued", 0, False
        self.error = self.result = self.finished_at = self.started_at = self.total = None
        self.done = 0
        self.due_at = datetime.now(UTC)

    def _finish(self, state: str) -> None:
        self.state, self.finished_at = state, datetime.now(UTC)


class ScheduleEntry(Audited, Versioned, Model):
    """When a periodic job runs: as a slice says it, as the administrator changed it."""

    __tablename__ = "schedule_entry"
    unaudited = frozenset({"name", "last_started_at", "last_run_id"})

    name: Mapped[str] = mapped_column(unique=True)
    cron: Mapped[str | None]  # None: as its slice says
    is_enabled: Mapped[bool] = mapped_column(default=True, server_default="true")
    last_started_at: Mapped[datetime | None]
    last_run_id: Mapped[int | None] = mapped_column(ForeignKey(JobRun.id, ondelete="SET NULL"))

    def __str__(self) -> str:
        return self.name
