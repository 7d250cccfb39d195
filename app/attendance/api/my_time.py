"""One's own time for programs: what an employee who is a user sees and asks for."""

from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import abort
from flask_login import current_user

from app.attendance import queries, services
from app.attendance.api.absences import AbsenceSchema
from app.attendance.api.corrections import CorrectionSchema
from app.attendance.api.reports import ReportSheetSchema
from app.attendance.api.schemas import KeptSchema, PunchSchema
from app.attendance.models import DIRECTIONS, Absence, Correction, Punch
from app.attendance.permissions import OWN
from app.core.api import Blueprint
from app.core.checks import needed
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint("my_time_api", __name__, url_prefix="/api/v1/my-time", description="My time")

LONGEST = timedelta(days=400)
NOBODY = "The user is no employee (not_allowed)"


class MyTimeQuery(ma.Schema):
    """Which days."""

    from_ = ma.fields.Date(data_key="from", required=True)
    to = ma.fields.Date(required=True)


class MyPunchSchema(ma.Schema):
    """What it is; empty: whatever the state makes of it."""

    intent = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *DIRECTIONS]))
    note = Text(parse_line, load_default="")


class MyCorrectionSchema(ma.Schema):
    """A punch of one's own that is missing."""

    at = ma.fields.AwareDateTime(required=True)
    direction = ma.fields.Str(required=True, validate=ma.validate.OneOf([*DIRECTIONS]))
    reason = Text(needed(parse_line), required=True)


class MyAbsenceSchema(ma.Schema):
    """Days to be away."""

    type_id = ma.fields.Int(required=True, strict=True)
    first_day = ma.fields.Date(required=True)
    last_day = ma.fields.Date(required=True)
    is_first_half = ma.fields.Bool(load_default=False)
    is_last_half = ma.fields.Bool(load_default=False)
    reason = Text(parse_line, load_default="")


@bp.get("")
@requires(OWN)
@bp.arguments(MyTimeQuery, location="query")
@bp.response(200, ReportSheetSchema)
@bp.alt_response(404, description="The user is no employee")
def get_my_time(query: dict[str, Any]) -> dict[str, Any]:
    """Show one's own timesheet."""
    first, last = query["from_"], query["to"]
    if not timedelta() <= last - first <= LONGEST:
        abort(422, f"From 1 to {LONGEST.days} days.")
    employee = services.my_employee(current_user.id) or abort(404)
    sheet = services.timesheet(employee, first, last)
    totals = {name: sheet.total(name) for name in services.TOTALS}
    return {"employee": employee, "totals": totals, "days": sheet.days}


@bp.get("/kept")
@requires(OWN)
@bp.response(200, KeptSchema)
@bp.alt_response(404, description="The user is no employee")
def get_my_kept() -> dict[str, Any]:
    """Give all that is kept of oneself."""
    employee = services.my_employee(current_user.id) or abort(404)
    return services.everything_kept(employee, is_own=True)


@bp.post("/punches")
@requires(OWN)
@idempotent
@bp.arguments(MyPunchSchema)
@bp.response(201, PunchSchema)
@bp.alt_response(409, description="It is switched off, or the user is no employee")
def create_punch(body: dict[str, Any]) -> Punch:
    """Punch for oneself, now."""
    made = services.punch_from_web(current_user.id, **body)
    return one_or_404(queries.punch(made.id))


@bp.post("/corrections")
@requires(OWN)
@idempotent
@bp.arguments(MyCorrectionSchema)
@bp.response(201, CorrectionSchema)
@bp.alt_response(409, description=NOBODY)
def create_correction(body: dict[str, Any]) -> Correction:
    """Ask for a punch that is missing; it counts once it is approved."""
    return services.request_my_correction(current_user.id, **body)


@bp.post("/absences")
@requires(OWN)
@idempotent
@bp.arguments(MyAbsenceSchema)
@bp.response(201, AbsenceSchema)
@bp.alt_response(409, description=NOBODY)
def create_absence(body: dict[str, Any]) -> Absence:
    """Ask to be away."""
    return services.request_my_absence(current_user.id, **body)


@bp.delete("/absences/<int:absence_id>")
@requires(OWN)
@bp.response(200, AbsenceSchema)
@bp.alt_response(409, description="It is nobody's of the user, or decided (not_allowed)")
def delete_absence(absence_id: int) -> Absence:
    """Take a request of one's own back."""
    one_or_404(queries.absence(absence_id))
    return services.withdraw_my_absence(current_user.id, absence_id)
