"""What people type in planning."""

from app.planning.forms.adjustments import AdjustForm, ScenarioForm
from app.planning.forms.cycles import (
    ChangedCycleForm,
    CycleForm,
    FillForm,
    OpenCycleForm,
    ReminderForm,
)
from app.planning.forms.rows import AssignForm, RowForm
from app.planning.forms.spreadsheets import ForecastFileForm
from app.planning.forms.submissions import ReturnForm, SubmitForm

__all__ = [
    "AdjustForm",
    "AssignForm",
    "ChangedCycleForm",
    "CycleForm",
    "FillForm",
    "ForecastFileForm",
    "OpenCycleForm",
    "ReminderForm",
    "ReturnForm",
    "RowForm",
    "ScenarioForm",
    "SubmitForm",
]
