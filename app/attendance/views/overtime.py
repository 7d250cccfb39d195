"""Overtime: the list of all days with some, and the page where one is approved."""

from typing import Any

from flask import Blueprint, g, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import OvertimeAnswerForm, OvertimeForm
from app.attendance.models import OVERTIME_STATES, Employee, Overtime
from app.attendance.views.accounts import hours
from app.attendance.views.timesheets import clock
from app.core.pages import (
    Action,
    Asked,
    BulkAction,
    Choice,
    Column,
    Day,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
)
from app.core.settings import setting

bp = Blueprint("overtime", __name__, url_prefix="/attendance/overtime")

CHANGED = "attendance:changed"
PARTS = {
    "overtime": "Overtime",
    "double": "Twice the rate",
    "rest_day": "Rest day",
    "holiday": "Public holiday",
}


def look() -> None:
    """Find overtime anew before it is listed, and keep of how many people it is not yet."""
    g.overtime_behind = services.look_at_overtime()


def behind() -> int:
    """Give of how many people overtime is not as it should be yet."""
    return int(g.get("overtime_behind", 0))


def _overtimes(asked: Asked) -> Select[Any]:
    look()
    return queries.overtimes(state=asked["state"], first=asked["from"], last=asked["to"])


def kinds_of(one: Overtime) -> str:
    """Say what it is made of."""
    return ", ".join(title for name, title in PARTS.items() if getattr(one, name))


def _figure(name: str, title: str) -> Column:
    return Column(
        name=name,
        title=title,
        place="num",
        value=lambda one: clock(getattr(one, name)),
        export=lambda one: hours(getattr(one, name)),
    )


OVERTIME = ListPage(
    name="overtime",
    title="Overtime",
    subtitle="Days that are paid as more than regular hours. A setting says whether they "
    "have to be approved.",
    permission="attendance.view",
    query=_overtimes,
    key=Overtime.id,
    sort="-day",
    href=lambda one: url_for("overtime.show", overtime_id=one.id),
    filters=(
        Choice(name="state", label="State", options=OVERTIME_STATES, everything="All states"),
        Day(name="from", label="From"),
        Day(name="to", label="Until"),
    ),
    columns=(
        Column(
            name="who",
            title="Who",
            value="employee.name",
            sort=Employee.name_key,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="day", title="Day", kind="day", sort=Overtime.day, place="figure"),
        Column(name="kinds", title="What it is", value=kinds_of, place="meta"),
        _figure("minutes", "Hours"),
        _figure("approved", "Approved"),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda one: OVERTIME_STATES[one.state],
            place="status",
        ),
    ),
    actions=(
        BulkAction(
            name="approve",
            label="Approve",
            permission="attendance.approve",
            question="Let {count} count?",
            act=services.approve_overtime,
        ),
        BulkAction(
            name="reject",
            label="Reject",
            permission="attendance.approve",
            question="Let {count} not count?",
            kind="danger",
            act=services.reject_overtime,
        ),
    ),
    row_id=Overtime.id,
    row_name=Employee.name,
    tick=lambda one: (one.id, f"{one.employee.name}, {one.day}"),
    events=(CHANGED,),
    sockets="attendance",
    above="attendance/_news.html",
    notes="attendance/overtime/_behind.html",
    context=lambda _rows: {"behind": behind()},
    nouns=("day with overtime", "days with overtime"),
    crumbs=lambda _about: [("Timesheets", url_for("timesheets.index"))],
    unmatched=Nothing(
        title="Nothing matches.", advice="Ask for other days.", action="Show all overtime"
    ),
    nothing=Nothing(
        title="No overtime waits, and none was decided.",
        advice="Days with overtime come here where the setting says that it counts only when "
        "it is approved.",
        icon="activity",
    ),
)


def _overtime(overtime_id: int) -> Select[Overtime]:
    """Select one day with overtime, as it is by now."""
    services.look_at_overtime_of(overtime_id)
    return queries.overtime(overtime_id)


RESOURCE = Resource(
    name="overtime",
    area="overtime",
    query=_overtime,
    rule="/<int:overtime_id>",
    keys={"overtime_id": "id"},
    event=CHANGED,
)


def _waits(one: Overtime) -> bool:
    return one.state == "requested" and bool(setting("attendance_overtime_approval"))


def _remember(form: OvertimeForm | OvertimeAnswerForm, one: Overtime) -> None:
    """Keep which figure is decided on."""
    form.seen.data = one.minutes


approve = Action(
    resource=RESOURCE,
    name="create_approval",
    path="/approval",
    permission="attendance.approve",
    title="Approve",
    form=OvertimeForm,
    fill=_remember,
    act=services.approve_overtime,
    done="It is approved.",
    kind="primary",
    icon="check",
    when=_waits,
)
reject = Action(
    resource=RESOURCE,
    name="create_rejection",
    path="/rejection",
    permission="attendance.approve",
    title="Reject",
    form=OvertimeAnswerForm,
    fill=_remember,
    act=services.reject_overtime,
    done="It is rejected.",
    icon="x",
    is_danger=True,
    when=_waits,
)
overtime_page = RecordPage(
    resource=RESOURCE,
    permission="attendance.view",
    heading="{0.employee.name}",
    title=lambda one: f"Overtime of {one.employee.name}, {one.day}",
    subtitle=lambda one: f"Overtime of {one.day}",
    crumbs=lambda _one: [("To approve", url_for("attendance_requests.index"))],
    buttons=(approve, reject),
    body="attendance/overtime/_overtime.html",
    context=lambda _one: {"states": OVERTIME_STATES, "clock": clock},
)

OVERTIME.add_to(bp)
overtime_page.add_to(bp)
for action in (approve, reject):
    action.add_to(bp)
