"""People are told of background work that has failed for good, until it was done after all."""

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from app.core.alerts import Alert, close_alert, raise_alert
from app.core.db import transaction
from app.core.jobs.models import JobRun

LONGEST = 500


def tell_failure(run: JobRun) -> None:
    """Raise the alert of a kind of job; of several that fail the last one is named."""
    raise_alert(
        kind="job.failed",
        key=_key(run),
        title=f"Background work failed: {run.label or run.kind}",
        text=(run.error or "")[:LONGEST],
        href=f"/jobs/{run.id}",
    )


def close_if_done(run: JobRun) -> None:
    """Close it when none has failed that was not done later."""
    with transaction() as session:
        session.flush()
        is_open = select(Alert.id).where(Alert.key == _key(run), Alert.closed_at.is_(None))
        if session.scalar(is_open) is not None and not session.scalar(_undone(run.job)):
            close_alert(_key(run))


def _key(run: JobRun) -> str:
    return f"job:{run.job}"


def _undone(job: str) -> Select[bool]:
    """Whether one has failed, and no later one with the same arguments has succeeded."""
    later = aliased(JobRun)
    done_later = exists().where(
        later.job == JobRun.job,
        later.state == "succeeded",
        later.arguments == JobRun.arguments,
        later.id > JobRun.id,
    )
    return select(exists().where(JobRun.job == job, JobRun.state == "failed", ~done_later))
