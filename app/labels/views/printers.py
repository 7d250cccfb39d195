"""Pages of the printers, and the sheet to calibrate one with."""

from functools import partial

from flask import Response as Answer
from flask import abort, request, url_for
from sqlalchemy import Select

from app.core.pages import Action, Resource
from app.core.permissions import requires
from app.labels import queries, services
from app.labels.forms import PrinterForm
from app.labels.models import LabelPrinter
from app.labels.views.blueprint import bp
from app.labels.views.lists import PRINTERS

DEFAULT_FORMAT = "L7160"

PRINTERS.add_to(bp, "/printers", "printers")


@bp.get("/printers/<int:printer_id>/calibration.pdf")
@requires("labels.view")
def calibration(printer_id: int) -> Answer:
    """Draw the calibration sheet for a format: `format`, or the one offered first."""
    printer = PRINTER.find(printer_id)
    name = request.args.get("format") or printer.format or DEFAULT_FORMAT
    content = services.calibration_sheet(printer, services.find_format(name) or abort(404))
    headers = {"Content-Disposition": 'inline; filename="calibration.pdf"'}
    return Answer(content, mimetype="application/pdf", headers=headers)


def _one(printer_id: int) -> Select[LabelPrinter]:
    return queries.printers().where(LabelPrinter.id == printer_id)


def _offer(form: PrinterForm, _printer: LabelPrinter | None) -> None:
    form.offer(_formats())


def _formats() -> dict[str, str]:
    return {key: one.label for key, one in services.all_formats().items()}


PRINTER = Resource(
    name="printer",
    area="labels",
    query=_one,
    rule="/printers/<int:printer_id>",
    keys={"printer_id": "id"},
    shown_at="printers",
    listed_at="printers",
)

_verb = partial(
    Action,
    resource=PRINTER,
    permission="labels.manage",
    to=lambda _printer: url_for("labels.printers"),
    leaves=True,
)
_written = partial(
    _verb,
    form=PrinterForm,
    offer=_offer,
    fields="labels/printers/_fields.html",
    is_wide=True,
    is_page=True,
)

create_printer = _written(
    name="create_printer",
    is_new=True,
    title="New label printer",
    act=services.create_printer,
    done="{0.name} added.",
)
update_printer = _written(
    name="update_printer",
    title="Edit",
    heading="Edit {0.name}",
    below="labels/printers/_calibration.html",
    context=lambda _printer: {"formats": _formats()},
    act=services.revise_printer,
    done="{0.name} saved.",
)
delete_printer = _verb(
    name="delete_printer",
    path="/delete",
    title="Delete",
    act=services.delete_printer,
    done="{0.name} is deleted.",
)

for action in (create_printer, update_printer, delete_printer):
    action.add_to(bp)
