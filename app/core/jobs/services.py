"""What people do with background work: begin it again, or stop it."""

from sqlalchemy import select

from app.core.db import locked, transaction
from app.core.errors import DomainError
from app.core.events import publish
from app.core.jobs.definition import find_job
from app.core.jobs.events import JobChanged
from app.core.jobs.models import JobRun


class WrongState(DomainError):
    """A run is not in a state in which that can be done to it."""


def retry_run(run_id: int) -> JobRun:
    """Begin a run again that has failed or was cancelled.

    Raises:
        WrongState: It has not ended, has succeeded, or nobody can do it any more.
    """
    with transaction() as session:
        run = _locked(run_id)
        if run.state not in {"failed", "cancelled"}:
            raise WrongState("Only a job that failed or was cancelled can be retried.")
        job = find_job(run.job)
        if job is None:
            raise WrongState("This release does not know this kind of job any more.")
        run.retry()
        session.flush()
        job.dispatch_after_commit(run)
    return run


def cancel_run(run_id: int) -> JobRun:
    """Stop a run: at once while it waits, else when it next reports its progress.

    Raises:
        WrongState: It has ended.
    """
    with transaction():
        run = _locked(run_id)
        if run.is_finished:
            raise WrongState("This job has ended already.")
        run.cancel()
        publish(JobChanged(run_id=run.id))
    return run


def _locked(run_id: int) -> JobRun:
    with transaction() as session:
        return session.scalars(locked(select(JobRun).where(JobRun.id == run_id), JobRun)).one()
