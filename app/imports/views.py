"""Pages of imports: a file goes through them step by step."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug import Response

from app.core.db import db
from app.core.errors import DomainError
from app.core.pages.paging import Order, Page, paginate
from app.core.permissions import SIGNED_IN, may, requires
from app.core.web import gone_to, one_or_404, render
from app.imports import queries, services
from app.imports.definition import Importer, importers
from app.imports.forms import LayoutForm, MappingForm, UploadForm, mapping_form, offered
from app.imports.jobs import apply_file, check_file
from app.imports.models import STAGES, ImportRun
from app.imports.reading import UnreadableFile

bp = Blueprint("imports", __name__, url_prefix="/imports")

STEPS = ("Upload", "Columns", "Check", "Apply")
SORTS = {"id": ImportRun.id, "file": ImportRun.file_name, "actor": ImportRun.actor}
PREVIEWED = 5


@bp.get("")
@requires(SIGNED_IN)
def index() -> Response:
    """List the imports, the newest first."""
    filters = {name: request.args.get(name, "").strip() for name in ("search", "kind", "stage")}
    page = paginate(
        queries.import_runs(_mine(), **filters), Order(SORTS, "-id"), filters=filters
    )
    return render(
        "imports/index.html",
        fragment="results",
        page=page,
        filters=filters,
        chips=_chips(page, filters),
        kinds=_mine(),
        stages=STAGES,
    )


@bp.get("/new")
@requires(SIGNED_IN)
def new() -> Response:
    """Ask for a file."""
    return _upload_page(UploadForm(data={"kind": request.args.get("kind"), "header": True}))


@bp.post("")
@requires(SIGNED_IN)
def create() -> Response:
    """Keep a file, and go on to its columns."""
    form, kinds = UploadForm(), _mine()
    form.kind.choices = offered({kind: importer.label for kind, importer in kinds.items()})
    status = 422
    if form.validate_on_submit():
        file = form.file.data
        try:
            run = services.upload(
                form.kind.data,
                file_name=file.filename or "file",
                content=file.stream.read(),
                header=form.header.data,
            )
        except UnreadableFile as error:
            form.refuse(error)
            status = error.status
        else:
            return gone_to(url_for(".show", import_id=run.id), f"{run.file_name} uploaded.")
    return _upload_page(form, status=status)


@bp.get("/<int:import_id>")
@requires(SIGNED_IN)
def show(import_id: int) -> Response:
    """Show the step that an import is at; `step=columns` goes back to its columns."""
    run = _one(import_id)
    is_idle = run.job is None or run.job.is_finished
    if is_idle and (run.stage == "uploaded" or "columns" in request.args.getlist("step")):
        return _columns_page(run)
    return render(
        "imports/show.html",
        fragment="record",
        run=run,
        importer=importers()[run.kind],
        steps=STEPS,
        is_idle=is_idle,
    )


@bp.post("/<int:import_id>/layout")
@requires(SIGNED_IN)
def update_layout(import_id: int) -> Response:
    """Read the file in another way."""
    run = _one(import_id)
    form = LayoutForm()
    form.offer(services.sheets_of(run))
    if form.validate_on_submit():
        try:
            services.read_anew(run, **form.values)
        except DomainError as error:
            return _columns_page(run, layout=form, status=form.refuse(error))
        return gone_to(url_for(".show", import_id=run.id), "The file was read again.")
    return _columns_page(run, layout=form, status=422)


@bp.post("/<int:import_id>/checks")
@requires(SIGNED_IN)
def create_check(import_id: int) -> Response:
    """Settle the columns and try the import without writing anything."""
    run = _one(import_id)
    form = mapping_form(importers()[run.kind], run)
    if form.validate_on_submit():
        options = form.options.data if "options" in form else []
        try:
            services.choose(run, form.mapping, update=form.update.data, options=options)
            services.begin(run, check_file, "ready")
        except DomainError as error:
            return _columns_page(run, mapping=form, status=form.refuse(error))
        return gone_to(url_for(".show", import_id=run.id), "The file is being checked.")
    return _columns_page(run, mapping=form, status=422)


@bp.post("/<int:import_id>/applications")
@requires(SIGNED_IN)
def create_application(import_id: int) -> Response:
    """Import the good rows."""
    run = _one(import_id)
    services.begin(run, apply_file, "checked")
    return gone_to(url_for(".show", import_id=run.id), "The file is being imported.")


def _mine() -> dict[str, Importer]:
    """What the person asking may import.

    Raises:
        Forbidden: Nothing.
    """
    kinds = {kind: one for kind, one in importers().items() if may(one.permission)}
    return kinds or abort(403)


def _one(import_id: int) -> ImportRun:
    return one_or_404(queries.import_run(import_id, _mine()))


def _upload_page(form: UploadForm, *, status: int = 200) -> Response:
    form.kind.choices = offered({kind: one.label for kind, one in _mine().items()})
    return render("imports/new.html", fragment="form", status=status, form=form, steps=STEPS)


def _columns_page(
    run: ImportRun,
    *,
    layout: LayoutForm | None = None,
    mapping: MappingForm | None = None,
    status: int = 200,
) -> Response:
    """Show how the file is read and which column is which."""
    importer = importers()[run.kind]
    run = db.session.get_one(ImportRun, run.id)  # a refusal has made ours stale
    if layout is None:
        layout = LayoutForm(data=run.layout)
        layout.offer(services.sheets_of(run))
    table = services.table_of(run)
    return render(
        "imports/columns.html",
        fragment="columns",
        status=status,
        run=run,
        importer=importer,
        layout=layout,
        form=mapping or mapping_form(importer, run),
        rows=table.preview(PREVIEWED),
        steps=STEPS,
    )


def _chips(page: Page[Any], filters: Mapping[str, str]) -> list[tuple[str, str]]:
    labels = {
        "kind": importers()[filters["kind"]].label if filters["kind"] in importers() else "",
        "stage": STAGES.get(filters["stage"], ""),
    }
    return [(label, page.without(name)) for name, label in labels.items() if label]
