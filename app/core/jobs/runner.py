"""What workers call: run a job, and find the lost ones."""

import logging
from typing import Any

from redis import RedisError
from rq import Queue
from rq.registry import ScheduledJobRegistry, StartedJobRegistry
from rq.timeouts import JobTimeoutException
from sqlalchemy import select

from app.core.actors import Actor, acting_as
from app.core.broker import broker
from app.core.db import db, locked, transaction
from app.core.errors import DomainError
from app.core.events import publish
from app.core.jobs.alerts import close_if_done, tell_failure
from app.core.jobs.definition import QUEUES, Job, find_job
from app.core.jobs.events import JobChanged
from app.core.jobs.models import JobRun
from app.core.jobs.progress import Attempt, Cancelled, Postponed, working_on
from app.core.jobs.queries import overdue_runs
from app.core.logs import log_context

NO_SUCH_JOB = "This release does not know this kind of job any more."
AT_ONCE = 1000

log = logging.getLogger(__name__)


def perform(run_id: int) -> None:
    """Run one job and record how it ended. Ringing twice for one row does nothing."""
    run = _claim(run_id)
    if run is None:
        return
    with (
        log_context(job_id=run.id, request_id=run.request_id),
        acting_as(Actor(run.actor_id, run.actor, None)),  # in the name of who asked
        working_on(Attempt(run.id, run.attempts)),
    ):
        _work(run)


def _claim(run_id: int) -> JobRun | None:
    """Take a run that waits; one that nobody can do any more ends."""
    with transaction() as session:
        waiting = select(JobRun).where(JobRun.id == run_id, JobRun.state == "queued")
        run = session.scalars(locked(waiting, JobRun)).one_or_none()
        if run is None:
            return None
        if find_job(run.job) is None:
            run.give_up(NO_SUCH_JOB)
            tell_failure(run)
        else:
            run.start()
        publish(JobChanged(run_id=run.id))
    return run if run.state == "running" else None


def _work(run: JobRun) -> None:
    job, attempt = find_job(run.job), Attempt(run.id, run.attempts)
    assert job  # noqa: S101  (`_claim` has found it)
    log.info("%s begins, attempt %s", run.label or run.job, attempt.number)
    try:
        _succeed(attempt, job(**run.arguments))
    except Postponed as error:
        _postpone(attempt, job, error)
    except Cancelled as error:
        _fail(attempt, job, str(error))
    except DomainError as error:
        _fail(attempt, job, str(error))
    except Exception as error:
        _fail(attempt, job, _reason(error, job), has_alert=getattr(error, "has_alert", False))
        raise  # RQ writes it to the log


def _reason(error: Exception, job: Job[...]) -> str:
    if isinstance(error, JobTimeoutException):
        return f"It took longer than {job.timeout} seconds."
    return f"{type(error).__name__}: {error}"


def _succeed(attempt: Attempt, result: dict[str, Any] | None) -> None:
    with transaction() as session:
        if run := session.scalars(_row_of(attempt)).one_or_none():
            run.succeed(result)
            close_if_done(run)
            publish(JobChanged(run_id=run.id))
            log.info("%s has succeeded", run.label or run.job)


def _fail(attempt: Attempt, job: Job[...], reason: str, *, has_alert: bool = False) -> None:
    """Record an attempt that did not succeed; what `has_alert` of its own is told already."""
    db.session.rollback()  # what the job has left unfinished
    with transaction() as session:
        if run := session.scalars(_row_of(attempt)).one_or_none():
            run.fail(reason, retry_after=job.retry_after)
            log.warning("%s: %s", run.label or run.job, reason)
            if run.state == "failed" and not (job.has_alerts or has_alert):
                tell_failure(run)
            _tell(run, job)


def _postpone(attempt: Attempt, job: Job[...], error: Postponed) -> None:
    db.session.rollback()
    with transaction() as session:
        if run := session.scalars(_row_of(attempt)).one_or_none():
            run.postpone(error.until, str(error))
            log.info("%s waits until %s: %s", run.label or run.job, error.until, error)
            _tell(run, job)


def _row_of(attempt: Attempt) -> Any:
    """The row, as long as it is this attempt's: it may have been given up for lost."""
    mine = select(JobRun).where(
        JobRun.id == attempt.run_id,
        JobRun.attempts == attempt.number,
        JobRun.state == "running",
    )
    return locked(mine, JobRun)


def _tell(run: JobRun, job: Job[...]) -> None:
    if run.state == "queued":
        job.dispatch_after_commit(run)
    else:
        publish(JobChanged(run_id=run.id))


def sweep() -> None:
    """Find the runs that a dead worker or an empty Redis has left behind."""
    known = _known_to_redis()
    with transaction() as session:
        rows = overdue_runs().limit(AT_ONCE).with_for_update(of=JobRun, skip_locked=True)
        for run in session.scalars(rows.execution_options(populate_existing=True)):
            _recover(run, known)


def _recover(run: JobRun, known: set[str] | None) -> None:
    job = find_job(run.job)
    if job is None:
        run.give_up(NO_SUCH_JOB)
        tell_failure(run)
        publish(JobChanged(run_id=run.id))
    elif run.state == "running":
        run.lose()
        log.warning("Job %s, attempt %s: %s", run.id, run.attempts, run.error)
        if run.state == "failed":
            tell_failure(run)
        _tell(run, job)
    elif known is not None and run.rq_id not in known:
        job.dispatch_after_commit(run)


def _known_to_redis() -> set[str] | None:
    """Names of the attempts that wait in a long queue or begin just now; None without Redis."""
    known: set[str] = set()
    try:
        for name in QUEUES:
            queue = Queue(name, connection=broker())
            known.update(queue.get_job_ids())
            known.update(ScheduledJobRegistry(queue=queue).get_job_ids())
            known.update(StartedJobRegistry(queue=queue).get_job_ids())
    except RedisError:
        return None
    return known
