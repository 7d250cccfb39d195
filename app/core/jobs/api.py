"""Background work for programs."""

from typing import Any

import marshmallow as ma
from flask_login import current_user
from sqlalchemy import Select

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.jobs import queries, services
from app.core.jobs.definition import shown_result
from app.core.jobs.models import STATES, JobRun
from app.core.jobs.workers import live_workers, queue_lengths
from app.core.permissions import SIGNED_IN, ensure, may, requires
from app.core.web import one_or_404

bp = Blueprint(
    "jobs_api",
    __name__,
    url_prefix="/api/v1/jobs",
    description="Background work: one's own, or all of it with `jobs.view`",
)

SORTS = {"id": JobRun.id, "created_at": JobRun.created_at}


class ProgressSchema(ma.Schema):
    """How far a job is."""

    done = ma.fields.Int()
    total = ma.fields.Int(allow_none=True, metadata={"description": "Null while unknown"})


class JobSchema(ma.Schema):
    """One piece of background work, from its cause to its end."""

    id = ma.fields.Int()
    kind = ma.fields.Str()
    label = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf(STATES))
    progress = ma.fields.Nested(ProgressSchema, attribute="_self")
    attempts = ma.fields.Int()
    result = ma.fields.Function(
        shown_result,
        metadata={
            "type": ["object", "null"],
            "description": "What the caller may not see of it is not shown",
        },
    )
    error = ma.fields.Str(allow_none=True)
    created_at = ma.fields.DateTime()
    started_at = ma.fields.DateTime(allow_none=True)
    finished_at = ma.fields.DateTime(allow_none=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Let `progress` be made from the row itself."""
        return obj if attr == "_self" else super().get_attribute(obj, attr, default)


class JobQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS, default="-id")
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(("", *STATES)))
    kind = ma.fields.Str(load_default="")


class StatusSchema(ma.Schema):
    """Background work as a whole."""

    states = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Int())
    queues = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Int())
    workers = ma.fields.Int(metadata={"description": "Heard of in the last two minutes"})


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(JobQuery, location="query")
@bp.response(200, page_schema(JobSchema))
def index(args: dict[str, Any]) -> dict[str, Any]:
    """List the jobs, the newest first."""
    query = _visible(state=args.pop("state"), kind=args.pop("kind"))
    return page_of(query, args, sorts=SORTS)


@bp.get("/status")
@requires("jobs.view")
@bp.response(200, StatusSchema)
def status() -> dict[str, Any]:
    """Count jobs by state, what waits in each queue, and the workers."""
    counts = dict(db.session.execute(queries.runs_by_state()).all())
    states = {state: counts.get(state, 0) for state in STATES}
    return {"states": states, "queues": queue_lengths(), "workers": live_workers()}


@bp.get("/<int:run_id>")
@requires(SIGNED_IN)
@bp.response(200, JobSchema)
def show(run_id: int) -> JobRun:
    """Give one job."""
    return _one(run_id)


@bp.post("/<int:run_id>/retry")
@requires("jobs.manage")
@idempotent
@bp.response(202, JobSchema)
def retry(run_id: int) -> JobRun:
    """Begin a job again that has failed or was cancelled."""
    _one(run_id)
    return services.retry_run(run_id)


@bp.post("/<int:run_id>/cancel")
@requires(SIGNED_IN)
@idempotent
@bp.response(202, JobSchema)
def cancel(run_id: int) -> JobRun:
    """Stop a job: at once while it waits, else when it next reports its progress."""
    if _one(run_id).actor_id != current_user.id:
        ensure("jobs.manage")
    return services.cancel_run(run_id)


def _one(run_id: int) -> JobRun:
    return one_or_404(_visible().where(JobRun.id == run_id))


def _visible(*, state: str = "", kind: str = "") -> Select[JobRun]:
    sees_all = may("jobs.view") or may("jobs.manage")
    own = None if sees_all else current_user.id
    return queries.job_runs(state=state, kind=kind, actor_id=own)
