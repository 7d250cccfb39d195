"""Background work of supply plans."""

from typing import Any

from app.core.jobs import job
from app.supply import services

LONGEST = 1800  # seconds


@job(queue="sync", label="Make a supply plan", timeout=LONGEST, retry_after=(60,))
def make_supply_plan(*, plan_id: int) -> dict[str, Any]:
    """Hold forecasts and orders against stock and what comes, and suggest what is missing."""
    return services.make_plan(plan_id)
