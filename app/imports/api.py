"""Imports and exports for programs: `POST {area}/import`, `GET {area}/export`."""

import json
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_smorest.fields import Upload

from app.core.api import Blueprint, page_of, page_schema, sorted_query
from app.core.errors import Invalid
from app.core.idempotency import idempotent
from app.core.jobs import JobRun
from app.core.pages.lists import lists
from app.core.permissions import SIGNED_IN, requires
from app.core.sheets import Format
from app.core.web import one_or_404
from app.imports import services
from app.imports.dates import ORDERS
from app.imports.export_views import asked_format, begun, exportable, sent
from app.imports.exports import is_large
from app.imports.jobs import apply_file, check_file
from app.imports.lists import my_importers
from app.imports.models import ImportProfile, ImportRun
from app.imports.profiles import LONGEST_NAME, delete_profile, profiles_of

PROFILE_SORTS = {"id": ImportProfile.id, "name": ImportProfile.name}

bp = Blueprint(
    "imports_api",
    __name__,
    url_prefix="/api/v1",
    description="Imports from and exports to files",
)

profiles = Blueprint(
    "import_profiles_api",
    __name__,
    url_prefix="/api/v1/import-profiles",
    description="How the files of a sender are read",
)

FILE = {"type": "string", "format": "binary"}
EXCEL, CSV = (form.content_type for form in (Format.EXCEL, Format.CSV))
LAYOUT = (
    *("sheet", "header", "header_row", "decimal", "dates", "figures", "delimiter"),
    "encoding",
)


class FileSchema(ma.Schema):
    """The file."""

    file = Upload(required=True, metadata={"description": "Excel (.xlsx) or CSV"})


class ChoicesSchema(ma.Schema):
    """What to do with it. What is not sent is guessed."""

    mapping = ma.fields.Str(
        load_default="",
        metadata={"description": 'JSON {"our field": "their column, or its number"}'},
    )
    dry_run = ma.fields.Bool(load_default=False)
    update = ma.fields.Bool(load_default=True)
    header = ma.fields.Bool(load_default=True)
    header_row = ma.fields.Int(
        load_default=0,
        validate=ma.validate.Range(min=0, max=1_000),
        metadata={"description": "The row that names the columns; 0: it is looked for"},
    )
    sheet = ma.fields.Str(
        load_default="", metadata={"description": "Name of the sheet; empty: it is looked for"}
    )
    decimal = ma.fields.Str(load_default="", validate=ma.validate.OneOf(services.DECIMALS))
    dates = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", *ORDERS]),
        metadata={"description": "Order of day and month in 3/4/2026; empty: it is looked for"},
    )
    figures = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", *services.FIGURES]),
        metadata={
            "description": "What counts of a number shown with fewer decimals than it has; "
            "empty: such a row is refused"
        },
    )
    delimiter = ma.fields.Str(load_default="", validate=ma.validate.Length(max=1))
    encoding = ma.fields.Str(load_default="")
    options = ma.fields.Str(
        load_default="", metadata={"description": "Several are parted by commas"}
    )
    fixed = ma.fields.Str(
        load_default="",
        metadata={"description": 'JSON {"our field": "what it is in every row"}'},
    )
    profile = ma.fields.Str(
        load_default="",
        validate=ma.validate.Length(max=LONGEST_NAME),
        metadata={"description": "Name of a profile: how another file was read"},
    )


class ImportProfileSchema(ma.Schema):
    """How the files of a sender are read."""

    id = ma.fields.Int()
    kind = ma.fields.Str()
    name = ma.fields.Str()
    mapping = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Str())
    fixed = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Str())
    update = ma.fields.Bool()
    options = ma.fields.List(ma.fields.Str())
    created_at = ma.fields.DateTime()


class StartedSchema(ma.Schema):
    """Where to ask how it fares."""

    job_id = ma.fields.Int()
    status_url = ma.fields.Str()


class ImportStartedSchema(StartedSchema):
    """Where to ask how an import fares, and what is said of its file already."""

    import_id = ma.fields.Int()
    notices = ma.fields.List(
        ma.fields.Str(),
        metadata={"description": "What was guessed, and which columns are left out"},
    )


class ExportQuery(ma.Schema):
    """The kind of file, and what is looked for; further filters differ from list to list."""

    format = ma.fields.Str(
        load_default="xlsx", validate=ma.validate.OneOf([form.value for form in Format])
    )
    q = ma.fields.Str(metadata={"description": "Words to look for"})
    search = ma.fields.Str(metadata={"description": "The same as q"})


def _number() -> ma.fields.Str:
    return ma.fields.Str(validate=ma.validate.Regexp(r"^[0-9]{0,17}\Z", error="Send an id."))


def _in_use() -> ma.fields.Str:
    words = ma.validate.OneOf(["", "active", "inactive", "all"])
    return ma.fields.Str(validate=words, metadata={"description": "Without it, all"})


# Of each list what its page filters by, and what the API's own list calls the same.
FILTERS: dict[str, dict[str, ma.fields.Field[Any]]] = {
    "products": {
        "category": ma.fields.Str(),
        "supplier": _number(),
        "supplier_id": _number(),
        "state": _in_use(),
    },
    "customers": {"country": ma.fields.Str(), "state": _in_use()},
    "vendors": {"country": ma.fields.Str(), "state": _in_use()},
    "orders": {
        "status": ma.fields.Str(),
        "customer": _number(),
        "from": ma.fields.Date(),
        "to": ma.fields.Date(),
    },
    "purchase_orders": {
        "status": ma.fields.Str(),
        "vendor": _number(),
        "from": ma.fields.Date(),
        "to": ma.fields.Date(),
    },
}


def _path(area: str) -> str:
    """Where the calls of an area are: addresses have dashes, names of areas none."""
    return area.replace("_", "-")


def _add_import(area: str, kind: str) -> None:
    """Let programs import one kind."""

    @bp.post(f"/{_path(area)}/import", endpoint=f"import_{kind}")
    @requires(f"{kind}.import")
    @idempotent
    @bp.arguments(FileSchema, location="files")
    @bp.arguments(ChoicesSchema, location="form")
    @bp.response(202, ImportStartedSchema)
    @bp.alt_response(413, description="The file is too large")
    def import_file(files: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
        """Import a file, in the background."""
        file = files["file"]
        layout = {name: choices[name] for name in LAYOUT}
        run = services.upload(
            kind,
            file_name=file.filename or "file",
            content=file.read(),
            profile=choices["profile"],
            **layout,
        )
        mapping = _mapping("mapping", choices["mapping"]) or run.mapping
        options = [name for name in choices["options"].split(",") if name]
        services.choose(
            run,
            mapping,
            update=choices["update"],
            options=options or run.options,
            fixed={**run.fixed, **_mapping("fixed", choices["fixed"])},
        )
        job = check_file if choices["dry_run"] else apply_file
        return import_started(run, services.begin(run, job, "ready"))


def _add_export(area: str) -> None:
    """Let programs export one kind."""
    query = ExportQuery.from_dict(
        FILTERS[area], name=f"{area.title().replace('_', '')}ExportQuery"
    )

    @bp.get(f"/{_path(area)}/export", endpoint=f"export_{area}")
    @requires(f"{area}.import")
    @bp.arguments(query, location="query")
    @bp.response(200, FILE, content_type=EXCEL)
    @bp.alt_response(200, schema=FILE, content_type=CSV, description="With format=csv")
    @bp.alt_response(202, schema=StartedSchema, description="Many rows: a job writes the file")
    def export_file(_query: dict[str, Any]) -> ResponseReturnValue:
        """Export records as an Excel or CSV file."""
        filters = request.args.to_dict()
        form = asked_format(filters.pop("format", "xlsx"))
        _check_words(area, filters)
        if "state" in FILTERS[area]:
            filters.setdefault("state", "all")
        importer = exportable(area)
        if is_large(importer, filters):
            return _accepted(begun(importer, form, filters))
        return sent(importer, form, filters)


def _check_words(area: str, filters: Mapping[str, str]) -> None:
    """Refuse what the list cannot read: its page would show everything, and say so.

    Raises:
        Invalid: A word that means nothing.
    """
    for one in lists()[area].page.filters:
        text = filters.get(one.name, "")
        if one.name == "state" or not text:  # it has one word more for programs
            continue
        try:
            one.read(text)
        except ValueError as error:
            raise Invalid(one.name, f"{text} means nothing here.") from error


def _mapping(name: str, text: str) -> dict[str, str]:
    try:
        mapping = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise Invalid(name, "This is not JSON.") from error
    if not isinstance(mapping, dict):
        raise Invalid(name, 'Send an object: {"our field": "their column"}.')
    return {str(name): str(column) for name, column in mapping.items()}


def import_started(run: ImportRun, job: JobRun) -> dict[str, Any]:
    """Say where to ask how an import fares, and what is said of its file already."""
    return started(job) | {"import_id": run.id, "notices": services.notices_of(run)}


def started(run: JobRun) -> dict[str, Any]:
    """Say where to ask how a job fares."""
    return {"job_id": run.id, "status_url": url_for("jobs_api.show", run_id=run.id)}


def _accepted(run: JobRun) -> Response:
    answer = jsonify(started(run))
    answer.status_code = 202
    return answer


@profiles.get("")
@requires(SIGNED_IN)
@profiles.arguments(sorted_query(PROFILE_SORTS), location="query")
@profiles.response(200, page_schema(ImportProfileSchema))
def list_profiles(query: dict[str, Any]) -> dict[str, Any]:
    """List the profiles of what you may import."""
    found = profiles_of(my_importers())
    return page_of(found, query, sorts=PROFILE_SORTS)


@profiles.delete("/<int:profile_id>")
@requires(SIGNED_IN)
@idempotent
@profiles.response(204)
def remove_profile(profile_id: int) -> None:
    """Delete a profile; what was imported by it stays."""
    one_or_404(profiles_of(my_importers()).where(ImportProfile.id == profile_id))
    delete_profile(profile_id)


for _area in FILTERS:
    _add_import(_area, _area)
    _add_export(_area)
_add_import("inventory", "stock")
_add_import("salesdata", "sales")
