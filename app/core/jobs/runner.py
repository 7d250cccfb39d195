"""What workers and the scheduler call: run a job, find lost ones, start a periodic one."""

from datetime import UTC, datetime
from typing import Any

from flask import current_app
from rq.exceptions import NoSuchJobError
from rq.job import Job as RqJob
from rq.job import JobStatus
from sqlalchemy import Select, select
from werkzeug.utils import import_string

from app.core.broker import broker
from app.core.db import after_commit, locked, transaction
from app.core.events import Wiring, announce
from app.core.jobs.definition import Job
from app.core.jobs.events import JobChanged
from app.core.jobs.models import GRACE, JobRun
from app.core.jobs.progress import Cancelled, current_run
from app.core.people import Actor, acting_as

WAITING = {JobStatus.QUEUED, JobStatus.SCHEDULED, JobStatus.STARTED}


def perform(run_id: int) -> None:
    """Run one job and record how it ended. Ringing twice for one row does nothing."""
    with transaction() as session:
        waiting = select(JobRun).where(JobRun.id == run_id, JobRun.state == "queued")
        run = session.scalars(locked(waiting, JobRun)).one_or_none()
        if run is None:
            return
        job: Job[...] = import_string(run.job)
        run.start(timeout=job.timeout)
        announce(JobChanged(run_id=run.id))
    current_run.set(run.id)
    try:
        with acting_as(Actor(run.actor_id, run.actor, None)):  # in the name of who asked
            result = job(**run.arguments)
    except Cancelled as error:
        _end(run, job, str(error))
    except Exception as error:
        _end(run, job, f"{type(error).__name__}: {error}")
        raise
    else:
        _succeed(run, result)
    finally:
        current_run.set(None)


def _succeed(run: JobRun, result: dict[str, Any] | None) -> None:
    with transaction() as session:
        session.refresh(run)
        run.succeed(result)
        announce(JobChanged(run_id=run.id))


def _end(run: JobRun, job: Job[...], reason: str) -> None:
    """Record an attempt that did not succeed."""
    with transaction() as session:
        session.refresh(run)
        run.fail(reason, retry_after=job.retry_after)
        announce(JobChanged(run_id=run.id))
        if run.state == "queued":
            _ring_after_commit(run, job)


def sweep() -> None:
    """Find the runs that a dead worker or an empty Redis has left behind."""
    with transaction() as session:
        for run in session.scalars(locked(overdue_runs(), JobRun)):
            job: Job[...] = import_string(run.job)
            if run.state == "running":
                _end(run, job, "The worker was lost.")
            elif not _is_waiting(run):
                _ring_after_commit(run, job)


def overdue_runs() -> Select[JobRun]:
    """Runs that should have begun, or ended, a while ago."""
    return select(JobRun).where(
        JobRun.finished_at.is_(None), JobRun.due_at < datetime.now(UTC) - GRACE
    )


def _ring_after_commit(run: JobRun, job: Job[...]) -> None:
    after_commit(lambda: job.ring(run))


def _is_waiting(run: JobRun) -> bool:
    """Tell a long queue from a lost bell."""
    try:
        return RqJob.fetch(run.rq_id, connection=broker()).get_status() in WAITING
    except NoSuchJobError:
        return False


def tick(name: str) -> None:
    """Start what the schedule says. The scheduler reuses its entry, so work gets a new row."""
    wiring: Wiring = current_app.extensions["wiring"]
    wiring.schedule[name].start()
