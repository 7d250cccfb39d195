"""Background jobs that keep the database from growing for ever."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from app.core import files
from app.core.db import transaction
from app.core.idempotency import IdempotentResponse
from app.core.jobs import job
from app.core.jobs.queries import old_runs

ANSWERS_LAST = timedelta(days=7)
PATIENCE = 600


@job(queue="scheduled", label="Delete expired files", timeout=PATIENCE)
def delete_files() -> None:
    """Delete the stored files whose time is over."""
    files.delete_expired()


@job(queue="scheduled", label="Forget old jobs", timeout=PATIENCE)
def forget_jobs() -> None:
    """Delete the rows of jobs that ended more than 90 days ago."""
    with transaction() as session:
        session.execute(old_runs())


@job(queue="scheduled", label="Forget old answers", timeout=PATIENCE)
def forget_answers() -> None:
    """Delete the answers that nobody repeats a request for any more."""
    before = datetime.now(UTC) - ANSWERS_LAST
    with transaction() as session:
        session.execute(
            delete(IdempotentResponse).where(IdempotentResponse.created_at < before)
        )
