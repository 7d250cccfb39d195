"""When a shift of a day begins and ends, wherever clocks are put forward or back."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def span_of(day: date, begin: time, end: time, zone: str) -> tuple[datetime, datetime]:
    """Give begin and end of a shift in UTC; one that ends before it begins ends tomorrow.

    A moment that clocks skip is the one as long after the jump; of one that they show twice it
    is the first.
    """
    last = day if end > begin else day + ONE_DAY
    here = ZoneInfo(zone)
    return (
        datetime.combine(day, begin, here).astimezone(UTC),
        datetime.combine(last, end, here).astimezone(UTC),
    )
