"""Exports for browsers: the rows that a list shows, as a file."""

from flask import Blueprint, Response, abort, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.core.jobs import JobRun
from app.core.permissions import SIGNED_IN, ensure, requires
from app.core.sheets import Format
from app.core.web import respond_redirect
from app.imports.definition import Importer, importers
from app.imports.exports import exported, is_large
from app.imports.jobs import export_records

bp = Blueprint("exports", __name__, url_prefix="/exports")


@bp.get("/<kind>.<format>")
@requires(SIGNED_IN)
def show(kind: str, format: str) -> ResponseReturnValue:  # noqa: A002  (it is in the address)
    """Send the records that the filters of their list let through."""
    importer = exportable(kind)
    ensure(importer.permission)
    form, filters = asked_format(format), request.args.to_dict()
    if is_large(importer, filters):
        run = begun(importer, form, filters)
        place = url_for("jobs.show", run_id=run.id)
        return respond_redirect(
            place, "The export is being prepared; the file appears on this page."
        )
    return sent(importer, form, filters)


def begun(importer: Importer, form: Format, filters: dict[str, str]) -> JobRun:
    """Let a job write a large file, of what the person asking may see."""
    names = [field.name for field in importer.open_fields]
    run: JobRun = export_records.enqueue(
        kind=importer.kind, form=form.value, filters=filters, names=names
    )
    return run


def exportable(kind: str) -> Importer:
    """Give what is exported; 404 if it is not."""
    importer = importers().get(kind)
    return importer if importer is not None and importer.export else abort(404)


def asked_format(name: str) -> Format:
    """Give the kind of file that was asked for; 404 if it is none of ours."""
    return Format(name) if name in {form.value for form in Format} else abort(404)


def sent(importer: Importer, form: Format, filters: dict[str, str]) -> Response:
    """Answer with the file."""
    file = exported(importer, form, filters)
    name = f"{importer.kind}.{form.value}"
    return send_file(file, form.content_type, as_attachment=True, download_name=name)
