"""Count tasks: a bin to be counted, who has counted it, and what was found."""

from app.counting.models.lines import LINE_STATES, RECOUNT_REASONS, CountLine
from app.counting.models.plans import CountPlan, CountPlanItem
from app.counting.models.rounds import CountRound
from app.counting.models.tasks import CAUSES, LEASE, OPEN, STATES, TO_COUNT, CountTask

__all__ = [
    "CAUSES",
    "LEASE",
    "LINE_STATES",
    "OPEN",
    "RECOUNT_REASONS",
    "STATES",
    "TO_COUNT",
    "CountLine",
    "CountPlan",
    "CountPlanItem",
    "CountRound",
    "CountTask",
]
