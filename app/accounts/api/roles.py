"""Roles for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for
from sqlalchemy import func

from app.accounts import queries, services
from app.accounts.api.schemas import NewRoleSchema, RoleChangeSchema, RoleSchema
from app.accounts.models import Role
from app.accounts.myself import myself
from app.core.api import (
    Blueprint,
    PageQuery,
    Sort,
    asked_version,
    only_tokens_write,
    page_of,
    page_schema,
)
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404

bp = Blueprint("api_roles", __name__, url_prefix="/api/v1/roles", description="Roles")
bp.before_request(only_tokens_write)

SORTS = {"name": func.lower(Role.name), "created_at": Role.created_at}


class RoleQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
    search = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))


@bp.get("")
@requires("users.view")
@bp.arguments(RoleQuery, location="query")
@bp.response(200, page_schema(RoleSchema))
def list_roles(query: dict[str, Any]) -> dict[str, Any]:
    """List roles."""
    return page_of(queries.roles(search=query.pop("search")), query, sorts=SORTS)


@bp.get("/<int:role_id>")
@requires("users.view")
@bp.response(200, RoleSchema)
def show_role(role_id: int) -> Role:
    """Show a role."""
    return one_or_404(queries.role(role_id))


@bp.post("")
@requires("users.edit")
@idempotent
@bp.arguments(NewRoleSchema)
@bp.response(201, RoleSchema)
@bp.alt_response(403, description="It would hold more than you do")
@bp.alt_response(409, description="Another role has this name")
def create_role(given: dict[str, Any]) -> tuple[Role, int, dict[str, str]]:
    """Add a role."""
    role = services.create_role(**given, by=myself())
    return role, 201, {"Location": url_for(".show_role", role_id=role.id)}


@bp.put("/<int:role_id>")
@requires("users.edit")
@idempotent
@bp.arguments(RoleChangeSchema)
@bp.response(200, RoleSchema)
@bp.alt_response(403, description="It holds, or would hold, more than you do")
@bp.alt_response(409, description="Stale version, a fixed role, or the last administrator")
def update_role(changes: dict[str, Any], role_id: int) -> Role:
    """Change a role; what is not named stays."""
    one_or_404(queries.role(role_id))
    version = asked_version(changes)
    return services.revise_role(role_id, by=myself(), version=version, **changes)


@bp.delete("/<int:role_id>")
@requires("users.edit")
@idempotent
@bp.response(204)
@bp.alt_response(409, description="People have it, or it is built in")
def delete_role(role_id: int) -> None:
    """Remove a role that nobody has."""
    one_or_404(queries.role(role_id))
    services.delete_role(role_id, by=myself())
