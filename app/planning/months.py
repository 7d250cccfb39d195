"""Months, each by its first day."""

from datetime import date


def months_after(month: date, number: int) -> date:
    """Give the month so many months later, or earlier where the number is below zero."""
    year, index = divmod(month.year * 12 + month.month - 1 + number, 12)
    return date(year, index + 1, 1)


def months_between(first: date, last: date) -> int:
    """Count the months from one to another; below zero where it lies before."""
    return (last.year - first.year) * 12 + last.month - first.month
