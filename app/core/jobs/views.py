"""Pages of one piece of background work: everybody sees their own, some see all."""

from flask import Blueprint, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.jobs import queries, services
from app.core.jobs.lists import JOBS, sees_all
from app.core.jobs.models import JobRun
from app.core.permissions import SIGNED_IN, ensure, may, requires
from app.core.web import one_or_404, render, respond_saved

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

CHANGED = "jobs:changed"

JOBS.add_to(bp)


@bp.get("/<int:run_id>")
@requires(SIGNED_IN)
def show(run_id: int) -> Response:
    """Show one job: how far it is, and how it ended."""
    run = _one(run_id)
    return render(
        "jobs/show.html",
        fragment="record",
        run=run,
        sees_all=sees_all(),
        may_cancel=not run.is_finished and _may_cancel(run),
        may_retry=run.state in {"failed", "cancelled"} and may("jobs.manage"),
    )


@bp.post("/<int:run_id>/retries")
@requires("jobs.manage")
def create_retry(run_id: int) -> Response:
    """Begin a job again."""
    _one(run_id)
    services.retry_run(run_id)
    return respond_saved(
        url_for(".show", run_id=run_id), "The job waits for a worker.", event=CHANGED
    )


@bp.post("/<int:run_id>/cancellations")
@requires(SIGNED_IN)
def create_cancellation(run_id: int) -> Response:
    """Stop a job: one's own, or with the permission for all."""
    if not _may_cancel(_one(run_id)):
        ensure("jobs.manage")
    run = services.cancel_run(run_id)
    message = "Cancelled." if run.is_finished else "It stops at the next opportunity."
    return respond_saved(url_for(".show", run_id=run_id), message, event=CHANGED)


def _one(run_id: int) -> JobRun:
    own = None if sees_all() else current_user.id
    return one_or_404(queries.job_runs(actor_id=own).where(JobRun.id == run_id))


def _may_cancel(run: JobRun) -> bool:
    return may("jobs.manage") or run.actor_id == current_user.id
