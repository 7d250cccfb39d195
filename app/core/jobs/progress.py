"""How a running job says how far it is, and hears that it should stop."""

from contextvars import ContextVar

from sqlalchemy import update

from app.core.db import transaction
from app.core.events import announce
from app.core.jobs.events import JobChanged
from app.core.jobs.models import JobRun

current_run: ContextVar[int | None] = ContextVar("current_run", default=None)


class Cancelled(Exception):
    """Somebody has asked the running job to stop."""


def report_progress(done: int, total: int) -> None:
    """Show how far the running job is; call it between units of work, not inside one.

    Outside of a job nothing happens, so services may always report.

    Raises:
        Cancelled: The job should stop now.
    """
    run_id = current_run.get()
    if run_id is None:
        return
    with transaction() as session:
        progress = update(JobRun).where(JobRun.id == run_id).values(done=done, total=total)
        is_cancel_asked = session.scalar(progress.returning(JobRun.is_cancel_asked))
        announce(JobChanged(run_id=run_id))
    if is_cancel_asked:
        raise Cancelled("Cancelled.")
