"""Swaps of shifts for programs: those of everybody."""

from typing import Any

import marshmallow as ma

from app.attendance import queries, services
from app.attendance.models import SWAP_STATES, ShiftSwap
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "swaps_api",
    __name__,
    url_prefix="/api/v1/attendance/swaps",
    description="Attendance",
)
DECIDED = "It is decided or taken back (not_allowed), or a day is locked (period_locked)"


class ShiftSwapSchema(ma.Schema):
    """A shift that somebody gives away, to whom, and what they get in return.

    Without a colleague it is open to all who work such shifts.
    """

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    day = ma.fields.Date()
    shift_id = ma.fields.Int()
    colleague_id = ma.fields.Int(allow_none=True)
    return_day = ma.fields.Date(allow_none=True)
    return_shift_id = ma.fields.Int(allow_none=True)
    reason = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf([*SWAP_STATES]))
    decided_by_id = ma.fields.Int(allow_none=True)
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    answer = ma.fields.Str()


class SwapDecisionSchema(ma.Schema):
    """What is answered to the two."""

    answer = Text(parse_line, load_default="")


class SwapQuery(PageQuery):
    """Filters of the list; `employee_id` is whoever asks or is asked."""

    sort = Sort(queries.SWAP_SORTS)
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *SWAP_STATES]))
    employee_id = ma.fields.Int(load_default=None)


@bp.get("")
@requires("attendance.view")
@bp.arguments(SwapQuery, location="query")
@bp.response(200, page_schema(ShiftSwapSchema))
def list_swaps(query: dict[str, Any]) -> dict[str, Any]:
    """List swaps of shifts, by `id` or `day`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    return page_of(queries.swaps(**query), paging, sorts=queries.SWAP_SORTS)


@bp.get("/<int:swap_id>")
@requires("attendance.view")
@bp.response(200, ShiftSwapSchema)
def get_swap(swap_id: int) -> ShiftSwap:
    """Show a swap."""
    return one_or_404(queries.swap(swap_id))


@bp.post("/<int:swap_id>/approve")
@requires("attendance.approve")
@idempotent
@bp.arguments(SwapDecisionSchema)
@bp.response(200, ShiftSwapSchema)
@bp.alt_response(409, description=DECIDED)
def approve_swap(body: dict[str, Any], swap_id: int) -> ShiftSwap:
    """Let it count: the roster changes for both at once."""
    one_or_404(queries.swap(swap_id))
    return services.approve_swap(swap_id, **body)


@bp.post("/<int:swap_id>/reject")
@requires("attendance.approve")
@idempotent
@bp.arguments(SwapDecisionSchema)
@bp.response(200, ShiftSwapSchema)
@bp.alt_response(409, description=DECIDED)
def reject_swap(body: dict[str, Any], swap_id: int) -> ShiftSwap:
    """Let it not count."""
    one_or_404(queries.swap(swap_id))
    return services.reject_swap(swap_id, **body)
