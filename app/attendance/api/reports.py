"""Timesheets, hours, lateness, absence and payroll files for programs."""

from datetime import date, timedelta
from typing import Any

import marshmallow as ma
from flask import Response, abort

from app.attendance import queries, services
from app.attendance.downloads import payroll_file
from app.attendance.models import PayrollExport, PeriodLock
from app.attendance.reckoning.payroll import PRESETS
from app.core.api import Blueprint, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404

bp = Blueprint(
    "reports_api",
    __name__,
    url_prefix="/api/v1/attendance",
    description="Attendance",
)
LONGEST = timedelta(days=400)
KINDS = ("timesheet", "hours", "lateness", "absence")


class ReportQuery(ma.Schema):
    """Which days, and who."""

    from_ = ma.fields.Date(data_key="from", required=True)
    to = ma.fields.Date(required=True)
    employee_id = ma.fields.Int(load_default=None)
    department = ma.fields.Str(load_default="", validate=ma.validate.Length(max=300))


class ReportDaySchema(ma.Schema):
    """A day, in minutes: raw ones beside those that are counted and what they are paid as."""

    day = ma.fields.Date()
    raw = ma.fields.Int(attribute="figures.raw")
    counted = ma.fields.Int(attribute="figures.counted")
    breaks = ma.fields.Int(attribute="figures.breaks")
    automatic_break = ma.fields.Int(
        attribute="figures.automatic_break", metadata={"description": "Taken off by rule"}
    )
    regular = ma.fields.Int(
        attribute="figures.regular", metadata={"description": "Paid as regular hours"}
    )
    overtime = ma.fields.Int(
        attribute="figures.overtime", metadata={"description": "Paid as overtime"}
    )
    double = ma.fields.Int(attribute="figures.double", metadata={"description": "Paid twice"})
    rest_day = ma.fields.Int(
        attribute="figures.rest_day", metadata={"description": "Worked on a rest day"}
    )
    holiday_work = ma.fields.Int(
        attribute="figures.holiday", metadata={"description": "Worked on a public holiday"}
    )
    night = ma.fields.Int(
        attribute="figures.bands.night",
        metadata={"description": "In the night, by the clock; paid besides"},
    )
    deep_night = ma.fields.Int(
        attribute="figures.bands.deep_night",
        metadata={"description": "From midnight to 4 h, by the clock; paid besides"},
    )
    sunday = ma.fields.Int(
        attribute="figures.bands.sunday",
        metadata={"description": "On a Sunday, by the clock; paid besides"},
    )
    holiday_band = ma.fields.Int(
        attribute="figures.bands.holiday",
        metadata={"description": "On a public holiday, by the clock; paid besides"},
    )
    late = ma.fields.Int(attribute="figures.late")
    left_early = ma.fields.Int(attribute="figures.left_early")
    expected = ma.fields.Int()
    absence = ma.fields.Int(metadata={"description": "Away, and counted as worked"})
    away_as = ma.fields.Str(metadata={"description": "Kind of the absence"})
    holiday = ma.fields.Str(metadata={"description": "Name of the public holiday"})
    balance = ma.fields.Int(metadata={"description": "Credited less expected"})
    flags = ma.fields.List(ma.fields.Str())


class ReportSheetSchema(ma.Schema):
    """Somebody's days; `totals` are minutes, by the names that days have."""

    employee_id = ma.fields.Int(attribute="employee.id")
    employee_number = ma.fields.Str(attribute="employee.number")
    employee = ma.fields.Str(attribute="employee.name")
    department = ma.fields.Str(attribute="employee.department")
    totals = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Int())
    days = ma.fields.List(ma.fields.Nested(ReportDaySchema))


class ReportSchema(ma.Schema):
    """A report; only a timesheet has days."""

    items = ma.fields.List(ma.fields.Nested(ReportSheetSchema))


class PayrollExportSchema(ma.Schema):
    """A batch for payroll: its id is the number in the file."""

    id = ma.fields.Int()
    preset = ma.fields.Str()
    program = ma.fields.Function(services.program_of, metadata={"type": "string"})
    first_day = ma.fields.Date()
    last_day = ma.fields.Date()
    file_name = ma.fields.Str()
    created_by_id = ma.fields.Int(allow_none=True)
    created_at = ma.fields.AwareDateTime()


class NewPayrollExportSchema(ma.Schema):
    """Which days, for which program: a preset, or `map-7` for the saved map of this id.

    `settings` are what a preset asks for.
    """

    preset = ma.fields.Str(
        required=True, metadata={"description": ", ".join([*PRESETS, "map-{id}"])}
    )
    first_day = ma.fields.Date(required=True)
    last_day = ma.fields.Date(required=True)
    settings = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.Str(),
        load_default=dict,
        metadata={
            "description": " ".join(
                f"{one.label}: {one.asked}." for one in PRESETS.values() if one.asks
            )
        },
    )


class LockSchema(ma.Schema):
    """Days up to one that are locked."""

    id = ma.fields.Int(dump_only=True)
    last_day = ma.fields.Date(required=True)
    opened_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)


class OpenSchema(ma.Schema):
    """Why days are opened again."""

    reason = ma.fields.Str(required=True, validate=ma.validate.Length(1, 300))


@bp.get("/reports/<kind>")
@requires("attendance.view")
@bp.arguments(ReportQuery, location="query")
@bp.response(200, ReportSchema)
def get_report(query: dict[str, Any], kind: str) -> dict[str, Any]:
    """Report on some days: `kind` is timesheet, hours, lateness or absence."""
    if kind not in KINDS:
        abort(404)
    first, last = query["from_"], query["to"]
    if not timedelta() <= last - first <= LONGEST:
        abort(422, f"From 1 to {LONGEST.days} days.")
    sheets = _sheets(query, first, last)
    return {"items": [_shown(sheet, kind) for sheet in sheets]}


def _sheets(query: dict[str, Any], first: date, last: date) -> list[services.Sheet]:
    if query["employee_id"] is None:
        return services.report(first, last, department=query["department"])
    employee = one_or_404(queries.employee(query["employee_id"]))
    return [services.timesheet(employee, first, last)]


def _shown(sheet: services.Sheet, kind: str) -> dict[str, Any]:
    names = {
        "timesheet": services.TOTALS,
        "hours": services.TOTALS,
        "lateness": ("late", "left_early"),
        "absence": ("expected", "absence"),
    }[kind]
    shown: dict[str, Any] = {
        "employee": sheet.employee,
        "totals": {name: sheet.total(name) for name in names},
    }
    return shown | ({"days": sheet.days} if kind == "timesheet" else {})


@bp.get("/payroll")
@requires("attendance.payroll")
@bp.arguments(sorted_query(queries.PAYROLL_SORTS), location="query")
@bp.response(200, page_schema(PayrollExportSchema))
def list_payroll(query: dict[str, Any]) -> dict[str, Any]:
    """List what was given to payroll, by `id`."""
    return page_of(queries.payroll_exports(), query, sorts=queries.PAYROLL_SORTS)


@bp.post("/payroll")
@requires("attendance.payroll")
@idempotent
@bp.arguments(NewPayrollExportSchema)
@bp.response(201, PayrollExportSchema)
@bp.alt_response(409, description="Somebody forgot to clock out (not_allowed)")
def create_payroll(body: dict[str, Any]) -> PayrollExport:
    """Give the hours of some days to payroll; the file is at `payroll/{id}/file`."""
    preset = body.pop("preset")
    return services.export_hours(preset, **body).export


@bp.get("/payroll/<int:export_id>/file")
@requires("attendance.payroll")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="text/plain")
def get_payroll_file(export_id: int) -> Response:
    """Give the file of a batch, as it was; its `Content-Type` says in which letters."""
    one_or_404(queries.payroll_export(export_id))
    file = services.written_again(export_id)
    return payroll_file(file._replace(media_type="text/plain"))


@bp.post("/locks")
@requires("attendance.payroll")
@bp.arguments(LockSchema)
@bp.response(201, LockSchema)
@bp.alt_response(409, description="They are locked already, or not over (not_allowed)")
def create_lock(body: dict[str, Any]) -> PeriodLock:
    """Lock all days up to one: nothing that counts for them changes any more."""
    return services.lock_days(body["last_day"])


@bp.delete("/locks")
@requires("attendance.payroll")
@bp.arguments(OpenSchema, location="query")
@bp.response(200, LockSchema)
@bp.alt_response(409, description="No days are locked (not_allowed)")
def delete_lock(query: dict[str, Any]) -> PeriodLock:
    """Open the days that were locked last."""
    return services.open_days(reason=query["reason"])
