"""Cycles for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for
from sqlalchemy.orm.attributes import set_committed_value

from app.core.api import Blueprint, PageQuery, Sort, asked_version, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.jobs import JobRun
from app.core.permissions import requires
from app.core.schemas import for_changes, for_new, versioned
from app.core.web import one_or_404
from app.imports.api import StartedSchema
from app.planning import queries, services
from app.planning.access import MANAGE, own_only
from app.planning.api.fields import (
    CycleSchema,
    MailSchema,
    PlannedCycleSchema,
    RemindedSchema,
    ReturnSchema,
    SubmissionSchema,
)
from app.planning.jobs import make_baselines
from app.planning.models import CYCLE_STATUSES, Cycle, Submission

bp = Blueprint(
    "sop_api",
    __name__,
    url_prefix="/api/v1/sop",
    description="Sales and operations planning: cycles, and who forecasts what in them",
)
Answer = tuple[Cycle, int, dict[str, str]]


class CyclesQuery(PageQuery):
    """Filters of cycles."""

    status = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *CYCLE_STATUSES]))
    sort = Sort(queries.CYCLE_SORTS, "month")


def find_cycle(cycle_id: int) -> Cycle:
    """Give a cycle that the caller may see; 404 where there is none."""
    found = queries.cycles(rep_id=own_only()).where(Cycle.id == cycle_id)
    return _shown(one_or_404(found.execution_options(populate_existing=True)))


def _shown(cycle: Cycle) -> Cycle:
    """Leave out what others hand in, for those who see only their own."""
    own = own_only()
    cycle.rep_ids = sorted(one.user_id for one in cycle.submissions)  # type: ignore[attr-defined]
    if own is not None:
        mine = [one for one in cycle.submissions if one.user_id == own]
        set_committed_value(cycle, "submissions", mine)  # as if no others had been read
    return cycle


def _answer(cycle_id: int) -> Answer:
    cycle = find_cycle(cycle_id)
    return cycle, 200, versioned(cycle)


@bp.get("/cycles")
@requires("forecasts.view")
@bp.arguments(CyclesQuery, location="query")
@bp.response(200, page_schema(CycleSchema))
def list_cycles(query: dict[str, Any]) -> dict[str, Any]:
    """List cycles; who plans nothing sees those of their own."""
    found = queries.cycles(status=query.pop("status"), rep_id=own_only())
    page = page_of(found, query, sorts=queries.CYCLE_SORTS)
    return page | {"items": [_shown(cycle) for cycle in page["items"]]}


@bp.post("/cycles")
@requires(MANAGE)
@idempotent
@bp.arguments(for_new(PlannedCycleSchema))
@bp.response(201, CycleSchema)
@bp.alt_response(409, description="There is a cycle of this month")
def create_cycle(values: dict[str, Any]) -> Answer:
    """Make a draft."""
    cycle = find_cycle(services.create_cycle(**values).id)
    location = url_for("sop_api.get_cycle", cycle_id=cycle.id)
    return cycle, 201, {"Location": location, **versioned(cycle)}


@bp.get("/cycles/<int:cycle_id>")
@requires("forecasts.view")
@bp.response(200, CycleSchema)
def get_cycle(cycle_id: int) -> Answer:
    """Show a cycle. Its ETag is the version that a change is based on."""
    return _answer(cycle_id)


@bp.put("/cycles/<int:cycle_id>")
@requires(MANAGE)
@idempotent
@bp.arguments(for_changes(CycleSchema))
@bp.response(200, CycleSchema)
@bp.alt_response(409, description="A stale version, or what is fixed once it is open")
def update_cycle(changes: dict[str, Any], cycle_id: int) -> Answer:
    """Change a cycle; once it is open its months and reps stay."""
    find_cycle(cycle_id)
    services.update_cycle(cycle_id, version=asked_version(changes), **changes)
    return _answer(cycle_id)


@bp.delete("/cycles/<int:cycle_id>")
@requires(MANAGE)
@bp.response(204)
@bp.alt_response(409, description="It was opened")
def delete_cycle(cycle_id: int) -> None:
    """Delete a draft with its matrix."""
    find_cycle(cycle_id)
    services.delete_cycle(cycle_id)


@bp.post("/cycles/<int:cycle_id>/open")
@requires(MANAGE)
@idempotent
@bp.response(200, CycleSchema)
@bp.alt_response(409, description="It was opened already, or has no rows")
def open_cycle(cycle_id: int) -> Answer:
    """Let reps write. The baselines follow."""
    find_cycle(cycle_id)
    services.open_cycle(cycle_id)
    return _answer(cycle_id)


@bp.post("/cycles/<int:cycle_id>/close")
@requires(MANAGE)
@idempotent
@bp.response(200, CycleSchema)
@bp.alt_response(409, description="It is not open")
def close_cycle(cycle_id: int) -> Answer:
    """Let nobody write any more: what there is now is the consensus."""
    find_cycle(cycle_id)
    services.close_cycle(cycle_id)
    return _answer(cycle_id)


@bp.post("/cycles/<int:cycle_id>/notify")
@requires(MANAGE)
@idempotent
@bp.response(202, RemindedSchema)
@bp.alt_response(409, description="It is not open, or there is no mail server")
def notify_cycle(cycle_id: int) -> dict[str, int]:
    """Remind all who have not submitted, by e-mail."""
    find_cycle(cycle_id)
    return {"people": services.remind(cycle_id)}


@bp.post("/cycles/<int:cycle_id>/reminder-tests")
@requires(MANAGE)
@idempotent
@bp.response(200, MailSchema)
@bp.alt_response(409, description="There is no mail server")
def create_reminder_test(cycle_id: int) -> services.Mail:
    """Send the reminder to yourself."""
    find_cycle(cycle_id)
    return services.send_test_reminder(cycle_id)


@bp.post("/cycles/<int:cycle_id>/baselines")
@requires(MANAGE)
@idempotent
@bp.response(202, StartedSchema)
def create_baselines(cycle_id: int) -> dict[str, Any]:
    """Make the baselines again; what was written stays."""
    find_cycle(cycle_id)
    run: JobRun = make_baselines.enqueue(cycle_id=cycle_id)
    return {"job_id": run.id, "status_url": url_for("jobs_api.show", run_id=run.id)}


def _submission(submission_id: int) -> Submission:
    return one_or_404(queries.submission(submission_id))


@bp.post("/submissions/<int:submission_id>/approve")
@requires(MANAGE)
@idempotent
@bp.response(200, SubmissionSchema)
@bp.alt_response(409, description="It is not handed in, or the cycle is closed")
def approve_submission(submission_id: int) -> Submission:
    """Take a forecast as it is."""
    _submission(submission_id)
    services.approve_submission(submission_id)
    return _submission(submission_id)


@bp.post("/submissions/<int:submission_id>/return")
@requires(MANAGE)
@idempotent
@bp.arguments(ReturnSchema)
@bp.response(200, SubmissionSchema)
@bp.alt_response(409, description="It is not handed in, or the cycle is closed")
def return_submission(given: dict[str, Any], submission_id: int) -> Submission:
    """Let a rep go on writing, and say why."""
    _submission(submission_id)
    services.return_submission(submission_id, **given)
    return _submission(submission_id)
