"""A small declaration for tests of actions and record pages: alarms."""

from typing import Any

from flask import Blueprint
from sqlalchemy import Select, select
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid
from app.core.forms import Form, KeyField, VersionField
from app.core.jobs.models import ScheduleEntry
from app.core.pages import Action, Menu, RecordLink, RecordPage, Resource
from app.core.permissions import Area, Verb, requires
from app.core.slices import Slice

bp = Blueprint("alarms", __name__, url_prefix="/alarms")
rung: list[str] = []  # keys that alarms were rung with
looked_for: list[int] = []  # ids of alarms that were loaded


class TooLate(DomainError):
    """The night is over."""


class AlarmForm(Form):
    version = VersionField(validators=[Optional()])
    name = StringField("Name", [InputRequired("This is needed."), Length(max=20)])
    cron = StringField("Time", [InputRequired("This is needed.")])


class RingForm(Form):
    key = KeyField()
    note = StringField("Note")


def alarm(alarm_id: int) -> Select[ScheduleEntry]:
    """Hidden ones are nobody's business."""
    looked_for.append(alarm_id)
    hidden = ScheduleEntry.name.startswith("hidden")
    return select(ScheduleEntry).where(ScheduleEntry.id == alarm_id, ~hidden)


def add(**values: Any) -> ScheduleEntry:
    entry = ScheduleEntry(is_enabled=True, **values)
    with transaction() as session:
        session.add(entry)
    return entry


def revise(alarm_id: int, version: int | None, **values: Any) -> ScheduleEntry:
    with transaction() as session:
        entry = session.get_one(ScheduleEntry, alarm_id)
        entry.name = "never kept"
        if values["cron"] == "noon":
            raise Invalid("cron", "Noon is no alarm.")
        if values["cron"] == "late":
            raise TooLate("The night is over.")
        session.refresh(entry)
        entry.revise(version=version, **values)
    return entry


def ring(alarm_id: int, key: str, note: str) -> str:
    rung.append(key)
    return note


def switch_off(alarm_id: int) -> ScheduleEntry:
    with transaction() as session:
        entry = session.get_one(ScheduleEntry, alarm_id)
        if not entry.is_enabled:
            raise TooLate("It is off already.")
        entry.is_enabled = False
    return entry


ALARM = Resource(
    name="alarm",
    area="alarms",
    query=alarm,
    rule="/<int:alarm_id>",
    keys={"alarm_id": "id"},
    event="alarms:changed",
)
create = Action(
    resource=ALARM,
    name="create",
    is_new=True,
    title="New alarm",
    permission="alarms.edit",
    form=AlarmForm,
    act=add,
    done="{0.name} added.",
    leaves=True,
)
update = Action(
    resource=ALARM,
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    permission="alarms.edit",
    form=AlarmForm,
    act=revise,
    done="{0.name} saved.",
)
rings = Action(
    resource=ALARM,
    name="create_ring",
    path="/rings",
    title="Ring",
    permission="alarms.dispatch",
    form=RingForm,
    fill=lambda form, alarm: setattr(form.note, "data", f"for {alarm.name}"),
    act=ring,
    done=lambda alarm, note: f"{alarm.name} rings: {note}",
    undo=lambda note: f"/undo/{note}",
)
off = Action(
    resource=ALARM,
    name="switch_off",
    path="/off",
    title="Switch off",
    question="Switch {0.name} off?",
    permission="alarms.edit",
    act=switch_off,
    done="{0.name} is off.",
    kind="danger",
    when=lambda alarm: alarm.is_enabled,
)
page = RecordPage(
    resource=ALARM,
    permission="alarms.view",
    heading="Alarm {0.name}",
    crumbs=lambda _alarm: [("Alarms", "/alarms")],
    buttons=(
        update,
        off,
        Menu(label="More", items=(rings,)),
        RecordLink(
            label="Bell of {0.name}", href=lambda alarm: f"/bells/{alarm.id}", icon="box"
        ),
    ),
    body="pages/_history.html",
    events=("bells:changed",),
)

for action in (create, update, rings, off):
    action.add_to(bp)
page.add_to(bp)


@bp.get("")
@requires("alarms.view")
def index() -> str:
    return "all alarms"


SLICE = Slice(
    name="alarms",
    pages=(bp,),
    permissions=(
        Area("alarms", 600, (Verb("view", "See"), Verb("edit", "Edit"), Verb("ring", "Ring"))),
    ),
)


def stored(**values: Any) -> ScheduleEntry:
    entry = ScheduleEntry(**{"name": "Morning", "cron": "dawn", "is_enabled": True} | values)
    db.session.add(entry)
    db.session.commit()
    return entry
