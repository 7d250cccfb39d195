"""Shifts and rosters for programs."""

from typing import Any

import marshmallow as ma

from app.attendance import queries, services
from app.attendance.models import Shift as ShiftModel
from app.attendance.rules import parse_shift_code
from app.core.api import (
    Blueprint,
    asked_version,
    page_of,
    page_schema,
    sorted_query,
)
from app.core.checks import needed
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "shifts_api",
    __name__,
    url_prefix="/api/v1/attendance",
    description="Attendance",
)
MOST_CELLS = 2_000


def _minutes(most: int) -> ma.fields.Int:
    return ma.fields.Int(strict=True, validate=ma.validate.Range(0, most))


class ShiftSchema(ma.Schema):
    """A shift; one that ends before it begins ends on the next day."""

    id = ma.fields.Int(dump_only=True)
    code = Text(needed(parse_shift_code), required=True)
    name = Text(needed(parse_line), required=True)
    begins = ma.fields.Time(required=True)
    ends = ma.fields.Time(required=True)
    break_minutes = _minutes(480)
    is_break_paid = ma.fields.Bool()
    early_minutes = _minutes(720)
    late_minutes = _minutes(720)
    grace_minutes = _minutes(240)
    is_active = ma.fields.Bool()
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class RosterCellSchema(ma.Schema):
    """For which shifts somebody is down on a day; none frees it."""

    employee_id = ma.fields.Int(required=True, strict=True)
    day = ma.fields.Date(required=True)
    shift_ids = ma.fields.List(
        ma.fields.Int(strict=True), required=True, validate=ma.validate.Length(max=4)
    )


class RosterSchema(ma.Schema):
    """Cells of a roster."""

    items = ma.fields.List(
        ma.fields.Nested(RosterCellSchema),
        required=True,
        validate=ma.validate.Length(max=MOST_CELLS),
    )


class RosterQuery(ma.Schema):
    """Which days and people."""

    from_ = ma.fields.Date(data_key="from", required=True)
    to = ma.fields.Date(required=True)
    employee_id = ma.fields.Int(load_default=None)


class RosterChangeSchema(ma.Schema):
    """How many cells are others than before."""

    changed = ma.fields.Int()


class WeekCopySchema(ma.Schema):
    """Which week is to become as the one before, for whom; everybody without a list."""

    monday = ma.fields.Date(required=True)
    employee_ids = ma.fields.List(
        ma.fields.Int(strict=True), required=True, validate=ma.validate.Length(1, MOST_CELLS)
    )


@bp.get("/shifts")
@requires("attendance.view")
@bp.arguments(sorted_query(queries.SHIFT_SORTS), location="query")
@bp.response(200, page_schema(ShiftSchema))
def list_shifts(query: dict[str, Any]) -> dict[str, Any]:
    """List shifts, by `code` or `begins`."""
    return page_of(queries.shifts(), query, sorts=queries.SHIFT_SORTS)


@bp.post("/shifts")
@requires("attendance.roster")
@idempotent
@bp.arguments(for_new(ShiftSchema))
@bp.response(201, ShiftSchema)
@bp.alt_response(409, description="The code is taken")
def create_shift(values: dict[str, Any]) -> ShiftModel:
    """Add a shift."""
    return services.create_shift(**values)


@bp.get("/shifts/<int:shift_id>")
@requires("attendance.view")
@bp.response(200, ShiftSchema)
def get_shift(shift_id: int) -> tuple[ShiftModel, int, dict[str, str]]:
    """Show a shift."""
    shift = one_or_404(queries.shift(shift_id))
    return shift, 200, versioned(shift)


@bp.put("/shifts/<int:shift_id>")
@requires("attendance.roster")
@idempotent
@bp.arguments(for_changes(ShiftSchema))
@bp.response(200, ShiftSchema)
@bp.alt_response(409, description="A stale version, or a code that is taken")
def update_shift(changes: dict[str, Any], shift_id: int) -> ShiftModel:
    """Change a shift: sessions follow its hours."""
    one_or_404(queries.shift(shift_id))
    version = asked_version(changes)
    return services.revise_shift(shift_id, version=version, **changes)


@bp.get("/roster")
@requires("attendance.view")
@bp.arguments(RosterQuery, location="query")
@bp.response(200, RosterSchema)
def get_roster(query: dict[str, Any]) -> dict[str, Any]:
    """Say who is down for what, on at most a year of days."""
    return {"items": services.read_roster(query["from_"], query["to"], query["employee_id"])}


@bp.post("/roster")
@requires("attendance.roster")
@sent_as(shift_id="items", employee_id="items")
@idempotent
@bp.arguments(RosterSchema)
@bp.response(200, RosterChangeSchema)
@bp.alt_response(409, description="A day is locked (period_locked)")
def set_roster(body: dict[str, Any]) -> dict[str, int]:
    """Put people down for shifts: each cell is exactly as it is sent, others stay."""
    cells = {(one["employee_id"], one["day"]): one["shift_ids"] for one in body["items"]}
    return {"changed": services.set_roster(cells)}


@bp.post("/roster/copies")
@requires("attendance.roster")
@idempotent
@bp.arguments(WeekCopySchema)
@bp.response(200, RosterChangeSchema)
@bp.alt_response(409, description="A day is locked (period_locked)")
def copy_week(body: dict[str, Any]) -> dict[str, int]:
    """Put people down as in the week before, on days that are empty."""
    copied = services.copy_week(body["monday"], employee_ids=body["employee_ids"])
    return {"changed": copied}
