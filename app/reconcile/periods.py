"""Which days are looked at, if nobody says: this month and the two before."""

from datetime import UTC, date, datetime

MONTHS = 2  # before this one


def period(since: date | None, until: date | None) -> tuple[date, date]:
    """Give the first and the last day; swapped, if somebody has swapped them."""
    last = until or datetime.now(UTC).date()
    first = since or _months_before(last)
    return min(first, last), max(first, last)


def _months_before(day: date) -> date:
    months = day.year * 12 + day.month - 1 - MONTHS
    return date(months // 12, months % 12 + 1, 1)
