"""Moments as the vendor writes them: ISO 8601 with the offset of California."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")  # -08:00, and -07:00 in summer


def written(moment: float) -> str:
    """Write seconds since 1970 as `2025-01-31T10:00:00-08:00`."""
    return datetime.fromtimestamp(moment, PACIFIC).isoformat(timespec="seconds")


def answer_time(moment: float) -> str:
    """Write the `time` of an envelope: the same, with milliseconds."""
    return datetime.fromtimestamp(moment, PACIFIC).isoformat(timespec="milliseconds")


def read(text: str) -> float:
    """Read an ISO moment or date; without an offset it is California's. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)).timestamp()


def start_of_day(moment: float) -> float:
    """The last midnight in UTC: generated objects hang on it, so a day's runs agree."""
    day = datetime.fromtimestamp(moment, UTC)
    return day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
