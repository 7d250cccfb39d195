"""Background work of planning: ids in, one service called, safe to run twice."""

from typing import Any

from app.core.jobs import job
from app.planning import services
from app.planning.services import spreadsheets

PAUSES = (60, 300, 1800)
LONGEST = 3600  # seconds


@job(queue="scheduled", label="Remind of a forecast", retry_after=PAUSES)
def send_reminder(*, submission_id: int) -> dict[str, str]:
    """Send a reminder by e-mail."""
    return {"state": services.send_reminder(submission_id)}


@job(queue="sync", label="Make baselines", timeout=LONGEST, retry_after=(60,))
def make_baselines(*, cycle_id: int) -> dict[str, Any]:
    """Say by what was sold what will be, for every row of a cycle."""
    return services.make_baselines(cycle_id)


@job(
    queue="interactive", label="Write a forecast as a file", timeout=LONGEST, retry_after=(10,)
)
def write_forecast(
    *, cycle_id: int, rep_id: int | None, measure: str = "quantity"
) -> dict[str, Any]:
    """Write the forecasts of a cycle, or of one rep, as an Excel file."""
    return spreadsheets.store_forecast_file(cycle_id, rep_id=rep_id, measure=measure)


@job(queue="scheduled", label="Remind of forecasts that are due", retry_after=(60,))
def remind_late() -> dict[str, int]:
    """Remind reps of what is due soon, or late."""
    return {"people": services.remind_late()}
