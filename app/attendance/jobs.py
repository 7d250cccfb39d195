"""Background work of attendance."""

from app.attendance import services
from app.core.jobs import job

PATIENCE = 4 * 3600
MAIL_PAUSES = (60, 300, 1800, 7200)


@job(queue="scheduled", label="Bring time accounts up to date", timeout=PATIENCE)
def refresh_accounts() -> dict[str, int]:
    """Keep the days of accounts as timesheets are, and find overtime to approve."""
    return {"days": services.refresh_accounts()}


@job(queue="scheduled", label="Forget old time at work", timeout=PATIENCE)
def forget_time() -> dict[str, int]:
    """Forget what need not be kept any more; the run says how much of what."""
    return services.forget_old_time()


@job(queue="scheduled", label="Ask a colleague about a shift", retry_after=MAIL_PAUSES)
def mail_swap(swap_id: int) -> dict[str, int]:
    """Write to the colleague who is asked to take a shift."""
    return {"people": services.mail_swap(swap_id)}
