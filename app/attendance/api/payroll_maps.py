"""Columns of files for payroll, for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.attendance import queries, services
from app.attendance.models import PayrollMap
from app.attendance.reckoning.columns import (
    DAYS,
    ENCODINGS,
    MARKS,
    SEPARATORS,
    parse_file_name,
)
from app.core.api import Blueprint, asked_version, page_of, page_schema, sorted_query
from app.core.checks import needed
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.texts import parse_line, parse_text
from app.core.web import one_or_404

bp = Blueprint(
    "payroll_maps_api",
    __name__,
    url_prefix="/api/v1/attendance/payroll-maps",
    description="Attendance",
)
Kept = tuple[PayrollMap, int, dict[str, str]]


class PayrollMapSchema(ma.Schema):
    """How a file for payroll looks.

    `columns` has a line for each: a heading, the sign =, and `number`, `name`, `first_name`,
    `last_name`, `cost_centre`, `first_day`, `last_day`, `batch`, a text in quotes, or `hours`,
    `clock` or `minutes` of some kinds: `Reg Hours = hours regular + absence`. Where `is_long`,
    there is a line for each person and kind, `code` is what the kind is called by `codes`
    (`regular = 1000`), and `hours` name no kind. `adds`: a second file of the same days has
    only what is different; else it has all of it again.
    """

    id = ma.fields.Int(dump_only=True)
    preset = ma.fields.Str(
        dump_only=True, metadata={"description": "What `POST payroll` calls it"}
    )
    name = Text(needed(parse_line), required=True)
    adds = ma.fields.Bool()
    is_long = ma.fields.Bool()
    separator = ma.fields.Str(validate=ma.validate.OneOf([*SEPARATORS]))
    encoding = ma.fields.Str(validate=ma.validate.OneOf([*ENCODINGS]))
    decimal_mark = ma.fields.Str(validate=ma.validate.OneOf([*MARKS]))
    day_format = ma.fields.Str(validate=ma.validate.OneOf([*DAYS]))
    has_header = ma.fields.Bool()
    above = Text(parse_text)
    columns = Text(needed(parse_text), required=True)
    codes = Text(parse_text)
    file_name = Text(needed(parse_file_name), required=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class PreviewQuery(ma.Schema):
    """Which days; both are included."""

    from_ = ma.fields.Date(data_key="from", required=True)
    to = ma.fields.Date(required=True)


class PreviewSchema(ma.Schema):
    """What a map makes of the hours of ten people at most."""

    file_name = ma.fields.Str()
    text = ma.fields.Str()


@bp.get("")
@requires("attendance.payroll")
@bp.arguments(sorted_query(queries.MAP_SORTS), location="query")
@bp.response(200, page_schema(PayrollMapSchema))
def list_payroll_maps(query: dict[str, Any]) -> dict[str, Any]:
    """List the maps, by `id` or `name`."""
    return page_of(queries.payroll_maps(), query, sorts=queries.MAP_SORTS)


@bp.post("")
@requires("attendance.payroll")
@idempotent
@bp.arguments(for_new(PayrollMapSchema))
@bp.response(201, PayrollMapSchema)
@bp.alt_response(409, description="The name is taken")
def create_payroll_map(values: dict[str, Any]) -> Kept:
    """Write down how a file looks."""
    made = services.create_payroll_map(**values)
    location = url_for("payroll_maps_api.get_payroll_map", map_id=made.id)
    return made, 201, {"Location": location, **versioned(made)}


@bp.get("/<int:map_id>")
@requires("attendance.payroll")
@bp.response(200, PayrollMapSchema)
def get_payroll_map(map_id: int) -> Kept:
    """Show a map. The ETag is the version that a change is based on."""
    found = one_or_404(queries.payroll_map(map_id))
    return found, 200, versioned(found)


@bp.put("/<int:map_id>")
@requires("attendance.payroll")
@idempotent
@bp.arguments(for_changes(PayrollMapSchema))
@bp.response(200, PayrollMapSchema)
@bp.alt_response(409, description="A stale version, or a name that is taken")
def update_payroll_map(changes: dict[str, Any], map_id: int) -> Kept:
    """Change a map; batches that are made stay as they were."""
    one_or_404(queries.payroll_map(map_id))
    version = asked_version(changes)
    found = services.revise_payroll_map(map_id, version=version, **changes)
    return found, 200, versioned(found)


@bp.delete("/<int:map_id>")
@requires("attendance.payroll")
@idempotent
@bp.response(204)
def delete_payroll_map(map_id: int) -> None:
    """Delete a map; its batches can still be fetched."""
    one_or_404(queries.payroll_map(map_id))
    services.delete_payroll_map(map_id)


@bp.get("/<int:map_id>/preview")
@requires("attendance.payroll")
@bp.arguments(PreviewQuery, location="query")
@bp.response(200, PreviewSchema)
def get_payroll_map_preview(query: dict[str, Any], map_id: int) -> dict[str, str]:
    """Say what a map makes of real hours. Nothing is given to payroll by it."""
    one_or_404(queries.payroll_map(map_id))
    file = services.preview_payroll_map(map_id, query["from_"], query["to"])
    return {"file_name": file.name, "text": file.content.decode(file.encoding)}
