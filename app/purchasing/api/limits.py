"""Limits of approval for programs."""

from typing import Any

from flask import url_for

from app.core.api import Blueprint, asked_version, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_new, versioned
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.fields import ApprovalLimitSchema, ChangedLimitSchema
from app.purchasing.models import ApprovalLimit

PERMISSION = "purchase_orders.limit"
Answer = tuple[ApprovalLimit, int, dict[str, str]]

bp = Blueprint(
    "approval_limits_api",
    __name__,
    url_prefix="/api/v1/approval-limits",
    description="Up to which amount people of a role approve purchase orders",
)


@bp.get("")
@requires(PERMISSION)
@bp.arguments(sorted_query({"id": ApprovalLimit.id}), location="query")
@bp.response(200, page_schema(ApprovalLimitSchema))
def list_approval_limits(query: dict[str, Any]) -> dict[str, Any]:
    """List the limits. A role that has none approves whatever it may."""
    return page_of(queries.limits(), query, sorts={"id": ApprovalLimit.id})


@bp.post("")
@requires(PERMISSION)
@idempotent
@bp.arguments(for_new(ApprovalLimitSchema))
@bp.response(201, ApprovalLimitSchema)
@bp.alt_response(409, description="The role has a limit in that currency")
def create_approval_limit(values: dict[str, Any]) -> Answer:
    """Say up to which amount a role approves in a currency."""
    limit = services.create_limit(**values)
    location = url_for("approval_limits_api.get_approval_limit", limit_id=limit.id)
    return limit, 201, {"Location": location, **versioned(limit)}


@bp.get("/<int:limit_id>")
@requires(PERMISSION)
@bp.response(200, ApprovalLimitSchema)
def get_approval_limit(limit_id: int) -> Answer:
    """Show a limit. Its ETag is the version that a change is based on."""
    limit = one_or_404(queries.limit(limit_id))
    return limit, 200, versioned(limit)


@bp.put("/<int:limit_id>")
@requires(PERMISSION)
@idempotent
@bp.arguments(ChangedLimitSchema)
@bp.response(200, ApprovalLimitSchema)
@bp.alt_response(409, description="A stale version")
def update_approval_limit(changes: dict[str, Any], limit_id: int) -> Answer:
    """Change the amount of a limit."""
    one_or_404(queries.limit(limit_id))
    version = asked_version(changes)
    limit = services.revise_limit(limit_id, version=version, **changes)
    return limit, 200, versioned(limit)


@bp.delete("/<int:limit_id>")
@requires(PERMISSION)
@bp.response(204)
def delete_approval_limit(limit_id: int) -> None:
    """Let the role approve without a limit in that currency."""
    one_or_404(queries.limit(limit_id))
    services.delete_limit(limit_id)
