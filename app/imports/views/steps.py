"""A file goes through an import step by step: uploaded, its columns named, checked, applied."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import request, url_for
from sqlalchemy import Select
from werkzeug import Response
from werkzeug.datastructures import FileStorage

from app.core.pages import Action, RecordLink, Resource, Step, Wizard
from app.core.permissions import SIGNED_IN
from app.imports import queries, services
from app.imports.definition import importers
from app.imports.forms import LayoutForm, MappingForm, UploadForm, mapping_form, offered
from app.imports.jobs import apply_file, check_file
from app.imports.lists import my_importers
from app.imports.models import ImportRun
from app.imports.profiles import profile_names
from app.imports.reading import UnreadableFile
from app.imports.views.lists import bp

PREVIEWED = 5


def _one(import_id: int) -> Select[ImportRun]:
    return queries.import_run(import_id, my_importers())


def _offer_kinds(form: UploadForm, _run: None) -> None:
    form.kind.choices = offered({kind: one.label for kind, one in my_importers().items()})
    form.profile.choices = offered(profile_names(my_importers()), "None")


def _begin(form: UploadForm, _run: None) -> None:
    form.kind.data = request.args.get("kind")


def _upload(kind: str, file: FileStorage, **how: Any) -> ImportRun:
    """Keep the file; `how` is the profile, whether there is a header, and the encoding."""
    name, content = file.filename or "file", file.stream.read()
    return services.upload(kind, file_name=name, content=content, **how)


def _offer_sheets(form: LayoutForm, run: ImportRun) -> None:
    form.offer(services.sheets_of(run))


def _read_anew(import_id: int, **layout: Any) -> None:
    services.read_anew(IMPORT.find(import_id), **layout)


def _mapping_form(run: ImportRun) -> MappingForm:
    return mapping_form(importers()[run.kind], run)


def _check(import_id: int, mapping: Any, **choices: Any) -> None:
    """Settle the columns and try the import without writing anything."""
    run = IMPORT.find(import_id)
    services.choose(run, mapping, **choices)
    services.begin(run, check_file, "ready")


def _undo(import_id: int) -> int:
    return services.undo(IMPORT.find(import_id))


def _can_undo(run: ImportRun) -> bool:
    return run.stage == "applied" and _is_idle(run) and importers()[run.kind].undo is not None


def _apply(import_id: int) -> None:
    services.begin(IMPORT.find(import_id), apply_file, "checked")


def _show_layout(run: ImportRun, form: LayoutForm, status: int) -> Response:
    return wizard.show(run, step="columns", status=status, layout=form)


def _show_mapping(run: ImportRun, form: MappingForm, status: int) -> Response:
    return wizard.show(run, step="columns", status=status, form=form)


def _is_idle(run: ImportRun) -> bool:
    return run.job is None or run.job.is_finished


def _good(run: ImportRun) -> int:
    """How many rows could be imported, once that is known."""
    return run.result["created"] + run.result["updated"] if run.result else 0


def _import_rows(run: ImportRun) -> str:
    good = _good(run)
    return "Import 1 row" if good == 1 else f"Import {good:,} rows"


def _at(run: ImportRun) -> str:
    """Name the step that a file has come to; while it is worked on, it is being checked."""
    if not _is_idle(run):
        return "check"
    return {"uploaded": "columns", "checked": "apply", "applied": "", "undone": ""}.get(
        run.stage, "check"
    )


def _columns(run: ImportRun) -> Mapping[str, Any]:
    """Show how the file is read and which column is which."""
    layout, table = LayoutForm(data=run.layout), services.table_of(run)
    layout.offer(services.sheets_of(run))
    return {
        "importer": importers()[run.kind],
        "layout": layout,
        "form": _mapping_form(run),
        "rows": table.preview(PREVIEWED),
        "notices": services.notices_of(run),
        "top": table.top(),
    }


def _progress(run: ImportRun) -> Mapping[str, Any]:
    return {"importer": importers()[run.kind], "is_idle": _is_idle(run)}


IMPORT = Resource(
    name="run",
    area="imports",
    query=_one,
    rule="/<int:import_id>",
    keys={"import_id": "id"},
)
_verb = partial(Action, resource=IMPORT, permission=SIGNED_IN, leaves=True)

create = _verb(
    name="create",
    is_new=True,
    title="Import a file",
    page_title="New import · Imports",
    subtitle="Nothing is changed before you have seen what would happen.",
    submit="Upload",
    form=UploadForm,
    offer=_offer_kinds,
    fill=_begin,
    above="pages/_first_step.html",
    fields="imports/_upload.html",
    context=lambda _run: {"wizard": wizard},
    has_file=True,
    act=_upload,
    refuses=UnreadableFile,
    done="{0.file_name} uploaded.",
)
update_layout = _verb(
    name="update_layout",
    path="/layout",
    title="Read the file again",
    form=LayoutForm,
    offer=_offer_sheets,
    page=_show_layout,
    act=_read_anew,
    done="The file was read again.",
)
check = _verb(
    name="create_check",
    path="/checks",
    title="Check the file",
    make=_mapping_form,
    page=_show_mapping,
    act=_check,
    done="The file is being checked.",
)
apply = _verb(
    name="create_application",
    path="/applications",
    title=_import_rows,
    act=_apply,
    done="The file is being imported.",
    kind="primary",
    icon="check",
    when=lambda run: run.stage == "checked" and _is_idle(run) and _good(run) > 0,
)
undo = _verb(
    name="create_reversal",
    path="/reversal",
    title="Undo this import",
    question="Take back all that {0.file_name} has brought?",
    confirm="Undo",
    act=_undo,
    done="{1:,} rows were taken back.",
    kind="danger",
    icon="undo",
    when=_can_undo,
)
back = RecordLink(
    label="Back to the columns",
    href=lambda run: url_for("imports.show", import_id=run.id, step="columns"),
    icon="left",
    when=_is_idle,
)
another = RecordLink(
    label="Import another file",
    href=lambda run: url_for("imports.new", kind=run.kind),
    kind="primary",
    icon="upload",
)
_progressing = partial(Step, body="imports/_progress.html", context=_progress)

wizard: Wizard = Wizard(
    resource=IMPORT,
    permission=SIGNED_IN,
    title="{0.file_name} · Imports",
    heading="{0.file_name}",
    subtitle=lambda run: importers()[run.kind].label,
    crumbs=lambda _run: [("Imports", url_for("imports.index"))],
    at=_at,
    steps=(
        Step(name="upload", title="Upload"),
        Step(
            name="columns",
            title="Columns",
            body="imports/_columns.html",
            context=_columns,
            can_return=_is_idle,
        ),
        _progressing(name="check", title="Check", buttons=(back,)),
        _progressing(name="apply", title="Apply", buttons=(back, apply)),
    ),
    done=_progressing(name="", title="", buttons=(another, undo)),
)

wizard.add_to(bp)
for action in (create, update_layout, check, apply, undo):
    action.add_to(bp)
