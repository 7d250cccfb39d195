"""How long records of working time are kept: as is set, and never less than the law wants."""

from datetime import UTC, date, datetime, time, timedelta

# Months that records have to be kept, by the country of the workplace: 29 CFR 516.5 wants
# payrolls for three years, § 16 (2) ArbZG two, art. 34.9 of the Spanish workers' statute four.
FLOORS = {"DE": 24, "ES": 48, "US": 36}
LONGEST_FLOOR = max(FLOORS.values())  # where nobody knows which law holds
A_DAY = timedelta(days=1)  # in no time zone a day ends later than that


def months_kept(months: int, country: str) -> int:
    """Say how many months something of a workplace is kept, which is set to be `months`."""
    return max(months, FLOORS.get(country, LONGEST_FLOOR))


def months_before(day: date, months: int) -> date:
    """Give the day some months before, or the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError  # every month has 28 days


def forgotten_before(today: date, months: int, country: str) -> date:
    """Give the first day that is still kept."""
    return months_before(today, months_kept(months, country)) - A_DAY


def begin_of(day: date) -> datetime:
    """Give the moment that a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)
