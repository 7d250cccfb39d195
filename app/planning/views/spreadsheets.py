"""Forecasts as Excel files: exported, changed elsewhere, looked through, written."""

from dataclasses import dataclass
from functools import partial
from io import BytesIO

from flask import Blueprint, send_file, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug import Response
from werkzeug.datastructures import FileStorage

from app.core.files import StoredFile
from app.core.pages import Action, RecordPage, Resource
from app.core.pages.large_files import respond_begun
from app.core.permissions import requires
from app.core.sheets import Format
from app.core.web import one_or_404
from app.planning import services
from app.planning.access import asked_measure, own_only
from app.planning.forms import ForecastFileForm
from app.planning.jobs import write_forecast
from app.planning.models import Cycle
from app.planning.services.pricing import MEASURES
from app.planning.services.spreadsheets import (
    SEES_ALL,
    FileTold,
    apply_changes,
    file_name,
    forecast_file,
    is_large,
    keep_file,
    read_file,
)
from app.planning.views.cycles import CYCLE, opened

bp = Blueprint("forecast_files", __name__, url_prefix="/planning")

SHOWN = 200  # changes of a file


@bp.get("/cycles/<int:cycle_id>/grid/file")
@requires("forecasts.view")
def export(cycle_id: int) -> Response:
    """Send the forecasts that somebody sees as an Excel file; of many a job writes it."""
    cycle, rep_id, measure = opened(cycle_id), own_only(), asked_measure()
    if is_large(cycle, rep_id=rep_id):
        run = write_forecast.enqueue(cycle_id=cycle.id, rep_id=rep_id, measure=measure)
        return respond_begun(run)
    content = forecast_file(cycle, rep_id=rep_id, measure=measure)
    return send_file(
        BytesIO(content),
        Format.EXCEL.content_type,
        as_attachment=True,
        download_name=file_name(cycle, measure),
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody has brought back, and what it says."""

    id: int
    file: StoredFile
    told: FileTold


def _file(file_id: int) -> Brought:
    """Give a forecast that the person asking has brought back, read once for all of a page."""
    mine = StoredFile.owner_id == current_user.id, StoredFile.permission == SEES_ALL
    file = one_or_404(select(StoredFile).where(StoredFile.id == file_id, *mine))
    return Brought(file.id, file, read_file(file.content, rep_id=own_only()))


FILE = Resource(
    name="file",
    area="forecast_files",
    query=_file,
    rule="/files/<int:file_id>",
    keys={"file_id": "id"},
)


def _keep(cycle_id: int, file: FileStorage) -> StoredFile:
    name, content = file.filename or "forecast.xlsx", file.stream.read()
    return keep_file(CYCLE.find(cycle_id), content, name=name, rep_id=own_only())


def _apply(file_id: int) -> services.SavedCells:
    brought: Brought = FILE.find(file_id)
    return apply_changes(brought.told, sha256=brought.file.sha256, rep_id=own_only())


def _said(brought: Brought, result: services.SavedCells) -> str:
    saved, left = len(result.saved), len(brought.told.changes) - len(result.saved)
    written = "1 cell is written." if saved == 1 else f"{saved:,} cells are written."
    return f"{written} {left:,} are left as they are." if left else written


def _grid(cycle: Cycle) -> str:
    return url_for("forecast_grid.show", cycle_id=cycle.id)


def _after(subject: Cycle | StoredFile) -> str:
    """Give the page of a file that was kept; the grid, where none was."""
    return FILE.href(subject) if isinstance(subject, StoredFile) else _grid(subject)


_verb = partial(Action, permission="forecasts.edit", leaves=True)
upload = _verb(
    resource=Resource(
        name="cycle",
        area="forecast_files",
        query=CYCLE.query,
        rule="/cycles/<int:cycle_id>",
        keys={"cycle_id": "id"},
    ),
    name="create",
    path="/files",
    title="Bring back a file",
    subtitle="What it changes is shown before anything is written.",
    submit="Look through it",
    form=ForecastFileForm,
    has_file=True,
    act=_keep,
    to=_after,
    leads_on=True,
    done="This is what the file changes. Nothing is written yet.",
    icon="upload",
    when=lambda cycle: cycle.is_open,
)
apply = _verb(
    resource=FILE,
    name="create_application",
    path="/applications",
    title="Write these changes",
    act=_apply,
    to=lambda brought: _grid(brought.told.cycle),
    done=_said,
    kind="primary",
    icon="check",
)
for action in (upload, apply):
    action.add_to(bp)


file_page = RecordPage(
    resource=FILE,
    permission="forecasts.edit",
    heading=lambda brought: brought.file.name,
    subtitle="What this file changes.",
    crumbs=lambda brought: [
        ("Forecasts", url_for("cycles.index")),
        (str(brought.told.cycle), url_for("cycles.show", cycle_id=brought.told.cycle.id)),
        ("Grid", _grid(brought.told.cycle)),
    ],
    buttons=(apply,),
    body="planning/files/_file.html",
    context=lambda brought: {
        "told": brought.told,
        "measures": MEASURES,
        "changes": brought.told.changes[:SHOWN],
    },
    has_history=False,
)
file_page.add_to(bp)
