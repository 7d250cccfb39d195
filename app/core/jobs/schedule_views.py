"""Changing what runs when, and starting it."""

from flask import Blueprint, abort, url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.jobs import schedule
from app.core.jobs.lists import SCHEDULE
from app.core.jobs.schedule import Planned
from app.core.jobs.schedule_forms import ScheduleForm
from app.core.permissions import requires
from app.core.web import render, respond_saved

bp = Blueprint("schedule", __name__, url_prefix="/schedule")

CHANGED = "schedule:changed"

SCHEDULE.add_to(bp)


@bp.get("/<name>/edit")
@requires("jobs.manage")
def edit(name: str) -> Response:
    """Ask when it should run."""
    entry = _one(name)
    values = {"cron": entry.cron, "is_enabled": entry.is_enabled, "version": entry.version}
    return _form(entry, ScheduleForm(data=values))


@bp.post("/<name>")
@requires("jobs.manage")
def update(name: str) -> Response:
    """Change when it runs."""
    entry, form = _one(name), ScheduleForm()
    if not form.validate_on_submit():
        return _form(entry, form, 422)
    try:
        schedule.revise_entry(name, **form.values)
    except DomainError as error:
        return _form(entry, form, form.refuse(error))
    return respond_saved(url_for(".index"), f"“{entry.label}” is saved.", event=CHANGED)


@bp.post("/<name>/runs")
@requires("jobs.manage")
def create_run(name: str) -> Response:
    """Start it now."""
    entry = _one(name)
    schedule.start_now(name)
    return respond_saved(url_for(".index"), f"“{entry.label}” is started.", event=CHANGED)


def _one(name: str) -> Planned:
    return next((e for e in schedule.planned() if e.name == name), None) or abort(404)


def _form(entry: Planned, form: ScheduleForm, status: int = 200) -> Response:
    return render("schedule/edit.html", fragment="form", status=status, entry=entry, form=form)
