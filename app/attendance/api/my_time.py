"""One's own time for programs: what an employee who is a user sees and asks for."""

from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import abort
from flask_login import current_user

from app.attendance import queries, services
from app.attendance.api.absences import AbsenceSchema
from app.attendance.api.accounts import AccountMonthsSchema
from app.attendance.api.corrections import CorrectionSchema
from app.attendance.api.reports import ReportSheetSchema
from app.attendance.api.schemas import KeptSchema, PunchSchema
from app.attendance.api.swaps import ShiftSwapSchema
from app.attendance.models import DIRECTIONS, Absence, Correction, Punch, ShiftSwap
from app.attendance.permissions import OWN
from app.core.api import Blueprint
from app.core.checks import needed
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint("my_time_api", __name__, url_prefix="/api/v1/my-time", description="My time")

LONGEST = timedelta(days=400)
MOST_SWAPS = 100
SWAPPED = "It is somebody else's or decided (not_allowed), or a day is locked (period_locked)"
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


class MySwapSchema(ma.Schema):
    """A shift of one's own to give away; without a colleague all who work such are asked."""

    day = ma.fields.Date(required=True)
    shift_id = ma.fields.Int(required=True, strict=True)
    colleague_id = ma.fields.Int(load_default=None, allow_none=True, strict=True)
    reason = Text(parse_line, load_default="")


class SwapAcceptanceSchema(ma.Schema):
    """A shift of one's own that is given in return, if any."""

    return_day = ma.fields.Date(load_default=None, allow_none=True)
    return_shift_id = ma.fields.Int(load_default=None, allow_none=True, strict=True)

    @ma.validates_schema
    def _both_or_none(self, body: dict[str, Any], **_rest: object) -> None:
        if (body.get("return_day") is None) != (body.get("return_shift_id") is None):
            raise ma.ValidationError("Give the day and the shift.", "return_shift_id")


class MySwapsSchema(ma.Schema):
    """Swaps of one's own, and those that one may accept."""

    items = ma.fields.List(ma.fields.Nested(ShiftSwapSchema), required=True)
    offered = ma.fields.List(ma.fields.Nested(ShiftSwapSchema), required=True)


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


@bp.get("/account")
@requires(OWN)
@bp.response(200, AccountMonthsSchema)
@bp.alt_response(404, description="The user is no employee")
def get_account() -> services.Account:
    """Show one's own time account."""
    employee = services.my_employee(current_user.id) or abort(404)
    return services.account_of(employee.id)


@bp.get("/swaps")
@requires(OWN)
@bp.response(200, MySwapsSchema)
@bp.alt_response(404, description="The user is no employee")
def list_swaps() -> dict[str, Any]:
    """List the newest swaps of one's own, and what colleagues ask for."""
    employee = services.my_employee(current_user.id) or abort(404)
    mine = queries.swaps(employee_id=employee.id).order_by(ShiftSwap.id.desc())
    return {
        "items": db.session.scalars(mine.limit(MOST_SWAPS)).all(),
        "offered": services.swaps_offered_to(employee.id),
    }


@bp.post("/swaps")
@requires(OWN)
@idempotent
@bp.arguments(MySwapSchema)
@bp.response(201, ShiftSwapSchema)
@bp.alt_response(409, description=SWAPPED)
def create_swap(body: dict[str, Any]) -> ShiftSwap:
    """Ask a colleague to take a shift."""
    return services.request_my_swap(current_user.id, **body)


@bp.post("/swaps/<int:swap_id>/accept")
@requires(OWN)
@idempotent
@bp.arguments(SwapAcceptanceSchema)
@bp.response(200, ShiftSwapSchema)
@bp.alt_response(409, description=SWAPPED)
def accept_swap(body: dict[str, Any], swap_id: int) -> ShiftSwap:
    """Take a colleague's shift; it counts once it is approved."""
    one_or_404(queries.swap(swap_id))
    return services.accept_my_swap(current_user.id, swap_id, **body)


@bp.post("/swaps/<int:swap_id>/decline")
@requires(OWN)
@idempotent
@bp.response(200, ShiftSwapSchema)
@bp.alt_response(409, description=SWAPPED)
def decline_swap(swap_id: int) -> ShiftSwap:
    """Say no to a colleague."""
    one_or_404(queries.swap(swap_id))
    return services.decline_my_swap(current_user.id, swap_id)


@bp.delete("/swaps/<int:swap_id>")
@requires(OWN)
@idempotent
@bp.response(200, ShiftSwapSchema)
@bp.alt_response(409, description=SWAPPED)
def delete_swap(swap_id: int) -> ShiftSwap:
    """Take a request of one's own back."""
    one_or_404(queries.swap(swap_id))
    return services.withdraw_my_swap(current_user.id, swap_id)
