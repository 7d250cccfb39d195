"""The verbs of planning."""

from app.planning.services.adjustments import adjust_consensus, undo_adjustment
from app.planning.services.baselines import make_baselines
from app.planning.services.cells import (
    MOST_CELLS,
    CellConflict,
    CellEdit,
    SavedCell,
    SavedCells,
    save_cells,
)
from app.planning.services.cycles import (
    close_cycle,
    create_cycle,
    delete_cycle,
    open_cycle,
    propose_cycle,
    update_cycle,
)
from app.planning.services.matrix import (
    Filled,
    add_row,
    assign_row,
    fill_matrix,
    remove_row,
)
from app.planning.services.reminders import (
    Mail,
    change_reminder,
    preview_reminder,
    remind,
    remind_late,
    send_reminder,
    send_test_reminder,
)
from app.planning.services.scenarios import (
    adjust_scenario,
    adopt_scenario,
    create_scenario,
    discard_scenario,
)
from app.planning.services.submissions import (
    approve_submission,
    return_submission,
    submit_forecast,
)

__all__ = [
    "MOST_CELLS",
    "CellConflict",
    "CellEdit",
    "Filled",
    "Mail",
    "SavedCell",
    "SavedCells",
    "add_row",
    "adjust_consensus",
    "adjust_scenario",
    "adopt_scenario",
    "approve_submission",
    "assign_row",
    "change_reminder",
    "close_cycle",
    "create_cycle",
    "create_scenario",
    "delete_cycle",
    "discard_scenario",
    "fill_matrix",
    "make_baselines",
    "open_cycle",
    "preview_reminder",
    "propose_cycle",
    "remind",
    "remind_late",
    "remove_row",
    "return_submission",
    "save_cells",
    "send_reminder",
    "send_test_reminder",
    "submit_forecast",
    "undo_adjustment",
    "update_cycle",
]
