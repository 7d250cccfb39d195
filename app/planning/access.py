"""What of planning somebody sees and writes: reps their own, planners all."""

from flask import request
from flask_login import current_user

from app.core.permissions import may
from app.planning.models import Cycle, Submission
from app.planning.services.pricing import seen_measures

MANAGE = "forecasts.manage"


def own_only() -> int | None:
    """Give the id of a person who sees only what is theirs; None for one who sees all."""
    return None if may(MANAGE) else int(current_user.id)


def asked_measure() -> str:
    """Give the measure that the address asks for; one that is none, or not seen: quantity."""
    asked = request.args.get("measure", "")
    return asked if asked in seen_measures() else "quantity"


def mine(cycle: Cycle) -> Submission | None:
    """What the person asking hands in, in a cycle."""
    return next((one for one in cycle.submissions if one.user_id == current_user.id), None)
