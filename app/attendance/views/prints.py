"""Timesheets on paper, and as charts."""

from datetime import UTC, datetime

from flask import Response as Answer
from flask import url_for
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.views.charts import charts_of
from app.attendance.views.timesheets import (
    asked_day,
    bp,
    clock,
    figures_of,
    period,
)
from app.core.pdf import render_pdf
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import local_time, one_or_404, render

PRINTED = ("raw", "counted", "expected", "overtime", "absence", "balance", "unapproved")


@bp.get("/<int:employee_id>.pdf")
@requires("attendance.view")
def show_pdf(employee_id: int) -> Answer:
    """Print somebody's timesheet, with a line for each name below it."""
    employee = one_or_404(queries.employee(employee_id))
    first, last = period(asked_day("from"), asked_day("to"))
    sheet = services.timesheet(employee, first, last)
    content = render_pdf(
        "attendance/timesheets/print.html",
        sheet=sheet,
        employee=employee,
        first=first,
        last=last,
        figures=figures_of(sheet, PRINTED),
        flags=services.FLAGS,
        clock=clock,
        company=setting("company_name"),
        now=local_time(datetime.now(UTC)),
    )
    name = f"timesheet-{employee.number}-{first}.pdf"
    return Answer(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_safe(name)}"'},
    )


def _safe(name: str) -> str:
    return "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\/' else "_"
        for letter in name
    )


@bp.get("/charts")
@requires("attendance.view")
def charts() -> Response:
    """Draw hours per week, when people come, and how many are there."""
    first, last = period(asked_day("from"), asked_day("to"))
    return render(
        "attendance/timesheets/charts.html",
        fragment="record",
        charts=charts_of(first, last),
        first=first,
        last=last,
        here=url_for(".charts"),
    )
