"""Questions about background work."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, and_, delete, func, or_, select
from sqlalchemy.sql.dml import Delete

from app.core.jobs.models import GRACE, JobRun

KEEP = timedelta(days=90)


def job_runs(
    *, state: str = "", search: str = "", kind: str = "", actor_id: int | None = None
) -> Select[JobRun]:
    """Runs in a state, whose label has a text, of one kind, that one person has asked for."""
    query = select(JobRun)
    if state:
        query = query.where(JobRun.state == state)
    if search:
        query = query.where(JobRun.label.icontains(search, autoescape=True))
    if kind:
        query = query.where(JobRun.job.endswith(f":{kind}", autoescape=True))
    if actor_id is not None:
        query = query.where(JobRun.actor_id == actor_id)
    return query


def runs_by_state() -> Select[str, int]:
    """How many runs there are in each state."""
    return select(JobRun.state, func.count()).group_by(JobRun.state)


def overdue_runs() -> Select[JobRun]:
    """Runs that should have begun a while ago, or that show no sign of life any more."""
    now = datetime.now(UTC)
    silent = and_(JobRun.state == "running", JobRun.due_at < now)
    late = and_(JobRun.state == "queued", JobRun.due_at < now - GRACE)
    unfinished = select(JobRun).where(JobRun.finished_at.is_(None))
    return unfinished.where(or_(silent, late)).order_by(JobRun.due_at)


def old_runs() -> Delete:
    """Forget what ended more than 90 days ago."""
    return delete(JobRun).where(JobRun.finished_at < datetime.now(UTC) - KEEP)
