"""Pages of background work: everybody sees their own, some see all."""

from flask import Blueprint, request, url_for
from flask_login import current_user
from sqlalchemy import Select
from werkzeug import Response

from app.core.jobs import queries, services
from app.core.jobs.models import STATES, JobRun
from app.core.pages.paging import Order, paginate
from app.core.permissions import SIGNED_IN, ensure, may, requires
from app.core.web import one_or_404, render, saved

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

CHANGED = "jobs:changed"
SORTS = {
    "id": JobRun.id,
    "label": JobRun.label,
    "state": JobRun.state,
    "actor": JobRun.actor,
}


@bp.get("")
@requires(SIGNED_IN)
def index() -> Response:
    """List the jobs, the newest first."""
    asked = request.args.get("state", "")
    filters = {
        "search": request.args.get("search", "").strip(),
        "state": asked if asked in STATES else "",
        "mine": "1" if request.args.get("mine") else "",
    }
    query = _visible(
        search=filters["search"], state=filters["state"], mine=bool(filters["mine"])
    )
    page = paginate(query, Order(SORTS, "-id"), filters=filters)
    return render(
        "jobs/index.html", fragment="results", page=page, filters=filters, sees_all=_sees_all()
    )


@bp.get("/<int:run_id>")
@requires(SIGNED_IN)
def show(run_id: int) -> Response:
    """Show one job: how far it is, and how it ended."""
    run = _one(run_id)
    return render(
        "jobs/show.html",
        fragment="record",
        run=run,
        sees_all=_sees_all(),
        may_cancel=not run.is_finished and _may_cancel(run),
        may_retry=run.state in {"failed", "cancelled"} and may("jobs.manage"),
    )


@bp.post("/<int:run_id>/retries")
@requires("jobs.manage")
def create_retry(run_id: int) -> Response:
    """Begin a job again."""
    _one(run_id)
    services.retry_run(run_id)
    return saved(url_for(".show", run_id=run_id), "The job waits for a worker.", event=CHANGED)


@bp.post("/<int:run_id>/cancellations")
@requires(SIGNED_IN)
def create_cancellation(run_id: int) -> Response:
    """Stop a job: one's own, or with the permission for all."""
    if not _may_cancel(_one(run_id)):
        ensure("jobs.manage")
    run = services.cancel_run(run_id)
    message = "Cancelled." if run.is_finished else "It stops at the next opportunity."
    return saved(url_for(".show", run_id=run_id), message, event=CHANGED)


def _one(run_id: int) -> JobRun:
    return one_or_404(_visible().where(JobRun.id == run_id))


def _visible(*, search: str = "", state: str = "", mine: bool = False) -> Select[JobRun]:
    own = None if _sees_all() and not mine else current_user.id
    return queries.job_runs(search=search, state=state, actor_id=own)


def _sees_all() -> bool:
    return may("jobs.view") or may("jobs.manage")


def _may_cancel(run: JobRun) -> bool:
    return may("jobs.manage") or run.actor_id == current_user.id
