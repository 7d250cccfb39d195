"""Corrections of punches for programs."""

from typing import Any

import marshmallow as ma

from app.attendance import queries, services
from app.attendance.models import CORRECTIONS, DIRECTIONS, REQUEST_STATES, Correction
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.checks import needed
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "corrections_api",
    __name__,
    url_prefix="/api/v1/attendance/corrections",
    description="Attendance",
)
DECIDED = "It waits for approval no more (not_allowed), or its day is locked (period_locked)"


class CorrectionSchema(ma.Schema):
    """What is corrected, why, and who agreed; the punch itself stays as it was."""

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    kind = ma.fields.Str(validate=ma.validate.OneOf([*CORRECTIONS]))
    punch_id = ma.fields.Int(allow_none=True)
    at = ma.fields.AwareDateTime(allow_none=True)
    direction = ma.fields.Str()
    reason = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf([*REQUEST_STATES]))
    requested_by_id = ma.fields.Int(allow_none=True)
    decided_by_id = ma.fields.Int(allow_none=True)
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    answer = ma.fields.Str()


class NewCorrectionSchema(ma.Schema):
    """A punch to be added, taken out, or given another time; `is_approved` counts at once."""

    employee_id = ma.fields.Int(required=True, strict=True)
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf([*CORRECTIONS]))
    punch_id = ma.fields.Int(strict=True, load_default=None)
    at = ma.fields.AwareDateTime(load_default=None)
    direction = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *DIRECTIONS]))
    reason = Text(needed(parse_line), required=True)
    is_approved = ma.fields.Bool(load_default=True)


class CorrectionDecisionSchema(ma.Schema):
    """What is answered to whoever has asked."""

    answer = Text(parse_line, load_default="")


class CorrectionQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.CORRECTION_SORTS)
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *REQUEST_STATES]))
    employee_id = ma.fields.Int(load_default=None)


@bp.get("")
@requires("attendance.view")
@bp.arguments(CorrectionQuery, location="query")
@bp.response(200, page_schema(CorrectionSchema))
def list_corrections(query: dict[str, Any]) -> dict[str, Any]:
    """List corrections, by `id`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    return page_of(queries.corrections(**query), paging, sorts=queries.CORRECTION_SORTS)


@bp.post("")
@requires("attendance.approve")
@sent_as(employee="employee_id")
@idempotent
@bp.arguments(NewCorrectionSchema)
@bp.response(201, CorrectionSchema)
@bp.alt_response(404, description="There is no such employee")
@bp.alt_response(409, description=DECIDED)
def create_correction(body: dict[str, Any]) -> Correction:
    """Correct a punch of somebody, beside the punch."""
    one_or_404(queries.employee(body["employee_id"]))
    is_approved = body.pop("is_approved")
    act = services.correct_punch if is_approved else services.request_correction
    return act(body.pop("employee_id"), **body)


@bp.get("/<int:correction_id>")
@requires("attendance.view")
@bp.response(200, CorrectionSchema)
def get_correction(correction_id: int) -> Correction:
    """Show a correction."""
    return one_or_404(queries.correction(correction_id))


@bp.post("/<int:correction_id>/approve")
@requires("attendance.approve")
@idempotent
@bp.arguments(CorrectionDecisionSchema)
@bp.response(200, CorrectionSchema)
@bp.alt_response(409, description=DECIDED)
def approve_correction(body: dict[str, Any], correction_id: int) -> Correction:
    """Let it count: what follows is made anew."""
    one_or_404(queries.correction(correction_id))
    return services.approve_correction(correction_id, **body)


@bp.post("/<int:correction_id>/reject")
@requires("attendance.approve")
@idempotent
@bp.arguments(CorrectionDecisionSchema)
@bp.response(200, CorrectionSchema)
@bp.alt_response(409, description=DECIDED)
def reject_correction(body: dict[str, Any], correction_id: int) -> Correction:
    """Let it not count."""
    one_or_404(queries.correction(correction_id))
    return services.reject_correction(correction_id, **body)
