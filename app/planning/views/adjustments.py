"""What planners adjust of the consensus: all of it on the page of the cycle."""

from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.core.pages import Action, Resource
from app.planning import queries, services
from app.planning.access import MANAGE
from app.planning.models import Adjustment

bp = Blueprint("adjustments", __name__, url_prefix="/planning/adjustments")


def _adjustment(adjustment_id: int) -> Select[Any]:
    return queries.adjustments().where(Adjustment.id == adjustment_id)


ADJUSTMENT = Resource(
    name="adjustment",
    area="adjustments",
    query=_adjustment,
    rule="/<int:adjustment_id>",
    keys={"adjustment_id": "id"},
    event="submissions:changed",
)


def _page_of(adjustment: Adjustment) -> str:
    if adjustment.scenario_id is not None:
        return url_for("scenarios.show", scenario_id=adjustment.scenario_id)
    return url_for("cycles.show", cycle_id=adjustment.cycle_id)


def _can_be_undone(adjustment: Adjustment) -> bool:
    scenario = adjustment.scenario
    is_decided = scenario is not None and not scenario.is_open
    return adjustment.counts and adjustment.cycle.is_open and not is_decided


undo = Action(
    resource=ADJUSTMENT,
    name="create_undo",
    path="/undos",
    permission=MANAGE,
    title="Undo",
    question="Undo “{0}”? What others have adjusted since stays.",
    act=services.undo_adjustment,
    to=_page_of,
    done="It counts no more.",
    icon="undo",
    when=_can_be_undone,
)
undo.add_to(bp)
ACTIONS = (undo,)
