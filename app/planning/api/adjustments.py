"""Adjustments of the consensus for programs."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import QUANTITY_DECIMALS
from app.core.web import one_or_404
from app.planning import queries, services
from app.planning.access import MANAGE
from app.planning.api.cycles import find_cycle
from app.planning.models import Adjustment

bp = Blueprint(
    "sop_adjustments_api",
    __name__,
    url_prefix="/api/v1/sop",
    description="What planners change of the consensus, at any level",
)


def _id_of(what: str, **more: Any) -> ma.fields.Int:
    return ma.fields.Int(
        strict=True,
        load_default=None,
        allow_none=True,
        metadata={"description": f"Its rows alone; without one, those of every {what}"},
        **more,
    )


class NewConsensusAdjustmentSchema(ma.Schema):
    """Which rows and months come to how much, and why."""

    rep_id = _id_of("rep")
    customer_id = _id_of("customer")
    product_id = _id_of("product")
    country = ma.fields.Str(load_default="", metadata={"description": "Of the customer"})
    category = ma.fields.Str(load_default="", metadata={"description": "Of the product"})
    month = ma.fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Its first day; without one, all months together"},
    )
    total = Number(decimals=QUANTITY_DECIMALS, required=True)
    reason = ma.fields.Str(required=True, validate=ma.validate.Length(1, 500))


class ConsensusAdjustmentSchema(ma.Schema):
    """What a level says by a planner's word, and what it said before."""

    id = ma.fields.Int()
    cycle_id = ma.fields.Int()
    scenario_id = ma.fields.Int(
        allow_none=True, metadata={"description": "Where it counts; null: in the consensus"}
    )
    rep_id = ma.fields.Int(allow_none=True)
    customer_id = ma.fields.Int(allow_none=True)
    product_id = ma.fields.Int(allow_none=True)
    country = ma.fields.Str()
    category = ma.fields.Str()
    month = ma.fields.Date(allow_none=True)
    before = Number(decimals=QUANTITY_DECIMALS)
    after = Number(decimals=QUANTITY_DECIMALS)
    reason = ma.fields.Str()
    actor_id = ma.fields.Int(allow_none=True)
    created_at = ma.fields.DateTime()
    undone_at = ma.fields.DateTime(allow_none=True)


AdjustmentPageSchema = page_schema(ConsensusAdjustmentSchema)


class AdjustmentsQuery(PageQuery):
    """The order of adjustments."""

    sort = Sort({"id": Adjustment.id})


@bp.get("/cycles/<int:cycle_id>/adjustments")
@requires(MANAGE)
@bp.arguments(AdjustmentsQuery, location="query")
@bp.response(200, AdjustmentPageSchema)
def list_adjustments(query: dict[str, Any], cycle_id: int) -> dict[str, Any]:
    """List what planners have adjusted of a consensus."""
    find_cycle(cycle_id)
    return page_of(queries.adjustments(cycle_id), query, sorts={"id": Adjustment.id})


@bp.post("/cycles/<int:cycle_id>/adjustments")
@requires(MANAGE)
@idempotent
@bp.arguments(NewConsensusAdjustmentSchema)
@bp.response(201, ConsensusAdjustmentSchema)
@bp.alt_response(409, description="The cycle is not open")
def create_adjustment(given: dict[str, Any], cycle_id: int) -> Adjustment:
    """Let a level of the consensus come to a total; it is spread by what is there."""
    find_cycle(cycle_id)
    return services.adjust_consensus(cycle_id, **given)


@bp.post("/adjustments/<int:adjustment_id>/undo")
@requires(MANAGE)
@idempotent
@bp.response(200, ConsensusAdjustmentSchema)
@bp.alt_response(409, description="The cycle is closed, or the scenario decided")
def undo_adjustment(adjustment_id: int) -> Adjustment:
    """Let an adjustment count no more; it stays to be read."""
    one_or_404(queries.adjustments().where(Adjustment.id == adjustment_id))
    return services.undo_adjustment(adjustment_id)
