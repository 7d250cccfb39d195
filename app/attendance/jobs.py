"""Attendance by the clock."""

from app.attendance import services
from app.core.jobs import job

PATIENCE = 4 * 3600


@job(queue="scheduled", label="Forget old time at work", timeout=PATIENCE)
def forget_time() -> dict[str, int]:
    """Forget what need not be kept any more; the run says how much of what."""
    return services.forget_old_time()
