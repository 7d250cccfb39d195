"""Pages of the printers, and the sheet to calibrate one with."""

from flask import Response as Answer
from flask import abort, request, url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_redirect
from app.labels import queries, services
from app.labels.forms import PrinterForm
from app.labels.models import LabelPrinter
from app.labels.views.blueprint import bp
from app.labels.views.lists import PRINTERS

DEFAULT_FORMAT = "L7160"


PRINTERS.add_to(bp, "/printers", "printers")


@bp.get("/printers/new")
@requires("labels.manage")
def new_printer() -> Response:
    """Ask for a printer."""
    return _form(PrinterForm())


@bp.post("/printers")
@requires("labels.manage")
def create_printer() -> Response:
    """Keep a printer."""
    form, status = _offered(PrinterForm()), 422
    if form.validate_on_submit():
        values = form.values
        del values["version"]
        try:
            printer = services.create_printer(**values)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_redirect(url_for(".printers"), f"{printer.name} added.")
    return _form(form, status=status)


@bp.get("/printers/<int:printer_id>/edit")
@requires("labels.manage")
def edit_printer(printer_id: int) -> Response:
    """Ask for changes of a printer."""
    printer = _one(printer_id)
    return _form(PrinterForm(obj=printer), printer)


@bp.post("/printers/<int:printer_id>")
@requires("labels.manage")
def update_printer(printer_id: int) -> Response:
    """Change a printer."""
    printer, form, status = _one(printer_id), _offered(PrinterForm()), 422
    if form.validate_on_submit():
        try:
            printer = services.revise_printer(printer_id, **form.values)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_redirect(url_for(".printers"), f"{printer.name} saved.")
    return _form(form, _one(printer_id), status=status)


@bp.post("/printers/<int:printer_id>/delete")
@requires("labels.manage")
def delete_printer(printer_id: int) -> Response:
    """Forget a printer."""
    name = _one(printer_id).name
    services.delete_printer(printer_id)
    return respond_redirect(url_for(".printers"), f"{name} is deleted.")


@bp.get("/printers/<int:printer_id>/calibration.pdf")
@requires("labels.view")
def calibration(printer_id: int) -> Answer:
    """Draw the calibration sheet for a format: `format`, or the one offered first."""
    printer = _one(printer_id)
    name = request.args.get("format") or printer.format or DEFAULT_FORMAT
    content = services.calibration_sheet(printer, services.find_format(name) or abort(404))
    headers = {"Content-Disposition": 'inline; filename="calibration.pdf"'}
    return Answer(content, mimetype="application/pdf", headers=headers)


def _one(printer_id: int) -> LabelPrinter:
    return one_or_404(queries.printers().where(LabelPrinter.id == printer_id))


def _offered(form: PrinterForm) -> PrinterForm:
    form.offer(_formats())
    return form


def _formats() -> dict[str, str]:
    return {key: one.label for key, one in services.all_formats().items()}


def _form(
    form: PrinterForm, printer: LabelPrinter | None = None, *, status: int = 200
) -> Response:
    template = "labels/printers/edit.html" if printer else "labels/printers/new.html"
    formats = _formats()
    form.offer(formats)
    return render(
        template, fragment="form", status=status, form=form, printer=printer, formats=formats
    )
