"""Holidays of the company's own, and the types of absences."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import AbsenceTypeForm, HolidayForm
from app.attendance.models import AbsenceType, OwnHoliday
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
)

holidays_bp = Blueprint("own_holidays", __name__, url_prefix="/attendance/holidays")
types_bp = Blueprint("absence_types", __name__, url_prefix="/attendance/absence-types")

NEW_HOLIDAY = Link(
    label="New holiday",
    endpoint="own_holidays.new",
    permission="attendance.roster",
    kind="primary",
    icon="plus",
    is_dialog=True,
)
NEW_TYPE = Link(
    label="New type",
    endpoint="absence_types.new",
    permission="attendance.approve",
    kind="primary",
    icon="plus",
    is_dialog=True,
)


def _crumbs(_about: Any) -> list[tuple[str, str]]:
    return [("Absences", url_for("absences.index"))]


def _holidays(_asked: Asked) -> Select[Any]:
    return queries.own_holidays()


def _types(_asked: Asked) -> Select[Any]:
    return queries.absence_types()


def _where(holiday: OwnHoliday) -> str:
    return f"{holiday.country} {holiday.region}".strip() or "Everywhere"


HOLIDAYS = ListPage(
    name="own_holidays",
    title="Own holidays",
    subtitle="Besides public ones, which come by the country and region of the workplace.",
    permission="attendance.view",
    query=_holidays,
    key=OwnHoliday.id,
    sort="-day",
    href=lambda one: url_for("own_holidays.show", holiday_id=one.id),
    columns=(
        Column(name="name", title="Name", place="name", is_link=True, is_required=True),
        Column(name="day", title="Day", kind="day", sort=OwnHoliday.day, place="figure"),
        Column(name="where", title="Where", value=_where, place="meta"),
        Column(
            name="half",
            title="How long",
            kind="badge",
            value=lambda one: "Half a day" if one.is_half else "All day",
            place="status",
        ),
    ),
    links=(NEW_HOLIDAY,),
    events=("holiday:changed",),
    nouns=("holiday", "holidays"),
    crumbs=_crumbs,
    nothing=Nothing(
        title="No holidays of your own.",
        advice="Add the day of the company's party.",
        link=NEW_HOLIDAY,
        icon="calendar",
    ),
)
HOLIDAY = Resource(
    name="holiday",
    area="own_holidays",
    query=queries.own_holiday,
    rule="/<int:holiday_id>",
    keys={"holiday_id": "id"},
    event="holiday:changed",
)
create_holiday = Action(
    resource=HOLIDAY,
    name="create",
    is_new=True,
    permission="attendance.roster",
    title="New holiday",
    submit="Add",
    form=HolidayForm,
    act=services.create_own_holiday,
    done="{0.name} is added.",
    to=lambda _holiday: url_for("own_holidays.index"),
)
delete_holiday = Action(
    resource=HOLIDAY,
    name="delete",
    path="/removal",
    permission="attendance.roster",
    title="Delete",
    question="Delete {0.name}? Its day is to be worked on again.",
    act=services.delete_own_holiday,
    done="{0.name} is deleted.",
    to=lambda _holiday: url_for("own_holidays.index"),
    leaves=True,
    icon="trash",
)
holiday_page = RecordPage(
    resource=HOLIDAY,
    permission="attendance.view",
    heading="{0.name}",
    subtitle=lambda one: str(one.day),
    crumbs=lambda _one: [("Own holidays", url_for("own_holidays.index"))],
    buttons=(delete_holiday,),
    body="attendance/absences/_holiday.html",
    context=lambda one: {"where": _where(one)},
)
TYPES = ListPage(
    name="absence_types",
    title="Types of absences",
    permission="attendance.view",
    query=_types,
    key=AbsenceType.id,
    sort="name",
    href=lambda one: url_for("absence_types.show", type_id=one.id),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=queries.TYPE_SORTS["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="is_paid",
            title="Paid",
            value=lambda one: "Paid" if one.is_paid else "Not paid",
            place="meta",
        ),
        Column(
            name="allowance",
            title="Allowance",
            value=lambda one: "So many days a year" if one.has_allowance else "",
        ),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda one: "" if one.is_active else "Not in use",
            place="status",
        ),
    ),
    links=(NEW_TYPE,),
    events=("absence_type:changed",),
    nouns=("type", "types"),
    crumbs=_crumbs,
    nothing=Nothing(
        title="No types yet.", advice="Add leave, illness, a course.", link=NEW_TYPE
    ),
)
TYPE = Resource(
    name="kind",
    area="absence_types",
    query=queries.absence_type,
    rule="/<int:type_id>",
    keys={"type_id": "id"},
    event="absence_type:changed",
)
_typed = partial(Action, resource=TYPE, permission="attendance.approve", form=AbsenceTypeForm)
create_type = _typed(
    name="create",
    is_new=True,
    title="New type",
    act=services.create_absence_type,
    done="{0.name} is added.",
)
update_type = _typed(
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    act=services.revise_absence_type,
    done="{0.name} is saved.",
    icon="edit",
)
type_page = RecordPage(
    resource=TYPE,
    permission="attendance.view",
    heading="{0.name}",
    crumbs=lambda _one: [("Types of absences", url_for("absence_types.index"))],
    buttons=(update_type,),
    body="attendance/absences/_type.html",
)

HOLIDAYS.add_to(holidays_bp)
holiday_page.add_to(holidays_bp)
create_holiday.add_to(holidays_bp)
delete_holiday.add_to(holidays_bp)
TYPES.add_to(types_bp)
type_page.add_to(types_bp)
create_type.add_to(types_bp)
update_type.add_to(types_bp)
