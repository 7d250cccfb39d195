"""Background work of accounts."""

from typing import Any

from app.accounts import services
from app.core.jobs import job

MAIL_PAUSES = (60, 300, 1800, 7200)


@job(queue="scheduled", label="Forget old sign-ins")
def forget_sign_ins() -> None:
    """Delete failures and sessions that matter to nobody any more."""
    services.delete_old_traces()


@job(queue="scheduled", label="Mail an alert", retry_after=MAIL_PAUSES)
def mail_alert(alert_id: int) -> dict[str, Any]:
    """Tell everybody who has to know of an alert, once."""
    return {"people": services.mail_alert(alert_id)}
