"""How a running job says how far it is, shows that it lives, and hears that it should stop."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask import Flask
from flask.globals import app_ctx
from sqlalchemy import Update, update
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import transaction
from app.core.events import publish
from app.core.jobs.events import JobChanged
from app.core.jobs.models import SILENCE, JobRun

BEAT = SILENCE.total_seconds() / 3

log = logging.getLogger(__name__)


class Attempt(NamedTuple):
    """One try of one run. A later try means that this one was given up for lost."""

    run_id: int
    number: int

    def update(self, **values: Any) -> Update:
        """Change the row, as long as it is this attempt's, and show that it lives."""
        return (
            update(JobRun)
            .where(JobRun.id == self.run_id, JobRun.attempts == self.number)
            .where(JobRun.state == "running")
            .values(due_at=datetime.now(UTC) + SILENCE, **values)
        )


class Cancelled(Exception):
    """Somebody has asked the running job to stop."""


class Postponed(Exception):
    """The running job can go on only at a later time, which is nobody's fault."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(reason)
        self.until = until


current_attempt: ContextVar[Attempt | None] = ContextVar("current_attempt", default=None)


def is_last_attempt(retry_after: tuple[int, ...]) -> bool:
    """Tell whether nothing follows by itself if this attempt fails."""
    attempt = current_attempt.get()
    return attempt is None or attempt.number > len(retry_after)


def report_progress(done: int, total: int) -> None:
    """Show how far the running job is; call it between units of work, not inside one.

    Outside of a job nothing happens, so services may always report.

    Raises:
        Cancelled: The job should stop now.
    """
    attempt = current_attempt.get()
    if attempt is None:
        return
    progress = attempt.update(done=min(done, total), total=total)
    with transaction() as session:
        is_cancel_asked = session.scalar(progress.returning(JobRun.is_cancel_asked))
        publish(JobChanged(run_id=attempt.run_id))
    if is_cancel_asked is None:  # no such row: the run was given to somebody else
        raise Cancelled("The run was started again elsewhere.")
    if is_cancel_asked:
        raise Cancelled("Cancelled.")


@contextmanager
def working_on(attempt: Attempt) -> Iterator[None]:
    """Show signs of life while the block runs, also through long units of work."""
    token = current_attempt.set(attempt)
    done = threading.Event()
    heart = threading.Thread(target=_beat, args=(app_ctx.app, attempt, done), daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()
        current_attempt.reset(token)


def _beat(app: Flask, attempt: Attempt, done: threading.Event) -> None:
    while not done.wait(BEAT):
        with app.app_context():
            try:
                with transaction() as session:
                    session.execute(attempt.update())
            except SQLAlchemyError as error:
                log.warning("Job %s could not show that it lives: %s", attempt.run_id, error)
