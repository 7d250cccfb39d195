"""Changing what runs when, and starting it."""

from functools import partial

from flask import Blueprint, abort, url_for

from app.core.jobs import schedule
from app.core.jobs.lists import SCHEDULE
from app.core.jobs.schedule import Planned
from app.core.jobs.schedule_forms import ScheduleForm
from app.core.pages import Action, Resource

bp = Blueprint("schedule", __name__, url_prefix="/schedule")

CHANGED = "schedule:changed"

SCHEDULE.add_to(bp)


def _one(entry: str) -> Planned:
    return next((e for e in schedule.planned() if e.name == entry), None) or abort(404)


ENTRY = Resource(
    name="entry",
    area="schedule",
    query=_one,
    rule="/<entry>",
    keys={"entry": "name"},
    event=CHANGED,
)

_verb = partial(
    Action,
    resource=ENTRY,
    permission="jobs.manage",
    to=lambda _entry: url_for("schedule.index"),
)

update = _verb(
    name="update",
    title="Edit",
    heading="{0.label}",
    page_title="{0.label} · Schedule",
    form=ScheduleForm,
    fields="schedule/_fields.html",
    act=schedule.revise_entry,
    done="“{0.label}” is saved.",
    kind="quiet",
)
run_now = _verb(
    name="create_run",
    path="/runs",
    title="Run now",
    act=schedule.start_now,
    done="“{0.label}” is started.",
    kind="quiet",
)

for action in (update, run_now):
    action.add_to(bp)
