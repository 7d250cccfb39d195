"""What runs when, for programs."""

from typing import Any

import marshmallow as ma
from flask import abort

from app.core.api import Blueprint, asked_version
from app.core.idempotency import idempotent
from app.core.jobs import schedule
from app.core.jobs.schedule import Planned
from app.core.permissions import requires

bp = Blueprint(
    "schedule_api",
    __name__,
    url_prefix="/api/v1/schedule",
    description="What runs by itself, and when",
)

PERMISSION = "jobs.manage"


class ScheduleEntrySchema(ma.Schema):
    """A piece of work that starts by itself."""

    name = ma.fields.Str(dump_only=True)
    label = ma.fields.Str(dump_only=True)
    cron = ma.fields.Str(
        metadata={"description": "Minute, hour, day of the month, month, day of the week; UTC"}
    )
    usual_cron = ma.fields.Str(attribute="default", dump_only=True)
    is_enabled = ma.fields.Bool(metadata={"description": "Whether it starts by itself"})
    next_at = ma.fields.DateTime(allow_none=True, dump_only=True)
    last_started_at = ma.fields.DateTime(allow_none=True, dump_only=True)
    last_job_id = ma.fields.Int(attribute="last_run.id", dump_only=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class ScheduleSchema(ma.Schema):
    """All there is."""

    items = ma.fields.List(ma.fields.Nested(ScheduleEntrySchema), required=True)


@bp.get("")
@requires(PERMISSION)
@bp.response(200, ScheduleSchema)
def list_schedule() -> dict[str, list[Planned]]:
    """List what runs by itself."""
    return {"items": schedule.planned()}


@bp.get("/<name>")
@requires(PERMISSION)
@bp.response(200, ScheduleEntrySchema)
def show_entry(name: str) -> Planned:
    """Show when something runs, and when it last did."""
    return _one(name)


@bp.put("/<name>")
@requires(PERMISSION)
@idempotent
@bp.arguments(ScheduleEntrySchema)
@bp.response(200, ScheduleEntrySchema)
@bp.alt_response(409, description="Stale version")
def update_entry(changes: dict[str, Any], name: str) -> Planned:
    """Change when something runs, and whether; what is not named stays."""
    entry = _one(name)
    version = asked_version(changes)
    values: dict[str, Any] = {"cron": entry.cron, "is_enabled": entry.is_enabled} | changes
    schedule.revise_entry(name, version=version, **values)
    return _one(name)


@bp.post("/<name>/runs")
@requires(PERMISSION)
@idempotent
@bp.response(202, ScheduleEntrySchema)
def create_run(name: str) -> Planned:
    """Start something outside of its time; `last_job_id` is its job, if it makes one."""
    _one(name)
    schedule.start_now(name)
    return _one(name)


def _one(name: str) -> Planned:
    return next((one for one in schedule.planned() if one.name == name), None) or abort(404)
