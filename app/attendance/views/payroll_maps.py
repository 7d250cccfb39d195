"""Columns of files for payroll: the list, and a map with what it makes of real rows."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import PayrollMapForm
from app.attendance.forms.times import DAY_LABELS, MARK_LABELS, SEPARATOR_LABELS
from app.attendance.models import PayrollMap
from app.attendance.reckoning.columns import (
    AMOUNTS,
    BEGINNINGS,
    ENCODINGS,
    WORDS,
    as_preset,
)
from app.attendance.reckoning.payroll import KINDS
from app.core.errors import Invalid
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
from app.core.web import zone

bp = Blueprint("payroll_maps", __name__, url_prefix="/attendance/payroll/columns")

NEW = Link(
    label="New columns",
    endpoint="payroll_maps.new",
    permission="attendance.payroll",
    kind="primary",
    icon="plus",
)
PAYROLL = "Payroll"
WORDINGS = {
    "separators": SEPARATOR_LABELS,
    "marks": MARK_LABELS,
    "days": DAY_LABELS,
    "encodings": ENCODINGS,
}


def _maps(_asked: Asked) -> Select[Any]:
    return queries.payroll_maps()


def manner_of(one: PayrollMap) -> str:
    """Say what the program does with a file."""
    return as_preset(one.preset, one.by_value()).manner


MAPS = ListPage(
    name="payroll_maps",
    title="Columns for payroll",
    subtitle="Files for programs that no preset writes for, or not as yours wants them.",
    permission="attendance.payroll",
    query=_maps,
    key=PayrollMap.id,
    sort="name",
    href=lambda one: url_for("payroll_maps.show", map_id=one.id),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=queries.MAP_SORTS["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="adds",
            title="A second file",
            value=lambda one: "Adds" if one.adds else "Replaces",
            place="meta",
        ),
        Column(name="file_name", title="File", place="wide desk"),
    ),
    links=(NEW,),
    events=("payroll_map:changed",),
    nouns=("map", "maps"),
    crumbs=lambda _about: [(PAYROLL, url_for("payroll.index"))],
    nothing=Nothing(
        title="No columns are written down yet.",
        advice="Begin with what a program's maker says, and change it.",
        link=NEW,
        icon="download",
    ),
)
MAP = Resource(
    name="map",
    area="payroll_maps",
    query=queries.payroll_map,
    rule="/<int:map_id>",
    keys={"map_id": "id"},
    event="payroll_map:changed",
)


def _begin(form: PayrollMapForm, _record: None) -> None:
    """Begin with what the maker of a program says, where somebody has chosen one."""
    begin = BEGINNINGS.get(request.args.get("begin", ""))
    for name, value in begin._asdict().items() if begin else ():
        form[name].data = value


def _help(_record: Any) -> dict[str, Any]:
    return {"beginnings": BEGINNINGS, "words": WORDS, "amounts": AMOUNTS, "kinds": KINDS}


_written = partial(
    Action,
    resource=MAP,
    permission="attendance.payroll",
    form=PayrollMapForm,
    fields="attendance/payroll/_map_fields.html",
    context=_help,
    is_page=True,
    is_wide=True,
    leaves=True,
)
create = _written(
    name="create",
    is_new=True,
    title="New columns",
    fill=_begin,
    act=services.create_payroll_map,
    done="{0.name} is kept.",
)
update = _written(
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    act=services.revise_payroll_map,
    done="{0.name} is saved.",
    kind="primary",
    icon="edit",
)
delete = Action(
    resource=MAP,
    name="delete",
    path="/removal",
    permission="attendance.payroll",
    title="Delete",
    question="Delete {0.name}? Batches that were made with it can still be fetched.",
    act=services.delete_payroll_map,
    done="{0.name} is deleted.",
    to=lambda _map: url_for("payroll_maps.index"),
    leaves=True,
    icon="trash",
)


def _preview(one: PayrollMap) -> dict[str, Any]:
    """Show what becomes of the month before, which is what is paid next."""
    last = datetime.now(zone()).date().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    about: dict[str, Any] = {"first": first, "last": last} | WORDINGS
    try:
        file = services.preview_payroll_map(one.id, first, last)
    except Invalid as error:
        return about | {"problem": str(error)}
    return about | {"file": file, "text": file.content.decode(file.encoding)}


map_page = RecordPage(
    resource=MAP,
    permission="attendance.payroll",
    heading="{0.name}",
    subtitle=manner_of,
    crumbs=lambda _map: [
        (PAYROLL, url_for("payroll.index")),
        ("Columns", url_for("payroll_maps.index")),
    ],
    buttons=(update, delete),
    body="attendance/payroll/_map.html",
    context=_preview,
)

MAPS.add_to(bp)
map_page.add_to(bp)
for action in (create, update, delete):
    action.add_to(bp)
