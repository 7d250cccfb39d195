"""Formats of labels for programs: those that are sold everywhere, and the company's own."""

from decimal import Decimal
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
from app.labels.drawing.formats import BUILT_IN, KINDS, Format
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.models import LabelFormat

NAME = ma.validate.Length(1, 60)
TAKEN = "There is a format of this name"
LARGEST = 1000  # mm
# What a format has of which nothing is said; of a roll only its label counts.
USUAL: dict[str, Any] = {
    "page_width": Decimal(210),
    "page_height": Decimal(297),
    "columns": 1,
    "rows": 1,
    **dict.fromkeys(("margin_left", "margin_top", "pitch_x", "pitch_y"), Decimal(0)),
    "dpi": 300,
    "symbology": "code128",
}
MEASURES = ("label_width", "label_height", *USUAL)


class LabelFormatSchema(ma.Schema):
    """A sheet or a roll of labels; sizes in millimetres."""

    id = ma.fields.Int(
        allow_none=True, metadata={"description": "Of the company's own; null of the others"}
    )
    name = ma.fields.Str(attribute="key", metadata={"description": "As `format` takes it"})
    title = ma.fields.Str(attribute="label")
    kind = ma.fields.Str(validate=ma.validate.OneOf(KINDS))
    width = ma.fields.Function(
        lambda one: one["size"][0],
        metadata={"type": "number", "description": "Of one label"},
    )
    height = ma.fields.Function(lambda one: one["size"][1], metadata={"type": "number"})
    cells = ma.fields.Int(metadata={"description": "Labels on a page; one of a roll"})
    dpi = ma.fields.Int()
    symbology = ma.fields.Str(validate=ma.validate.OneOf(tuple(SYMBOLOGIES)))


class LabelFormatsSchema(ma.Schema):
    """All formats: those that are sold everywhere, then the company's own."""

    items = ma.fields.List(ma.fields.Nested(LabelFormatSchema), required=True)


class OwnFormatSchema(ma.Schema):
    """A format of the company's own, measured in millimetres; a roll has only its label."""

    id = ma.fields.Int(dump_only=True)
    name = Text(parse_line, required=True, validate=NAME)
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf(KINDS))
    label_width = Millimetres(most=LARGEST, required=True)
    label_height = Millimetres(most=LARGEST, required=True)
    page_width = Millimetres(most=LARGEST)
    page_height = Millimetres(most=LARGEST)
    columns = ma.fields.Int(strict=True, validate=ma.validate.Range(1, 50))
    rows = ma.fields.Int(strict=True, validate=ma.validate.Range(1, 100))
    margin_left = Millimetres(most=LARGEST)
    margin_top = Millimetres(most=LARGEST)
    pitch_x = Millimetres(
        most=LARGEST, metadata={"description": "From left edge to left edge of the next label"}
    )
    pitch_y = Millimetres(most=LARGEST)
    dpi = ma.fields.Int(strict=True, validate=ma.validate.OneOf(DPI))
    symbology = ma.fields.Str(validate=ma.validate.OneOf(tuple(SYMBOLOGIES)))
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


@bp.get("/formats")
@requires("labels.view")
@bp.response(200, LabelFormatsSchema)
def list_formats() -> dict[str, Any]:
    """List the formats that labels can be printed in."""
    own = db.session.scalars(queries.formats()).all()
    known = [(None, one) for one in BUILT_IN.values()]
    return {"items": [_shown(*one) for one in [*known, *((row.id, row.format) for row in own)]]}


@bp.post("/formats")
@requires("labels.manage")
@idempotent
@bp.arguments(for_new(OwnFormatSchema))
@bp.response(201, OwnFormatSchema)
@bp.alt_response(409, description=TAKEN)
def create_format(measures: dict[str, Any]) -> tuple[LabelFormat, int, dict[str, str]]:
    """Add a format; what is not said is as of an A4 sheet with one label."""
    made = services.create_format(**(USUAL | measures))
    return made, 201, {"Location": url_for("labels_api.show_format", format_id=made.id)}


@bp.get("/formats/<int:format_id>")
@requires("labels.view")
@bp.response(200, OwnFormatSchema)
def show_format(format_id: int) -> LabelFormat:
    """Show a format of the company's own with all its measures."""
    return one_or_404(_one(format_id))


@bp.put("/formats/<int:format_id>")
@requires("labels.manage")
@idempotent
@bp.arguments(for_changes(OwnFormatSchema))
@bp.response(200, OwnFormatSchema)
@bp.alt_response(409, description=f"{TAKEN}, or a stale version")
def update_format(changes: dict[str, Any], format_id: int) -> LabelFormat:
    """Change a format; what is not named stays. What was printed with it stays as it is."""
    row = one_or_404(_one(format_id))
    version = asked_version(changes)
    measures = {name: getattr(row, name) for name in ("name", "kind", *MEASURES)}
    return services.revise_format(format_id, version=version, **(measures | changes))


@bp.delete("/formats/<int:format_id>")
@requires("labels.manage")
@idempotent
@bp.response(204)
def delete_format(format_id: int) -> None:
    """Remove a format; what was printed with it can still be printed again."""
    one_or_404(_one(format_id))
    services.delete_format(format_id)


def _one(format_id: int) -> Select[LabelFormat]:
    return queries.formats().where(LabelFormat.id == format_id)


def _shown(format_id: int | None, one: Format) -> dict[str, Any]:
    names = ("key", "label", "kind", "size", "cells", "dpi", "symbology")
    return {name: getattr(one, name) for name in names} | {"id": format_id}
