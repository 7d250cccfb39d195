"""Who forecasts what, for programs."""

from typing import Any

from app.core.api import Blueprint, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.planning import queries, services
from app.planning.access import MANAGE, own_only
from app.planning.api.cycles import find_cycle
from app.planning.api.fields import AssignmentSchema, FilledSchema, FillSchema, RowSchema
from app.planning.models import ScopeRow

bp = Blueprint(
    "sop_rows_api",
    __name__,
    url_prefix="/api/v1/sop",
    description="Who forecasts what",
)


@bp.get("/cycles/<int:cycle_id>/rows")
@requires("forecasts.view")
@bp.arguments(sorted_query(queries.ROW_SORTS), location="query")
@bp.response(200, page_schema(RowSchema))
def list_rows(query: dict[str, Any], cycle_id: int) -> dict[str, Any]:
    """List the rows of the matrix; who plans nothing sees their own."""
    cycle = find_cycle(cycle_id)
    return page_of(queries.rows(cycle.id, rep_id=own_only()), query, sorts=queries.ROW_SORTS)


@bp.post("/cycles/<int:cycle_id>/rows")
@requires(MANAGE)
@idempotent
@bp.arguments(RowSchema)
@bp.response(201, RowSchema)
@bp.alt_response(409, description="The cycle was opened, or somebody has the row")
def create_row(values: dict[str, Any], cycle_id: int) -> ScopeRow:
    """Let a rep forecast a product for a customer."""
    find_cycle(cycle_id)
    return services.add_row(cycle_id, **values)


@bp.post("/cycles/<int:cycle_id>/rows/fill")
@requires(MANAGE)
@idempotent
@bp.arguments(FillSchema)
@bp.response(200, FilledSchema)
@bp.alt_response(409, description="The cycle was opened")
def fill_rows(given: dict[str, Any], cycle_id: int) -> services.Filled:
    """Add what was sold in the months before the cycle; rows that are there stay."""
    find_cycle(cycle_id)
    return services.fill_matrix(cycle_id, **given)


@bp.post("/rows/<int:row_id>/assignment")
@requires(MANAGE)
@idempotent
@bp.arguments(AssignmentSchema)
@bp.response(200, RowSchema)
@bp.alt_response(409, description="The cycle was opened")
def assign_row(given: dict[str, Any], row_id: int) -> ScopeRow:
    """Give a row to another rep."""
    one_or_404(queries.row(row_id))
    return services.assign_row(row_id, **given)


@bp.delete("/rows/<int:row_id>")
@requires(MANAGE)
@bp.response(204)
@bp.alt_response(409, description="The cycle was opened")
def delete_row(row_id: int) -> None:
    """Let nobody forecast a row."""
    one_or_404(queries.row(row_id))
    services.remove_row(row_id)
