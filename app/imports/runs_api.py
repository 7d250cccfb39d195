"""Imports that were begun, for programs: where each is, and what came of it."""

from typing import Any

import marshmallow as ma
from sqlalchemy import Select

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.jobs.models import STATES
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404
from app.imports import queries, services
from app.imports.api import ImportStartedSchema, import_started
from app.imports.jobs import apply_file, check_file
from app.imports.lists import my_importers
from app.imports.models import STAGES, ImportRun

bp = Blueprint(
    "import_runs_api",
    __name__,
    url_prefix="/api/v1/imports",
    description="Imports that were begun, of the kinds that the caller may import",
)

SORTS = {"id": ImportRun.id, "file_name": ImportRun.file_name}


class ImportSchema(ma.Schema):
    """A file on its way in; `stage` is how far it has come, `state` that of its job."""

    id = ma.fields.Int()
    kind = ma.fields.Str()
    file_name = ma.fields.Str()
    stage = ma.fields.Str(validate=ma.validate.OneOf([*STAGES]))
    state = ma.fields.Str(attribute="job.state", validate=ma.validate.OneOf(STATES))
    job_id = ma.fields.Int(allow_none=True)
    actor = ma.fields.Str(metadata={"description": "Who has uploaded it"})
    created_at = ma.fields.DateTime()


class ImportReportSchema(ImportSchema):
    """An import with its columns and what came of it."""

    columns = ma.fields.List(ma.fields.Str())
    mapping = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.Str(),
        metadata={"description": "Our field: their column"},
    )
    update = ma.fields.Bool()
    options = ma.fields.List(ma.fields.Str())
    notices = ma.fields.Function(
        services.notices_of, metadata={"type": "array", "items": {"type": "string"}}
    )
    result = ma.fields.Dict(allow_none=True, metadata={"description": "As the job's"})


class ImportQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS, default="-id")
    q = ma.fields.Str(load_default="", metadata={"description": "Text in the file's name"})
    kind = ma.fields.Str(load_default="")
    stage = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *STAGES]))


class ColumnsSchema(ma.Schema):
    """Which columns are which fields; what is not sent stays."""

    mapping = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Str(allow_none=True))
    update = ma.fields.Bool()
    options = ma.fields.List(ma.fields.Str())


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(ImportQuery, location="query")
@bp.response(200, page_schema(ImportSchema))
def list_imports(query: dict[str, Any]) -> dict[str, Any]:
    """List imports, the newest first."""
    found = queries.import_runs(
        my_importers(), search=query.pop("q"), kind=query.pop("kind"), stage=query.pop("stage")
    )
    return page_of(found, query, sorts=SORTS)


@bp.get("/<int:import_id>")
@requires(SIGNED_IN)
@bp.response(200, ImportReportSchema)
def show_import(import_id: int) -> ImportRun:
    """Show an import with its columns and what came of it."""
    return one_or_404(_visible(import_id))


@bp.post("/<int:import_id>/check")
@requires(SIGNED_IN)
@idempotent
@bp.arguments(ColumnsSchema)
@bp.response(202, ImportStartedSchema)
@bp.alt_response(409, description="It is being worked on, or applied already (not_ready)")
def check_import(given: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Choose the columns anew, and tell what importing the file would do."""
    run = one_or_404(_visible(import_id))
    names = ("mapping", "update", "options")
    values: dict[str, Any] = {name: getattr(run, name) for name in names} | given
    services.choose(run, values.pop("mapping"), **values)
    return import_started(run, services.begin(run, check_file, "ready"))


@bp.post("/<int:import_id>/apply")
@requires(SIGNED_IN)
@idempotent
@bp.response(202, ImportStartedSchema)
@bp.alt_response(409, description="It is at another step (not_ready)")
def apply_import(import_id: int) -> dict[str, Any]:
    """Import a file that was checked, as it was checked."""
    run = one_or_404(_visible(import_id))
    return import_started(run, services.begin(run, apply_file, "checked"))


def _visible(import_id: int) -> Select[ImportRun]:
    return queries.import_run(import_id, my_importers())
