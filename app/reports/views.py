"""Reports: the list, each with its file, asking for one; and what is sent on a schedule."""

from io import BytesIO
from typing import Any

from flask import Blueprint, send_file, url_for
from sqlalchemy import Select
from werkzeug import Response

from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
)
from app.core.permissions import requires
from app.core.web import one_or_404
from app.reports import queries, services
from app.reports.forms import ReportForm, ScheduleForm
from app.reports.jobs import make_report
from app.reports.kinds import open_kinds
from app.reports.models import EVERY, FORMS, KINDS, Report, ReportSchedule

VIEW, MAKE = "reports.view", "reports.make"

bp = Blueprint("reports", __name__, url_prefix="/reports")
schedules_bp = Blueprint("report_schedules", __name__, url_prefix="/report-schedules")
PAGES = (bp, schedules_bp)

NEW = Link(
    label="New report", endpoint="reports.new", permission=MAKE, kind="primary", icon="plus"
)
SCHEDULES = Link(
    label="Schedules", endpoint="report_schedules.index", permission=MAKE, kind="quiet"
)
NEW_SCHEDULE = Link(
    label="New schedule",
    endpoint="report_schedules.new",
    permission=MAKE,
    kind="primary",
    icon="plus",
)


def _reports(asked: Asked) -> Select[Any]:
    found = queries.reports(open_kinds())
    return found.where(Report.kind == asked["kind"]) if asked["kind"] else found


REPORTS = ListPage(
    name="reports",
    title="Reports",
    subtitle="Figures of sales and planning as files, kept for a year.",
    permission=VIEW,
    query=_reports,
    key=Report.id,
    sort="-asked",
    href=lambda report: url_for("reports.show", report_id=report.id),
    filters=(Choice(name="kind", label="Report", options=KINDS, everything="All reports"),),
    columns=(
        Column(
            name="title",
            title="Report",
            value=str,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="asked",
            title="Asked for",
            kind="moment",
            value="created_at",
            sort=Report.id,
            place="meta",
        ),
        Column(name="form", title="File", value=lambda report: FORMS[report.form]),
        Column(name="state", title="State", value="state", place="status"),
        Column(
            name="actor",
            title="By",
            value=lambda report: report.actor.name if report.actor else "schedule",
        ),
    ),
    links=(SCHEDULES, NEW),
    events=("reports:changed",),
    nouns=("report", "reports"),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another report.", action="Show all reports"
    ),
    nothing=Nothing(
        title="No reports yet.",
        advice="Ask for the first one: it is made in the background and kept here.",
        link=NEW,
        icon="file",
    ),
)
REPORTS.add_to(bp)


def _report(report_id: int) -> Select[Any]:
    """Give a report that the person asking may see."""
    return queries.report(report_id, open_kinds())


REPORT = Resource(
    name="report",
    area="reports",
    query=_report,
    rule="/<int:report_id>",
    keys={"report_id": "id"},
    event="reports:changed",
)


def _create(**values: Any) -> Report:
    return services.create_report(make_report, **values)


def _offer(form: ReportForm | ScheduleForm, _none: None) -> None:
    form.offer()


create = Action(
    resource=REPORT,
    name="create",
    is_new=True,
    title="New report",
    submit="Make the report",
    permission=MAKE,
    form=ReportForm,
    offer=_offer,
    act=_create,
    done="The report is being made.",
    leads_on=True,
    leaves=True,
)
create.add_to(bp)


@bp.get("/<int:report_id>/file")
@requires(VIEW)
def download(report_id: int) -> Response:
    """Send the file of a report."""
    report = one_or_404(_report(report_id))
    file = one_or_404(queries.file_of(report.id))
    return send_file(
        BytesIO(file.content), file.content_type, as_attachment=True, download_name=file.name
    )


report_page = RecordPage(
    resource=REPORT,
    permission=VIEW,
    heading="{0}",
    crumbs=lambda _report: [("Reports", url_for("reports.index"))],
    buttons=(
        RecordLink(
            label="Download",
            href=lambda report: url_for("reports.download", report_id=report.id),
            kind="primary",
            icon="download",
            when=lambda report: report.file_id is not None,
        ),
    ),
    body="reports/_report.html",
    context=lambda report: {"kind": KINDS[report.kind], "form": FORMS[report.form]},
    has_history=False,
)
report_page.add_to(bp)


# Schedules


def _schedules(_asked: Asked) -> Select[Any]:
    return queries.schedules(open_kinds())


def _schedule(schedule_id: int) -> Select[Any]:
    return queries.schedules(open_kinds()).where(ReportSchedule.id == schedule_id)


LIST = ListPage(
    name="report_schedules",
    title="Schedules of reports",
    subtitle="Reports that are made and sent by e-mail again and again.",
    permission=MAKE,
    query=_schedules,
    key=ReportSchedule.id,
    sort="next_on",
    href=lambda schedule: url_for("report_schedules.show", schedule_id=schedule.id),
    columns=(
        Column(
            name="title",
            title="Report",
            value=lambda schedule: KINDS[schedule.kind],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="form", title="File", value=lambda schedule: FORMS[schedule.form]),
        Column(name="every", title="How often", value=lambda schedule: EVERY[schedule.every]),
        Column(
            name="next_on",
            title="Next on",
            kind="day",
            value="next_on",
            sort=ReportSchedule.next_on,
            place="status",
        ),
        Column(name="recipients", title="To", value="recipients", place="meta"),
    ),
    links=(NEW_SCHEDULE,),
    events=("report-schedules:changed",),
    nouns=("schedule", "schedules"),
    nothing=Nothing(
        title="Nothing is sent by itself yet.",
        advice="Choose a report, how often it is made, and to whom it goes.",
        link=NEW_SCHEDULE,
        icon="mail",
    ),
)
LIST.add_to(schedules_bp)

SCHEDULE = Resource(
    name="schedule",
    area="report_schedules",
    query=_schedule,
    rule="/<int:schedule_id>",
    keys={"schedule_id": "id"},
    event="report-schedules:changed",
)
create_schedule = Action(
    resource=SCHEDULE,
    name="create",
    is_new=True,
    title="New schedule",
    submit="Send it from now on",
    permission=MAKE,
    form=ScheduleForm,
    offer=_offer,
    act=services.create_schedule,
    done="The report is made and sent for the first time on {0.next_on:%-d %B %Y}.",
    leads_on=True,
    leaves=True,
)
delete_schedule = Action(
    resource=SCHEDULE,
    name="delete",
    path="/delete",
    title="Delete",
    question="Send “{0}” no more? Reports that were made stay.",
    permission=MAKE,
    act=services.delete_schedule,
    done="The schedule is deleted.",
    to=lambda _schedule: url_for("report_schedules.index"),
    leaves=True,
    kind="danger",
    icon="trash",
)
for action in (create_schedule, delete_schedule):
    action.add_to(schedules_bp)

schedule_page = RecordPage(
    resource=SCHEDULE,
    permission=MAKE,
    heading="{0}",
    crumbs=lambda _schedule: [
        ("Reports", url_for("reports.index")),
        ("Schedules", url_for("report_schedules.index")),
    ],
    buttons=(delete_schedule,),
    body="reports/_schedule.html",
    context=lambda schedule: {
        "sent": db.session.scalars(
            queries.reports(open_kinds())
            .where(Report.schedule_id == schedule.id)
            .order_by(Report.id.desc())
            .limit(20)
        ).all(),
    },
    labels={"next_on": "Next on", "every": "How often", "form": "File", "recipients": "To"},
)
schedule_page.add_to(schedules_bp)
