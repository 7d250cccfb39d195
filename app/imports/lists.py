"""The list of imports."""

from typing import Any

from flask import abort, url_for
from sqlalchemy import Select

from app.core.pages import Asked, Choice, Column, Link, ListPage, Nothing, Search
from app.core.permissions import SIGNED_IN
from app.imports import queries
from app.imports.definition import Importer, importers, open_importers
from app.imports.models import STAGES, ImportRun

NEW = Link(label="New import", endpoint="imports.new", kind="primary", icon="upload")


def my_importers() -> dict[str, Importer]:
    """What the person asking may import.

    Raises:
        Forbidden: Nothing.
    """
    return open_importers() or abort(403)


def _imports(asked: Asked) -> Select[Any]:
    return queries.import_runs(
        my_importers(), search=asked["search"], kind=asked["kind"], stage=asked["stage"]
    )


def _kinds() -> list[tuple[str, str]]:
    return [(kind, importer.label) for kind, importer in my_importers().items()]


def _label(kind: str) -> str:
    return importers()[kind].label if kind in importers() else ""


def _figure(name: str) -> Any:
    return lambda run: run.result[name] if run.result else None


IMPORTS = ListPage(
    name="imports",
    title="Imports",
    subtitle="Records from Excel and CSV files.",
    permission=SIGNED_IN,
    query=_imports,
    key=ImportRun.id,
    sort="-id",
    href=lambda run: url_for("imports.show", import_id=run.id),
    filters=(
        Search(label="Name of the file"),
        Choice(name="kind", label="What", options=_kinds, everything="All kinds", shows=_label),
        Choice(name="stage", label="State", options=STAGES, everything="All states"),
    ),
    columns=(
        Column(
            name="file",
            title="File",
            value="file_name",
            sort=ImportRun.file_name,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="imports/_cells.html:state",
            value="stage",
            place="status",
        ),
        Column(name="what", title="What", value=lambda run: importers()[run.kind].label),
        Column(name="rows", title="Rows", kind="number", value=_figure("rows"), place="figure"),
        Column(name="failed", title="Failed", kind="number", value=_figure("failed")),
        Column(name="actor", title="By", sort=ImportRun.actor, place="meta"),
        Column(
            name="id",
            title="Uploaded",
            kind="moment",
            value="created_at",
            sort=ImportRun.id,
            is_short=False,
        ),
    ),
    links=(Link(label="Profiles", endpoint="import_profiles.index", kind="quiet"), NEW),
    nothing=Nothing(
        title="No imports here.",
        advice="Upload an Excel or CSV file with products, customers or vendors.",
        link=NEW,
        icon="upload",
    ),
)
