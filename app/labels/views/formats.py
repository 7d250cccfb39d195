"""Pages of the company's own formats."""

from flask import url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_redirect
from app.labels import queries, services
from app.labels.forms import FormatForm
from app.labels.models import LabelFormat
from app.labels.views.blueprint import bp
from app.labels.views.lists import FORMATS

FORMATS.add_to(bp, "/formats", "formats")


@bp.get("/formats/new")
@requires("labels.manage")
def new_format() -> Response:
    """Ask for the measures of a format."""
    return _form(FormatForm())


@bp.post("/formats")
@requires("labels.manage")
def create_format() -> Response:
    """Keep a format."""
    form, status = FormatForm(), 422
    if form.validate_on_submit():
        try:
            row = services.create_format(**form.measures)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_redirect(url_for(".formats"), f"{row.name} added.")
    return _form(form, status=status)


@bp.get("/formats/<int:format_id>/edit")
@requires("labels.manage")
def edit_format(format_id: int) -> Response:
    """Ask for changes of a format."""
    row = _one(format_id)
    return _form(FormatForm(obj=row), row)


@bp.post("/formats/<int:format_id>")
@requires("labels.manage")
def update_format(format_id: int) -> Response:
    """Change a format."""
    row, form, status = _one(format_id), FormatForm(), 422
    if form.validate_on_submit():
        try:
            row = services.revise_format(format_id, version=form.version.data, **form.measures)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_redirect(url_for(".formats"), f"{row.name} saved.")
    return _form(form, _one(format_id), status=status)


@bp.post("/formats/<int:format_id>/delete")
@requires("labels.manage")
def delete_format(format_id: int) -> Response:
    """Forget a format."""
    name = _one(format_id).name
    services.delete_format(format_id)
    return respond_redirect(url_for(".formats"), f"{name} is deleted.")


def _one(format_id: int) -> LabelFormat:
    return one_or_404(queries.formats().where(LabelFormat.id == format_id))


def _form(form: FormatForm, row: LabelFormat | None = None, *, status: int = 200) -> Response:
    template = "labels/formats/edit.html" if row else "labels/formats/new.html"
    return render(template, fragment="form", status=status, form=form, row=row)
