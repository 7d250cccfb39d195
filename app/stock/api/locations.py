"""Locations for programs."""

from typing import Any

import marshmallow as ma

from app.core.api import PageQuery, page_of, page_schema
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.stock import queries, services
from app.stock.api.blueprint import bp
from app.stock.models import KINDS, Location


class LocationQuery(PageQuery):
    """Filters of the list."""

    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *KINDS]))
    active = ma.fields.Bool(data_key="is_active", load_default=None)


class LocationSchema(ma.Schema):
    """A place in the tree of locations."""

    id = ma.fields.Int(dump_only=True)
    code = ma.fields.Str(required=True)
    name = ma.fields.Str(validate=ma.validate.Length(max=200))
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf(list(KINDS)))
    parent = ma.fields.Str(load_only=True, metadata={"description": "Code of what it lies in"})
    parent_id = ma.fields.Int(strict=True, allow_none=True)
    path = ma.fields.Str(dump_only=True, metadata={"description": "Codes from the root down"})
    barcode = ma.fields.Str(allow_none=True, validate=ma.validate.Length(max=100))
    is_pickable = ma.fields.Bool()
    is_blocked = ma.fields.Bool()
    is_active = ma.fields.Bool(dump_only=True)
    pick_sequence = ma.fields.Int(strict=True, validate=ma.validate.Range(0, 10**9))
    version = ma.fields.Int(dump_only=True)


@bp.get("/locations")
@requires("stock.view")
@bp.arguments(LocationQuery, location="query")
@bp.response(200, page_schema(LocationSchema))
def list_locations(args: dict[str, Any]) -> dict[str, Any]:
    """List locations, by `path` or `code`."""
    query = queries.locations(
        q=args.pop("q"), kind=args.pop("kind"), is_active=args.pop("active")
    )
    sorts = {"path": Location.path, "code": Location.code}
    return page_of(query, args, sorts=sorts)


@bp.post("/locations")
@requires("locations.edit")
@idempotent
@bp.arguments(LocationSchema)
@bp.response(201, LocationSchema)
@bp.alt_response(409, description="Another location has the code or the barcode")
def create_location(body: dict[str, Any]) -> Location:
    """Make a location; what it lies in is named by `parent` (code) or `parent_id`."""
    if parent := body.pop("parent", None):
        body["parent_id"] = services.find_location(parent)
    location = services.create_location(**body)
    db.session.refresh(location)
    return location
