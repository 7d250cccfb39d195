"""Pages of background work: everybody sees their own, some see all."""

from flask import Blueprint, url_for
from flask_login import current_user
from sqlalchemy import Select

from app.core.jobs import queries, services
from app.core.jobs.definition import job_words, shown_result
from app.core.jobs.lists import JOBS, sees_all
from app.core.jobs.models import JobRun
from app.core.pages import Action, RecordPage, Resource
from app.core.permissions import SIGNED_IN, ensure, may

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

CHANGED = "jobs:changed"
JOBS.add_to(bp)


def _may_cancel(run: JobRun) -> bool:
    return may("jobs.manage") or run.actor_id == current_user.id


def _one(run_id: int) -> Select[JobRun]:
    own = None if sees_all() else current_user.id
    return queries.job_runs(actor_id=own).where(JobRun.id == run_id)


def _cancel(run_id: int) -> JobRun:
    """Stop a job: one's own, or with the permission for all."""
    if not _may_cancel(RUN.find(run_id)):
        ensure("jobs.manage")
    return services.cancel_run(run_id)


def _cancelled(run: JobRun, _run: JobRun) -> str:
    return "Cancelled." if run.is_finished else "It stops at the next opportunity."


def _can_cancel(run: JobRun) -> bool:
    return not run.is_finished and _may_cancel(run) and not run.is_cancel_asked


RUN = Resource(
    name="run",
    area="jobs",
    query=_one,
    rule="/<int:run_id>",
    keys={"run_id": "id"},
    event=CHANGED,
)
cancel = Action(
    resource=RUN,
    name="create_cancellation",
    path="/cancellations",
    title="Cancel",
    question=lambda run: f"Cancel “{run.label or run.kind}”?",
    confirm="Cancel the job",
    permission=SIGNED_IN,
    act=_cancel,
    done=_cancelled,
    kind="danger",
    icon="x",
    when=_can_cancel,
)
retry = Action(
    resource=RUN,
    name="create_retry",
    path="/retries",
    title="Retry",
    permission="jobs.manage",
    act=services.retry_run,
    done="The job waits for a worker.",
    kind="primary",
    icon="refresh",
    when=lambda run: run.state in {"failed", "cancelled"},
)
run_page = RecordPage(
    resource=RUN,
    permission=SIGNED_IN,
    title=lambda run: f"{run.label or run.kind} · Jobs",
    heading=lambda run: run.label or run.kind,
    subtitle="Job {0.id}",
    crumbs=lambda _run: [("Jobs", url_for("jobs.index"))],
    sockets=lambda _run: "jobs" if sees_all() else "me",
    body="jobs/_run.html",
    context=lambda run: {
        "card_buttons": (cancel, retry),
        "result": shown_result(run),
        "words": job_words(run),
    },
    has_history=False,
)

run_page.add_to(bp)
for action in (cancel, retry):
    action.add_to(bp)
