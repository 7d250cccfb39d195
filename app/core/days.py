"""Which day it is where the company is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.settings import setting


def today() -> date:
    """Give the date where the company is."""
    return datetime.now(UTC).astimezone(ZoneInfo(setting("time_zone"))).date()


def day_begin(day: date) -> datetime:
    """Give the moment at which a day begins, where the company is."""
    return datetime.combine(day, time.min, ZoneInfo(setting("time_zone")))


def day_after(day: date) -> datetime:
    """Give the moment at which a day is over, where the company is."""
    next_day = datetime.combine(day, time.min) + timedelta(1)
    return next_day.replace(tzinfo=ZoneInfo(setting("time_zone")))
