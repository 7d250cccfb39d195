"""Shifts: the list and the page of one."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import ShiftForm
from app.attendance.models import Shift
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

bp = Blueprint("shifts", __name__, url_prefix="/attendance/shifts")

NEW = Link(
    label="New shift",
    endpoint="shifts.new",
    permission="attendance.roster",
    kind="primary",
    icon="plus",
)


def _shifts(_asked: Asked) -> Select[Any]:
    return queries.shifts()


def hours_of(shift: Shift) -> str:
    """Write the hours of a shift."""
    tomorrow = ", next day" if shift.is_night else ""
    return f"{shift.begins:%H:%M} to {shift.ends:%H:%M}{tomorrow}"


SHIFTS = ListPage(
    name="shifts",
    title="Shifts",
    permission="attendance.view",
    query=_shifts,
    key=Shift.id,
    sort="begins",
    href=lambda shift: url_for("shifts.show", shift_id=shift.id),
    columns=(
        Column(name="code", title="Code", kind="code", sort=queries.SHIFT_SORTS["code"]),
        Column(name="name", title="Name", place="name", is_link=True, is_required=True),
        Column(
            name="begins",
            title="Hours",
            value=hours_of,
            sort=queries.SHIFT_SORTS["begins"],
            place="meta",
        ),
        Column(name="break_minutes", title="Break, min", kind="number"),
        Column(
            name="state",
            title="State",
            kind="badge",
            value=lambda shift: "" if shift.is_active else "Not in use",
            place="status",
        ),
    ),
    links=(NEW,),
    events=("shift:changed",),
    nouns=("shift", "shifts"),
    crumbs=lambda _about: [("Roster", url_for("roster.index"))],
    nothing=Nothing(
        title="No shifts yet.",
        advice="Add one; then put people down for it.",
        link=NEW,
        icon="calendar",
    ),
)
SHIFT = Resource(
    name="shift",
    area="shifts",
    query=queries.shift,
    rule="/<int:shift_id>",
    keys={"shift_id": "id"},
    event="shift:changed",
)
_written = partial(
    Action,
    resource=SHIFT,
    permission="attendance.roster",
    form=ShiftForm,
    leaves=True,
    is_page=True,
)
create = _written(
    name="create", is_new=True, title="New shift", act=services.create_shift, done="{0} added."
)
update = _written(
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    act=services.revise_shift,
    done="{0} saved.",
    kind="primary",
    icon="edit",
)
shift_page = RecordPage(
    resource=SHIFT,
    permission="attendance.view",
    heading="{0.name}",
    subtitle=hours_of,
    crumbs=lambda _shift: [
        ("Roster", url_for("roster.index")),
        ("Shifts", url_for("shifts.index")),
    ],
    buttons=(update,),
    body="attendance/shifts/_shift.html",
    context=lambda shift: {"hours": hours_of(shift)},
)

SHIFTS.add_to(bp)
shift_page.add_to(bp)
create.add_to(bp)
update.add_to(bp)
