"""Printers of labels for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for
from sqlalchemy import Select

from app.core.api import asked_version
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new
from app.core.texts import parse_line
from app.core.web import one_or_404
from app.labels import queries, services
from app.labels.api.blueprint import bp
from app.labels.api.fields import Millimetres
from app.labels.drawing.dots import DPI
from app.labels.models import LabelPrinter
from app.labels.models.printers import MOST_OFFSET

NAME = ma.validate.Length(1, 60)
TAKEN = "There is a printer of this name"


class LabelPrinterSchema(ma.Schema):
    """A printer of labels, and how far it has to be told to print elsewhere."""

    id = ma.fields.Int(dump_only=True, metadata={"description": "As `printer_id` takes it"})
    name = Text(parse_line, required=True, validate=NAME)
    dpi = ma.fields.Int(strict=True, required=True, validate=ma.validate.OneOf(DPI))
    offset_x = Millimetres(
        least=-MOST_OFFSET,
        most=MOST_OFFSET,
        metadata={"description": "To the right, in millimetres; minus moves to the left"},
    )
    offset_y = Millimetres(
        least=-MOST_OFFSET,
        most=MOST_OFFSET,
        metadata={"description": "Down, in millimetres; minus moves up"},
    )
    format = ma.fields.Str(metadata={"description": "What is in it, if one says so"})
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class LabelPrintersSchema(ma.Schema):
    """All printers by name."""

    items = ma.fields.List(ma.fields.Nested(LabelPrinterSchema), required=True)


@bp.get("/printers")
@requires("labels.view")
@bp.response(200, LabelPrintersSchema)
def list_printers() -> dict[str, Any]:
    """List the printers of labels, whose resolution and offset a batch is drawn for."""
    return {"items": db.session.scalars(queries.printers()).all()}


@bp.post("/printers")
@requires("labels.manage")
@idempotent
@bp.arguments(for_new(LabelPrinterSchema))
@bp.response(201, LabelPrinterSchema)
@bp.alt_response(409, description=TAKEN)
def create_printer(values: dict[str, Any]) -> tuple[LabelPrinter, int, dict[str, str]]:
    """Add a printer."""
    made = services.create_printer(**values)
    return made, 201, {"Location": url_for("labels_api.show_printer", printer_id=made.id)}


@bp.get("/printers/<int:printer_id>")
@requires("labels.view")
@bp.response(200, LabelPrinterSchema)
def show_printer(printer_id: int) -> LabelPrinter:
    """Show a printer."""
    return one_or_404(_one(printer_id))


@bp.put("/printers/<int:printer_id>")
@requires("labels.manage")
@idempotent
@bp.arguments(for_changes(LabelPrinterSchema))
@bp.response(200, LabelPrinterSchema)
@bp.alt_response(409, description=f"{TAKEN}, or a stale version")
def update_printer(changes: dict[str, Any], printer_id: int) -> LabelPrinter:
    """Change a printer; what is not named stays."""
    one_or_404(_one(printer_id))
    version = asked_version(changes)
    return services.revise_printer(printer_id, version=version, **changes)


@bp.delete("/printers/<int:printer_id>")
@requires("labels.manage")
@idempotent
@bp.response(204)
def delete_printer(printer_id: int) -> None:
    """Remove a printer; what it has printed stays in the history."""
    one_or_404(_one(printer_id))
    services.delete_printer(printer_id)


def _one(printer_id: int) -> Select[LabelPrinter]:
    return queries.printers().where(LabelPrinter.id == printer_id)
