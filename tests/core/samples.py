"""Jobs for tests, and their rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rq import Queue
from rq.timeouts import JobTimeoutException
from sqlalchemy import update

from app.core.actors import current_actor
from app.core.broker import broker
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.jobs import JobRun, job, report_progress
from app.core.jobs.services import cancel_run

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


@job(queue="interactive", label="Count", timeout=30)
def counts(upto: int) -> dict[str, Any]:
    report_progress(upto, upto)
    return {"counted": upto, "by": current_actor().name}


@job(queue="interactive", label="Break", retry_after=(10,))
def breaks() -> None:
    report_progress(40, 100)
    raise ValueError("out of paper")


@job(queue="interactive", label="Refuse")
def refuses() -> None:
    raise Invalid("paper", "There is no paper.")


@job(queue="interactive", label="Dawdle", timeout=5)
def dawdles() -> None:
    raise JobTimeoutException("as RQ raises it")


@job(queue="interactive", label="Answer")
def answers_nonsense() -> dict[str, Any]:
    return {"a": object()}


@job(queue="interactive", label="Look away", retry_after=(10,))
def is_cancelled_meanwhile(run_id: int) -> None:
    cancel_run(run_id)
    report_progress(1, 2)


@job(queue="interactive", label="Lose")
def is_given_away_meanwhile(run_id: int) -> None:
    with transaction() as session:
        session.execute(update(JobRun).where(JobRun.id == run_id).values(attempts=2))
    report_progress(1, 2)


def waiting(queue: str = "interactive") -> int:
    return Queue(queue, connection=broker()).count


def stored(**values: Any) -> JobRun:
    defaults = {"job": counts.path, "arguments": {"upto": 1}, "label": "Count", "attempts": 0}
    run = JobRun(**defaults | values)
    with transaction() as session:
        session.add(run)
    return run
