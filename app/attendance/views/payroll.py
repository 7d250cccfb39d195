"""Hours for payroll: the batches, their files, and days that are locked."""

import re
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.downloads import payroll_file
from app.attendance.forms import LockForm, PayrollForm, ReasonForm
from app.attendance.models import PayrollExport
from app.attendance.reckoning.columns import as_preset
from app.attendance.reckoning.payroll import PRESETS, Preset
from app.core.errors import Invalid
from app.core.pages import Action, Asked, Column, Link, ListPage, Nothing, Resource
from app.core.permissions import requires
from app.core.web import one_or_404, zone

bp = Blueprint("payroll", __name__, url_prefix="/attendance/payroll")

NEW = Link(
    label="New export",
    endpoint="payroll.new",
    permission="attendance.payroll",
    kind="primary",
    icon="plus",
)
SETTING = re.compile(r"(?:^|\s)(\w{1,40})=")  # blanks are part of the value before it


def _exports(_asked: Asked) -> Select[Any]:
    return queries.payroll_exports()


PAYROLL = ListPage(
    name="payroll",
    title="Payroll",
    subtitle="Batches of hours that were given to payroll. Each can be fetched again.",
    permission="attendance.payroll",
    query=_exports,
    key=PayrollExport.id,
    sort="-id",
    href=lambda one: url_for("payroll.show_file", export_id=one.id),
    columns=(
        Column(
            name="id",
            title="Batch",
            kind="code",
            sort=PayrollExport.id,
            is_link=True,
            is_required=True,
        ),
        Column(
            name="preset",
            title="Program",
            value=services.program_of,
            place="name",
        ),
        Column(name="first_day", title="From", kind="day"),
        Column(name="last_day", title="Until", kind="day"),
        Column(name="file_name", title="File", place="meta"),
        Column(name="created_at", title="Made", kind="moment", place="wide desk"),
    ),
    links=(
        Link(
            label="Columns",
            endpoint="payroll_maps.index",
            permission="attendance.payroll",
            icon="list",
        ),
        Link(
            label="Lock days",
            endpoint="payroll.new_lock",
            permission="attendance.payroll",
            icon="lock",
            is_dialog=True,
        ),
        Link(
            label="Open days",
            endpoint="payroll.new_opening",
            permission="attendance.payroll",
            icon="key",
            is_dialog=True,
        ),
        NEW,
    ),
    events=("payroll:changed",),
    nouns=("batch", "batches"),
    nothing=Nothing(
        title="Nothing was given to payroll yet.",
        advice="Make a file for the program that pays people.",
        link=NEW,
        icon="download",
    ),
)
EXPORT = Resource(
    name="export",
    area="payroll",
    query=queries.payroll_export,
    rule="/<int:export_id>",
    keys={"export_id": "id"},
    event="payroll:changed",
    shown_at="show_file",
)


def _export(
    *, preset: str, first_day: date, last_day: date, settings: str
) -> services.Exported:
    return services.export_hours(
        preset, first_day=first_day, last_day=last_day, settings=read_settings(settings)
    )


def read_settings(text: str | None) -> dict[str, str]:
    """Read what a program asks for, as somebody types it: company=My company client=12."""
    before, *parts = SETTING.split((text or "").strip())
    if before:
        raise Invalid("settings", f"{before} is no name=value.")
    return {name: value.strip() for name, value in zip(parts[::2], parts[1::2], strict=True)}


def _programs() -> list[Preset]:
    """Presets, and the maps that people have saved."""
    saved = [as_preset(one.preset, one.by_value()) for one in services.maps_offered()]
    return [*PRESETS.values(), *saved]


def _offer_programs(form: PayrollForm, _record: Any) -> None:
    form.preset.choices = [(one.name, one.label) for one in _programs()]


def _begin(form: PayrollForm, _record: None) -> None:
    today = datetime.now(zone()).date()
    last = today.replace(day=1) - timedelta(days=1)
    form.first_day.data, form.last_day.data = last.replace(day=1), last


_verb = partial(
    Action,
    resource=EXPORT,
    is_new=True,
    permission="attendance.payroll",
    to=lambda _record: url_for("payroll.index"),
    leaves=True,
)
create = _verb(
    name="create",
    title="New export",
    submit="Make the file",
    form=PayrollForm,
    offer=_offer_programs,
    fill=_begin,
    fields="attendance/payroll/_fields.html",
    context=lambda _record: {"presets": _programs()},
    act=_export,
    done=lambda made, _made: f"Batch {made.export.id} is made: {made.file.name}.",
)
lock = _verb(
    name="create_lock",
    path="/locks",
    title="Lock days",
    subtitle="All days up to one: nothing that counts for them changes any more.",
    submit="Lock",
    form=LockForm,
    act=services.lock_days,
    done="Days up to {0.last_day} are locked.",
)
opening = _verb(
    name="create_opening",
    path="/openings",
    title="Open days",
    subtitle="The days that were locked last.",
    submit="Open",
    form=ReasonForm,
    act=services.open_days,
    done="Days up to {0.last_day} are open again.",
)


@bp.get("/<int:export_id>")
@requires("attendance.payroll")
def show_file(export_id: int) -> Response:
    """Give the file of a batch, as it was."""
    one_or_404(queries.payroll_export(export_id))
    return payroll_file(services.written_again(export_id))


PAYROLL.add_to(bp)
for action in (create, lock, opening):
    action.add_to(bp)
