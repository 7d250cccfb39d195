"""Timesheets: everybody's of a period, somebody's by day, and the punches behind a day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request, url_for
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.forms import AdditionForm
from app.attendance.models import (
    CORRECTIONS,
    DIRECTIONS,
    REQUEST_STATES,
    Correction,
    Employee,
)
from app.attendance.services import FLAGS, Sheet
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Day,
    Link,
    ListPage,
    Nothing,
    Resource,
)
from app.core.pages.charts import Chart, Series
from app.core.permissions import requires
from app.core.web import one_or_404, render, zone

bp = Blueprint("timesheets", __name__, url_prefix="/attendance/timesheets")

ONE_DAY = timedelta(days=1)
AROUND = timedelta(minutes=5)
LONGEST = 400  # days
FIGURES = {
    "raw": "Punched",
    "counted": "Counted",
    "expected": "Expected",
    "overtime": "Overtime",
    "double": "Twice the rate",
    "rest_day": "Rest day",
    "holiday": "Holiday",
    "absence": "Paid absence",
    "balance": "Balance",
    "unapproved": "Not approved",
    "late": "Late",
}
ALWAYS = ("raw", "counted", "expected", "balance")
SHOWN = ("raw", "counted", "expected", "overtime", "absence", "balance", "late")


def clock(minutes: int) -> str:
    """Write minutes as hours and minutes: -1:05."""
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def month_of(day: date) -> tuple[date, date]:
    """Give the first and the last day of a month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - ONE_DAY


def period(first: date | None, last: date | None) -> tuple[date, date]:
    """Give the days asked for; this month where none are, and no more than a year or so."""
    begin, end = month_of(last or first or datetime.now(zone()).date())
    begin, end = first or begin, last or end
    if end < begin or (end - begin).days > LONGEST:
        return month_of(end)
    return begin, end


def _sheets(asked: Asked) -> Sequence[Sheet]:
    first, last = period(asked["from"], asked["to"])
    return services.report(first, last, department=asked["department"])


def departments() -> list[tuple[str, str]]:
    """Give the departments to filter by."""
    return [(name, name) for name in db.session.scalars(queries.departments_in_use())]


def _figure(name: str, title: str, **more: Any) -> Column:
    return Column(
        name=name,
        title=title,
        place="num",
        value=lambda sheet: clock(sheet.total(name)),
        export=lambda sheet: round(Decimal(sheet.total(name)) / 60, 2),
        **more,
    )


def _odd(sheet: Sheet) -> str:
    found = sheet.flags
    return f"{len(found)} to look at" if found else ""


def _href(sheet: Sheet) -> str:
    first, last = sheet.days[0].day if sheet.days else None, None
    last = sheet.days[-1].day if sheet.days else None
    values = {"from": first, "to": last}
    return url_for("timesheets.show", employee_id=sheet.employee.id, **values)  # type: ignore[arg-type]


TIMESHEETS = ListPage(
    name="timesheets",
    title="Timesheets",
    subtitle="Hours that were punched, beside what rules make of them. This month, if no "
    "days are asked for.",
    permission="attendance.view",
    query=_sheets,
    href=_href,
    filters=(
        Day(name="from", label="From"),
        Day(name="to", label="Until"),
        Choice(
            name="department",
            label="Department",
            options=departments,
            everything="All departments",
        ),
    ),
    columns=(
        Column(name="number", title="Number", kind="code", value="employee.number"),
        Column(
            name="name",
            title="Name",
            value="employee.name",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="department", title="Department", value="employee.department", place="meta"
        ),
        *(_figure(name, title, is_shown=name in SHOWN) for name, title in FIGURES.items()),
        Column(name="odd", title="Odd", kind="badge", value=_odd, place="status"),
    ),
    links=(
        Link(
            label="Time accounts",
            endpoint="time_accounts.index",
            permission="attendance.view",
            icon="clock",
        ),
        Link(
            label="Overtime",
            endpoint="overtime.index",
            permission="attendance.view",
            icon="activity",
        ),
    ),
    tools=(Link(label="Charts", endpoint="timesheets.charts", kind="quiet", icon="chart"),),
    sockets="attendance",
    above="attendance/_news.html",
    events=("attendance:changed",),
    nouns=("timesheet", "timesheets"),
    nothing=Nothing(title="Nobody was here.", advice="Ask for other days.", icon="clock"),
)
EMPLOYEE = Resource(
    name="employee",
    area="timesheets",
    query=queries.employee,
    rule="/<int:employee_id>",
    keys={"employee_id": "id"},
    event="attendance:changed",
)


def asked_day(name: str) -> date | None:
    """Read a day of the address; None where it is none."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("/<int:employee_id>")
@requires("attendance.view")
def show(employee_id: int) -> Response:
    """Show somebody's days; each figure leads to the punches behind it."""
    employee = one_or_404(queries.employee(employee_id))
    first, last = period(asked_day("from"), asked_day("to"))
    sheet = services.timesheet(employee, first, last)
    return render(
        "attendance/timesheets/show.html",
        fragment="record",
        **sheet_context(sheet, first, last),
        here=url_for(".show", employee_id=employee_id, **{"from": first, "to": last}),  # type: ignore[arg-type]
    )


def sheet_context(sheet: Sheet, first: date, last: date) -> dict[str, Any]:
    """Give what a page needs to show a timesheet."""
    return {
        "sheet": sheet,
        "employee": sheet.employee,
        "first": first,
        "last": last,
        "before": month_of(first - ONE_DAY),
        "after": month_of(last + ONE_DAY),
        "clock": clock,
        "flags": FLAGS,
        "figures": figures_of(sheet, FIGURES),
        "chart": hours_chart(sheet),
        "create_addition": create_addition,
    }


def figures_of(sheet: Sheet, names: Iterable[str]) -> dict[str, str]:
    """Name the columns of a timesheet: some are always there, others if there is any of it."""
    return {name: FIGURES[name] for name in names if name in ALWAYS or sheet.total(name)}


def hours_chart(sheet: Sheet) -> Chart:
    """Draw hours by day, parted by what they are paid as."""

    def series(title: str, *names: str) -> Series:
        return Series(
            title, tuple(_hours(sum(getattr(d.figures, n) for n in names)) for d in sheet.days)
        )

    return Chart(
        kind="bar",
        title="Hours by day",
        category_label="Day",
        categories=tuple(one.day for one in sheet.days),
        series=(
            series("Regular", "regular"),
            series("Overtime", "overtime", "double"),
            series("Rest day and holiday", "rest_day", "holiday"),
        ),
        unit="h",
        decimals=2,
        is_stacked=True,
    )


def _hours(minutes: int) -> Decimal:
    return round(Decimal(minutes) / 60, 2)


@bp.get("/<int:employee_id>/<day>")
@requires("attendance.view")
def show_day(employee_id: int, day: str) -> Response:
    """Show the sessions of a day, and the punches and corrections behind them."""
    employee = one_or_404(queries.employee(employee_id))
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    return render(
        "attendance/timesheets/day.html",
        fragment="record",
        employee=employee,
        day=on,
        create_addition=create_addition,
        here=url_for(".show_day", employee_id=employee_id, day=day),
        clock=clock,
        flags=FLAGS,
        **behind(employee, on),
    )


def behind(employee: Employee, day: date) -> dict[str, Any]:
    """Give what stands behind the figures of a day."""
    sessions = db.session.scalars(
        queries.sessions(employee_id=employee.id, first=day, last=day)
    ).all()
    here = ZoneInfo(employee.time_zone)
    midnight = datetime.combine(day, time(), here)
    begins = [midnight, *(one.begin_at for one in sessions)]
    ends = [midnight + ONE_DAY, *(one.end_at for one in sessions if one.end_at)]
    found = queries.punches(
        employee_id=employee.id, since=min(begins) - AROUND, before=max(ends) + AROUND
    )
    corrections = queries.corrections(employee_id=employee.id).where(
        Correction.at.between(min(begins), max(ends))
    )
    return {
        "sessions": sorted(sessions, key=lambda one: one.begin_at),
        "punches": sorted(db.session.scalars(found).all(), key=lambda one: one.at),
        "corrections": db.session.scalars(corrections).all(),
        "sheet": services.timesheet(employee, day, day),
        "here_zone": here,
        "directions": DIRECTIONS,
        "states": REQUEST_STATES,
        "kinds": CORRECTIONS,
    }


def _add(employee_id: int, *, at: datetime, direction: str, reason: str) -> Correction:
    employee = one_or_404(queries.employee(employee_id))
    moment = at.replace(tzinfo=ZoneInfo(employee.time_zone))
    return services.correct_punch(
        employee_id, kind="add", at=moment, direction=direction, reason=reason
    )


def _begin_addition(form: AdditionForm, employee: Employee) -> None:
    """Begin with the end of the day that the page was about, or of the shift nobody ended."""
    on = asked_day("day")
    if on is not None:
        form.at.data = _planned_end(employee, on) or datetime.combine(on, time(17))
        form.direction.data = "out"


def _planned_end(employee: Employee, day: date) -> datetime | None:
    found = queries.sessions(employee_id=employee.id, first=day, last=day, is_open=True)
    ends = [one.planned_end for one in db.session.scalars(found) if one.planned_end]
    if not ends:
        return None
    return max(ends).astimezone(ZoneInfo(employee.time_zone)).replace(tzinfo=None)


create_addition = Action(
    resource=EMPLOYEE,
    name="create_addition",
    path="/additions",
    permission="attendance.approve",
    title="Add a punch",
    subtitle="Of {0.name}, by the clock in {0.time_zone}. It stands beside what was punched.",
    submit="Add",
    form=AdditionForm,
    fill=_begin_addition,
    act=_add,
    done="It is added.",
    icon="plus",
)

TIMESHEETS.add_to(bp)
create_addition.add_to(bp)
