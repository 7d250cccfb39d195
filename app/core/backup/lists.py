"""The list of backups."""

from typing import Any

from sqlalchemy import Select

from app.core.backup import queries, services
from app.core.backup.models import Backup
from app.core.pages import Asked, Column, Link, ListPage, Nothing, Segments


def _backups(asked: Asked) -> Select[Any]:
    is_all = asked["state"] == "all"
    return queries.backups() if is_all else queries.present_backups()


BACKUPS = ListPage(
    name="backups",
    title="Backups",
    subtitle="Each is one file with everything in it. Good ones were put back to try them.",
    permission=services.PERMISSION,
    query=_backups,
    key=Backup.id,
    sort="-made_at",
    filters=(
        Segments(name="state", label="State", everything="There", options={"all": "All"}),
    ),
    columns=(
        Column(
            name="name",
            title="File",
            kind="code",
            sort=Backup.name,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="backups/_cells.html:state",
            value="is_good",
            place="status",
        ),
        Column(name="made_at", title="Made at", kind="moment", sort=Backup.made_at),
        Column(
            name="size",
            title="Size",
            kind="cell",
            cell="backups/_cells.html:size",
            sort=Backup.size,
            place="num",
        ),
        Column(name="row_count", title="Rows", kind="number"),
        Column(name="seconds", title="Seconds", kind="number", is_shown=False),
        Column(
            name="has_keys",
            title="Keys",
            kind="cell",
            cell="backups/_cells.html:keys",
        ),
        Column(name="checked_at", title="Tried at", kind="moment"),
        Column(name="sent_at", title="Sent away at", kind="moment"),
        Column(name="folder", title="Folder", kind="code", is_shown=False),
        Column(name="gone_at", title="Deleted at", kind="moment", is_shown=False),
    ),
    links=(Link(label="Schedule", endpoint="schedule.index", permission="jobs.manage"),),
    events=("jobs:changed",),
    above="jobs/_backup.html",
    nothing=Nothing(
        title="There is no backup yet.",
        advice="The schedule makes one each night; “Run now” there makes one at once.",
        icon="download",
    ),
)
