"""What a job is: a function that can be called now or `later`."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, ParamSpec, TypedDict, Unpack

from redis import RedisError
from rq import Queue
from werkzeug.utils import import_string

from app.core.actors import current_actor
from app.core.broker import broker
from app.core.db import after_commit, transaction
from app.core.events import publish
from app.core.jobs.events import JobChanged
from app.core.jobs.models import JobRun
from app.core.logs import current_request_id

P = ParamSpec("P")
Result = dict[str, Any] | None

QUEUES = ["interactive", "sync", "scheduled"]  # in the order in which workers serve them
KEEP_FAILURES = 24 * 3600

log = logging.getLogger(__name__)


def _always(*_args: Any, **_kwargs: Any) -> bool:
    return True


def _whole(run: JobRun) -> Result:
    return run.result


class JobWords(NamedTuple):
    """What a run was asked, by label, and what came of it, for people.

    `links` are names and addresses of what was made; `tells` names what of the result the
    sentence says already.
    """

    asked: Mapping[str, str]
    said: str = ""
    links: Sequence[tuple[str, str]] = ()
    tells: Sequence[str] = ()


def _no_words(_run: JobRun) -> JobWords | None:
    return None


class Options(TypedDict, total=False):
    """What few jobs say of themselves."""

    # Asked before an event starts it: what has nothing to do need not be written down.
    is_needed: Callable[..., bool]
    # Its own alerts tell what went wrong; that a worker was lost is told all the same.
    has_alerts: bool
    # What of a run's result the person asking may see, where that is not all.
    shows: Callable[[JobRun], Result]
    # What its page says instead of the arguments; a run may be of an older release.
    words: Callable[[JobRun], JobWords | None]


@dataclass(frozen=True)
class Job(Generic[P]):
    """A function that can be called now or `later`. It takes plain values by keyword.

    What it returns, a dict of plain values or nothing, is kept as the run's result.
    """

    function: Callable[P, Result]
    queue: str
    timeout: int
    retry_after: tuple[int, ...]
    label: str
    is_needed: Callable[P, bool] = _always
    has_alerts: bool = False
    shows: Callable[[JobRun], Result] = _whole
    words: Callable[[JobRun], JobWords | None] = _no_words

    @property
    def path(self) -> str:
        """Where a worker finds the job."""
        return f"{self.function.__module__}:{self.function.__qualname__}"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Result:
        """Do the work here and now."""
        return self.function(*args, **kwargs)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> JobRun:
        """Write the row in the caller's transaction; workers hear of it after the commit."""
        if args:
            raise TypeError("A job takes its arguments by keyword")
        with transaction() as session:
            actor = current_actor()
            run = JobRun(
                job=self.path,
                label=self.label,
                arguments=kwargs,
                actor_id=actor.id,
                actor=actor.name,
                request_id=current_request_id(),
            )
            session.add(run)
            session.flush()
            self.dispatch_after_commit(run)
        return run

    def dispatch_after_commit(self, run: JobRun) -> None:
        """Tell workers and open pages that a run waits, once that is durable."""
        after_commit(lambda: self.dispatch(run))
        publish(JobChanged(run_id=run.id))

    def dispatch(self, run: JobRun) -> None:
        """Tell the workers; without Redis the row waits for the sweeper."""
        queue = Queue(self.queue, connection=broker())
        rq_job = queue.create_job(
            "app.core.jobs.runner.perform",
            args=(run.id,),
            job_id=run.rq_id,
            timeout=self.timeout,
            result_ttl=0,
            failure_ttl=KEEP_FAILURES,
        )
        try:
            if run.due_at > datetime.now(UTC):
                queue.schedule_job(rq_job, run.due_at)
            else:
                queue.enqueue_job(rq_job)
        except RedisError as error:
            log.warning("Job %s waits for the sweeper: %s", run.id, error)


def job(
    *,
    queue: str,
    label: str,
    timeout: int = 60,
    retry_after: tuple[int, ...] = (),
    **options: Unpack[Options],
) -> Callable[[Callable[P, Result]], Job[P]]:
    """Turn a function into a background job; times are in seconds, `label` is for people.

    One that fails for good raises an alert.
    """
    return lambda function: Job(function, queue, timeout, retry_after, label, **options)


def shown_result(run: JobRun) -> Result:
    """Give what of a run's result the person asking may see."""
    found = find_job(run.job)
    return found.shows(run) if found else run.result


def job_words(run: JobRun) -> JobWords | None:
    """Say what a run was asked and what came of it; None where its job has no words for it."""
    found = find_job(run.job)
    return found.words(run) if found else None


def find_job(path: str) -> Job[...] | None:
    """Find the job of a row; None if this release has no such job any more."""
    found = import_string(path, silent=True)
    return found if isinstance(found, Job) else None
