"""Locations for programs."""

from typing import Any

import marshmallow as ma

from app.core.api import PageQuery, Sort, asked_version, page_of, page_schema
from app.core.db import db
from app.core.errors import sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.stock import queries, services
from app.stock.api.blueprint import bp
from app.stock.models import KINDS, Location

SORTS = {"path": Location.path, "code": Location.code}


class LocationQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
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
    """List locations."""
    query = queries.locations(
        q=args.pop("q"), kind=args.pop("kind"), is_active=args.pop("active")
    )
    return page_of(query, args, sorts=SORTS)


@bp.post("/locations")
@requires("locations.edit")
@sent_as(location="parent")
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


class LocationChangeSchema(LocationSchema):
    """What changes of a location; what is not named stays. Its kind is fixed."""

    code = ma.fields.Str()
    kind = ma.fields.Str(dump_only=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class BinsSchema(ma.Schema):
    """Many bins at once: all codes between two, part by part, as from A-01-1 to C-24-5."""

    first = ma.fields.Str(required=True)
    last = ma.fields.Str(required=True)
    parent = ma.fields.Str(required=True, metadata={"description": "Code of what they lie in"})


class CreatedBinsSchema(ma.Schema):
    """How many were made; those that there were already stayed as they are."""

    created = ma.fields.Int()


@bp.post("/locations/bins")
@requires("locations.edit")
@sent_as(location="parent", parent_id="parent")
@idempotent
@bp.arguments(BinsSchema)
@bp.response(201, CreatedBinsSchema)
def create_bins(body: dict[str, Any]) -> dict[str, int]:
    """Make many bins at once."""
    parent_id = services.find_location(body.pop("parent"))
    return {"created": services.create_bins(**body, parent_id=parent_id)}


@bp.get("/locations/<int:location_id>")
@requires("stock.view")
@bp.response(200, LocationSchema)
def get_location(location_id: int) -> Location:
    """Show a location. Its ETag is the version that a change is based on."""
    return one_or_404(queries.location(location_id))


@bp.put("/locations/<int:location_id>")
@requires("locations.edit")
@sent_as(location="parent")
@idempotent
@bp.arguments(LocationChangeSchema)
@bp.response(200, LocationSchema)
@bp.alt_response(409, description="A stale version, or a code or barcode that is taken")
def update_location(body: dict[str, Any], location_id: int) -> Location:
    """Change a location; what lies below it moves along in the tree."""
    location = one_or_404(queries.location(location_id))
    version = asked_version(body)
    if parent := body.pop("parent", None):
        body["parent_id"] = services.find_location(parent)
    changes = {"code": location.code, "parent_id": location.parent_id} | body
    services.revise_location(location_id, version=version, **changes)
    return _fresh(location_id)


@bp.delete("/locations/<int:location_id>")
@requires("locations.edit")
@idempotent
@bp.response(204)
@bp.alt_response(409, description="Goods or other locations lie in it (location_in_use)")
def delete_location(location_id: int) -> None:
    """Take a location out of use. It stays in the ledger."""
    one_or_404(queries.location(location_id))
    services.deactivate_location(location_id)


@bp.post("/locations/<int:location_id>/activate")
@requires("locations.edit")
@idempotent
@bp.response(200, LocationSchema)
def activate_location(location_id: int) -> Location:
    """Take a location into use again."""
    one_or_404(queries.location(location_id))
    services.activate_location(location_id)
    return _fresh(location_id)


def _fresh(location_id: int) -> Location:
    found = queries.location(location_id).execution_options(populate_existing=True)
    return one_or_404(found)
