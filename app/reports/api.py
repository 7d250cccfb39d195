"""Reports for programs: ask for one, hear how it fares, fetch its file."""

from io import BytesIO
from typing import Any

import marshmallow as ma
from flask import Response, send_file, url_for

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.reports import queries, services
from app.reports.forms import parse_recipients
from app.reports.jobs import make_report
from app.reports.kinds import open_kinds
from app.reports.models import EVERY, FORMS, KINDS, Report, ReportSchedule

VIEW, MAKE = "reports.view", "reports.make"

bp = Blueprint(
    "planning_reports_api",
    __name__,
    url_prefix="/api/v1/reports",
    description="Figures of sales and planning as files",
)
schedules_bp = Blueprint(
    "report_schedules_api",
    __name__,
    url_prefix="/api/v1/report-schedules",
    description="Reports that are made and sent by e-mail again and again",
)
BLUEPRINTS = (bp, schedules_bp)


def _kind(**more: Any) -> ma.fields.Str:
    return ma.fields.Str(validate=ma.validate.OneOf([*KINDS]), **more)


def _form(**more: Any) -> ma.fields.Str:
    return ma.fields.Str(validate=ma.validate.OneOf([*FORMS]), **more)


class NewReportSchema(ma.Schema):
    """Which report, of when, as what."""

    kind = _kind(required=True)
    form = _form(load_default="xlsx")
    since = ma.fields.Date(
        data_key="from",
        load_default=None,
        allow_none=True,
        metadata={"description": "Without days: the last twelve whole months"},
    )
    until = ma.fields.Date(data_key="to", load_default=None, allow_none=True)
    cycle_id = ma.fields.Int(
        strict=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a forecast; without one the latest that was opened"},
    )


class FiguresReportSchema(ma.Schema):
    """A report; as long as it is being made, `made_at` is null."""

    id = ma.fields.Int()
    title = ma.fields.Function(str, metadata={"type": "string"})
    kind = _kind()
    form = _form()
    since = ma.fields.Date(data_key="from")
    until = ma.fields.Date(data_key="to")
    cycle_id = ma.fields.Int(allow_none=True)
    schedule_id = ma.fields.Int(allow_none=True)
    recipients = ma.fields.Str(metadata={"description": "To whom it was or will be sent"})
    sent_at = ma.fields.DateTime(allow_none=True)
    made_at = ma.fields.DateTime(allow_none=True)
    created_at = ma.fields.DateTime()
    job_id = ma.fields.Int(allow_none=True)
    has_file = ma.fields.Function(
        lambda report: report.file_id is not None,
        metadata={"type": "boolean", "description": "Its file is there; it expires"},
    )


class StartedFiguresReportSchema(ma.Schema):
    """Where to ask how it fares."""

    id = ma.fields.Int()
    job_id = ma.fields.Int(allow_none=True)
    status_url = ma.fields.Str()


class ReportsQuery(PageQuery):
    """Filters of reports."""

    sort = Sort({"id": Report.id})
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *KINDS]))


@bp.get("")
@requires(VIEW)
@bp.arguments(ReportsQuery, location="query")
@bp.response(200, page_schema(FiguresReportSchema))
def list_reports(query: dict[str, Any]) -> dict[str, Any]:
    """List reports of what one may see."""
    found, kind = queries.reports(open_kinds()), query.pop("kind")
    if kind:
        found = found.where(Report.kind == kind)
    return page_of(found, query, sorts={"id": Report.id})


@bp.post("/generate")
@requires(MAKE)
@idempotent
@bp.arguments(NewReportSchema)
@bp.response(202, StartedFiguresReportSchema)
def generate_report(values: dict[str, Any]) -> dict[str, Any]:
    """Have a report made."""
    report = services.create_report(make_report, **values)
    status = url_for("jobs_api.show", run_id=report.job_id)
    return {"id": report.id, "job_id": report.job_id, "status_url": status}


@bp.get("/<int:report_id>")
@requires(VIEW)
@bp.response(200, FiguresReportSchema)
def get_report(report_id: int) -> Report:
    """Show a report."""
    return one_or_404(queries.report(report_id, open_kinds()))


@bp.get("/<int:report_id>/download")
@requires(VIEW)
@bp.response(200, content_type="application/octet-stream")
def download_report(report_id: int) -> Response:
    """Fetch its file, Excel or PDF; 404 until it is made, and once it has expired."""
    report = one_or_404(queries.report(report_id, open_kinds()))
    file = one_or_404(queries.file_of(report.id))
    return send_file(
        BytesIO(file.content), file.content_type, as_attachment=True, download_name=file.name
    )


def _recipients(text: Any) -> str:
    if not isinstance(text, str):
        raise ma.ValidationError("E-mail addresses with commas between.")
    try:
        return parse_recipients(text)
    except ValueError as error:
        raise ma.ValidationError(str(error)) from error


class NewReportScheduleSchema(ma.Schema):
    """Which report, how often, to whom."""

    kind = _kind(required=True)
    form = _form(load_default="xlsx")
    every = ma.fields.Str(load_default="month", validate=ma.validate.OneOf([*EVERY]))
    next_on = ma.fields.Date(
        required=True, metadata={"description": "The day of the first; those after follow it"}
    )
    recipients = ma.fields.Function(
        deserialize=_recipients,
        required=True,
        metadata={"type": "string", "description": "E-mail addresses with commas between"},
    )


class ReportScheduleSchema(ma.Schema):
    """A report that is made and sent again and again."""

    id = ma.fields.Int()
    kind = _kind()
    form = _form()
    every = ma.fields.Str(validate=ma.validate.OneOf([*EVERY]))
    next_on = ma.fields.Date()
    recipients = ma.fields.Str()
    created_at = ma.fields.DateTime()


class SchedulesQuery(PageQuery):
    """The order of schedules."""

    sort = Sort({"id": ReportSchedule.id})


@schedules_bp.get("")
@requires(MAKE)
@schedules_bp.arguments(SchedulesQuery, location="query")
@schedules_bp.response(200, page_schema(ReportScheduleSchema))
def list_report_schedules(query: dict[str, Any]) -> dict[str, Any]:
    """List what is sent on a schedule."""
    return page_of(queries.schedules(open_kinds()), query, sorts={"id": ReportSchedule.id})


@schedules_bp.post("")
@requires(MAKE)
@idempotent
@schedules_bp.arguments(NewReportScheduleSchema)
@schedules_bp.response(201, ReportScheduleSchema)
def create_report_schedule(values: dict[str, Any]) -> ReportSchedule:
    """Have a report made and sent again and again."""
    return services.create_schedule(**values)


@schedules_bp.get("/<int:schedule_id>")
@requires(MAKE)
@schedules_bp.response(200, ReportScheduleSchema)
def get_report_schedule(schedule_id: int) -> ReportSchedule:
    """Show a schedule."""
    return _schedule(schedule_id)


@schedules_bp.delete("/<int:schedule_id>")
@requires(MAKE)
@schedules_bp.response(204)
def delete_report_schedule(schedule_id: int) -> None:
    """Send it no more; reports that were made stay."""
    services.delete_schedule(_schedule(schedule_id).id)


def _schedule(schedule_id: int) -> ReportSchedule:
    mine = queries.schedules(open_kinds()).where(ReportSchedule.id == schedule_id)
    return one_or_404(mine)
