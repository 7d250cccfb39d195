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
undo = Action(
    resource=ADJUSTMENT,
    name="create_undo",
    path="/undos",
    permission=MANAGE,
    title="Undo",
    question="Undo “{0}”? What others have adjusted since stays.",
    act=services.undo_adjustment,
    to=lambda adjustment: url_for("cycles.show", cycle_id=adjustment.cycle_id),
    done="It counts no more.",
    icon="undo",
    when=lambda adjustment: adjustment.counts and adjustment.cycle.is_open,
)
undo.add_to(bp)
ACTIONS = (undo,)
