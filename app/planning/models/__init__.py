"""Tables of planning."""

from app.planning.models.adjustments import Adjustment, AdjustmentCell
from app.planning.models.cycles import (
    CYCLE_STATUSES,
    LONGEST_HORIZON,
    SUBMISSION_STATUSES,
    WRITABLE,
    Cycle,
    ScopeRow,
    Submission,
)
from app.planning.models.forecasts import (
    METHODS,
    SOURCES,
    STAGES,
    Baseline,
    CellChange,
    ForecastCell,
    Snapshot,
)
from app.planning.models.prices import KeptPrice
from app.planning.models.scenarios import SCENARIO_STATUSES, Scenario, ScenarioRow

__all__ = [
    "CYCLE_STATUSES",
    "LONGEST_HORIZON",
    "METHODS",
    "SCENARIO_STATUSES",
    "SOURCES",
    "STAGES",
    "SUBMISSION_STATUSES",
    "WRITABLE",
    "Adjustment",
    "AdjustmentCell",
    "Baseline",
    "CellChange",
    "Cycle",
    "ForecastCell",
    "KeptPrice",
    "Scenario",
    "ScenarioRow",
    "ScopeRow",
    "Snapshot",
    "Submission",
]
