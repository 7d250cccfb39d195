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


@job(queue="interactive", label="Mail a link for a new password", retry_after=(30, 120))
def mail_reset(user_id: int) -> None:
    """Send a link to somebody who has forgotten their password; 0 is nobody."""
    services.mail_reset(user_id)


@job(queue="scheduled", label="Tell of a second registration", retry_after=MAIL_PAUSES)
def mail_registered_again(user_id: int) -> None:
    """Tell somebody that their e-mail address was registered once more."""
    services.mail_registered_again(user_id)
