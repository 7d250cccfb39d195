"""Background work of accounts."""

from app.accounts import services
from app.core.jobs import job


@job(queue="scheduled", label="Forget old sign-ins")
def forget_sign_ins() -> None:
    """Delete failures and sessions that matter to nobody any more."""
    services.delete_old_traces()
