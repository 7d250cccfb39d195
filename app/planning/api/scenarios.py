"""Scenarios of a cycle for programs."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.web import one_or_404
from app.planning import queries, services
from app.planning.access import MANAGE
from app.planning.api.adjustments import (
    AdjustmentPageSchema,
    AdjustmentsQuery,
    ConsensusAdjustmentSchema,
    NewConsensusAdjustmentSchema,
)
from app.planning.api.cycles import find_cycle
from app.planning.models import SCENARIO_STATUSES, Adjustment, Scenario
from app.planning.services.comparing import LEVELS, Compared, Comparison, Figures, compare

bp = Blueprint(
    "sop_scenarios_api",
    __name__,
    url_prefix="/api/v1/sop",
    description="Copies of what a cycle says, changed and compared without changing it",
)


class NewScenarioSchema(ma.Schema):
    """What a copy is called."""

    name = ma.fields.Str(required=True, validate=ma.validate.Length(1, 80))
    note = ma.fields.Str(load_default="", validate=ma.validate.Length(max=500))


class ScenarioSchema(ma.Schema):
    """A copy of what a cycle says, and what became of it."""

    id = ma.fields.Int()
    cycle_id = ma.fields.Int()
    name = ma.fields.Str()
    note = ma.fields.Str()
    status = ma.fields.Str(validate=ma.validate.OneOf([*SCENARIO_STATUSES]))
    actor_id = ma.fields.Int(allow_none=True)
    created_at = ma.fields.DateTime()
    decided_at = ma.fields.DateTime(allow_none=True)
    decided_by_id = ma.fields.Int(allow_none=True)


class ScenariosQuery(PageQuery):
    """The order of scenarios."""

    sort = Sort({"id": Scenario.id})


class ComparisonQuery(ma.Schema):
    """By what the figures are added up."""

    group_by = ma.fields.Str(load_default="month", validate=ma.validate.OneOf([*LEVELS]))


class ComparedFiguresSchema(ma.Schema):
    """What the cycle and the scenario come to; differences are the scenario's more."""

    cycle_quantity = Number(decimals=QUANTITY_DECIMALS)
    scenario_quantity = Number(decimals=QUANTITY_DECIMALS)
    quantity_difference = Number(decimals=QUANTITY_DECIMALS)
    cycle_value = Number(decimals=MONEY_DECIMALS)
    scenario_value = Number(decimals=MONEY_DECIMALS)
    value_difference = Number(decimals=MONEY_DECIMALS)


class ComparedMonthSchema(ComparedFiguresSchema):
    """The figures of one month."""

    month = ma.fields.Date()


class ComparedRowSchema(ComparedFiguresSchema):
    """The figures of a row, in all and month by month."""

    key = ma.fields.Str(metadata={"description": "Month, code, SKU, country or category"})
    label = ma.fields.Str()
    months = ma.fields.List(ma.fields.Nested(ComparedMonthSchema))


class ScenarioComparisonSchema(ma.Schema):
    """The rows, and all of them together."""

    group_by = ma.fields.Str()
    currency = ma.fields.Str(metadata={"description": "Of values: the company's"})
    unpriced = ma.fields.Int(metadata={"description": "Cells without a value, in no sum of it"})
    rows = ma.fields.List(ma.fields.Nested(ComparedRowSchema))
    total = ma.fields.Nested(ComparedFiguresSchema)


def _find(scenario_id: int) -> Scenario:
    scenario: Scenario = one_or_404(queries.scenarios().where(Scenario.id == scenario_id))
    return scenario


@bp.get("/cycles/<int:cycle_id>/scenarios")
@requires(MANAGE)
@bp.arguments(ScenariosQuery, location="query")
@bp.response(200, page_schema(ScenarioSchema))
def list_scenarios(query: dict[str, Any], cycle_id: int) -> dict[str, Any]:
    """List the scenarios of a cycle."""
    find_cycle(cycle_id)
    return page_of(queries.scenarios(cycle_id), query, sorts={"id": Scenario.id})


@bp.post("/cycles/<int:cycle_id>/scenarios")
@requires(MANAGE)
@idempotent
@bp.arguments(NewScenarioSchema)
@bp.response(201, ScenarioSchema)
@bp.alt_response(409, description="The cycle is not open")
def create_scenario(given: dict[str, Any], cycle_id: int) -> Scenario:
    """Copy what a cycle says now under a name."""
    find_cycle(cycle_id)
    return services.create_scenario(cycle_id, **given)


@bp.get("/scenarios/<int:scenario_id>")
@requires(MANAGE)
@bp.response(200, ScenarioSchema)
def get_scenario(scenario_id: int) -> Scenario:
    """Get a scenario."""
    return _find(scenario_id)


@bp.get("/scenarios/<int:scenario_id>/comparison")
@requires(MANAGE)
@bp.arguments(ComparisonQuery, location="query")
@bp.response(200, ScenarioComparisonSchema)
def get_comparison(query: dict[str, Any], scenario_id: int) -> dict[str, Any]:
    """Compare what a scenario says with what its cycle says now."""
    return _told(compare(_find(scenario_id), level=query["group_by"]))


@bp.get("/scenarios/<int:scenario_id>/adjustments")
@requires(MANAGE)
@bp.arguments(AdjustmentsQuery, location="query")
@bp.response(200, AdjustmentPageSchema)
def list_scenario_adjustments(query: dict[str, Any], scenario_id: int) -> dict[str, Any]:
    """List what was changed in a scenario."""
    _find(scenario_id)
    found = queries.scenario_adjustments(scenario_id)
    return page_of(found, query, sorts={"id": Adjustment.id})


@bp.post("/scenarios/<int:scenario_id>/adjustments")
@requires(MANAGE)
@idempotent
@bp.arguments(NewConsensusAdjustmentSchema)
@bp.response(201, ConsensusAdjustmentSchema)
@bp.alt_response(409, description="It was decided about, or its cycle is closed")
def create_scenario_adjustment(given: dict[str, Any], scenario_id: int) -> Adjustment:
    """Let a level of a scenario come to a total; its cycle stays as it is."""
    _find(scenario_id)
    return services.adjust_scenario(scenario_id, **given)


@bp.post("/scenarios/<int:scenario_id>/adopt")
@requires(MANAGE)
@idempotent
@bp.response(200, ScenarioSchema)
@bp.alt_response(409, description="It was discarded, or its cycle is closed")
def adopt_scenario(scenario_id: int) -> Scenario:
    """Let the consensus say what was changed in a scenario, as one adjustment."""
    _find(scenario_id)
    return services.adopt_scenario(scenario_id)


@bp.post("/scenarios/<int:scenario_id>/discard")
@requires(MANAGE)
@idempotent
@bp.response(200, ScenarioSchema)
@bp.alt_response(409, description="It was adopted")
def discard_scenario(scenario_id: int) -> Scenario:
    """Let a scenario be changed no more; it stays to be read."""
    _find(scenario_id)
    return services.discard_scenario(scenario_id)


def _told(comparison: Comparison) -> dict[str, Any]:
    return {
        "group_by": comparison.level,
        "currency": comparison.currency,
        "unpriced": comparison.unpriced,
        "rows": [_row(row) for row in comparison.rows],
        "total": _figures(comparison.total),
    }


def _row(row: Compared) -> dict[str, Any]:
    months = [{"month": month, **_figures(one)} for month, one in row.months.items()]
    return {"key": row.key, "label": row.label, "months": months, **_figures(row.total)}


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "cycle_quantity": figures.base["quantity"],
        "scenario_quantity": figures.said["quantity"],
        "quantity_difference": figures.difference("quantity"),
        "cycle_value": round(figures.base["value"], MONEY_DECIMALS),
        "scenario_value": round(figures.said["value"], MONEY_DECIMALS),
        "value_difference": round(figures.difference("value"), MONEY_DECIMALS),
    }
