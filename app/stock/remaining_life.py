"""How long goods must last to be available, which is a setting of the company."""

from datetime import date, timedelta

from app.core.days import today
from app.core.settings import setting


def must_last_until() -> date:
    """Give the day that goods must last to: of what expires before it nothing is available."""
    return today() + timedelta(days=setting("lot_days_left"))
