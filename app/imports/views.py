"""Pages of imports: a file goes through them step by step."""

from flask import Blueprint, request, url_for
from werkzeug import Response

from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404, render, respond_redirect
from app.imports import queries, services
from app.imports.definition import importers
from app.imports.forms import LayoutForm, MappingForm, UploadForm, mapping_form, offered
from app.imports.jobs import apply_file, check_file
from app.imports.lists import IMPORTS, my_importers
from app.imports.models import ImportRun
from app.imports.reading import UnreadableFile

bp = Blueprint("imports", __name__, url_prefix="/imports")

STEPS = ("Upload", "Columns", "Check", "Apply")
PREVIEWED = 5


IMPORTS.add_to(bp)


@bp.get("/new")
@requires(SIGNED_IN)
def new() -> Response:
    """Ask for a file."""
    return _upload_page(UploadForm(data={"kind": request.args.get("kind"), "header": True}))


@bp.post("")
@requires(SIGNED_IN)
def create() -> Response:
    """Keep a file, and go on to its columns."""
    form, kinds = UploadForm(), my_importers()
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
            return respond_redirect(
                url_for(".show", import_id=run.id), f"{run.file_name} uploaded."
            )
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
        return respond_redirect(url_for(".show", import_id=run.id), "The file was read again.")
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
        return respond_redirect(
            url_for(".show", import_id=run.id), "The file is being checked."
        )
    return _columns_page(run, mapping=form, status=422)


@bp.post("/<int:import_id>/applications")
@requires(SIGNED_IN)
def create_application(import_id: int) -> Response:
    """Import the good rows."""
    run = _one(import_id)
    services.begin(run, apply_file, "checked")
    return respond_redirect(url_for(".show", import_id=run.id), "The file is being imported.")


def _one(import_id: int) -> ImportRun:
    return one_or_404(queries.import_run(import_id, my_importers()))


def _upload_page(form: UploadForm, *, status: int = 200) -> Response:
    form.kind.choices = offered({kind: one.label for kind, one in my_importers().items()})
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
