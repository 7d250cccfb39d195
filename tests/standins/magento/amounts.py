"""Amounts of money and quantities as JSON has them: whole ones without a fraction."""

TAX_PERCENT = 19


def number(value: float) -> int | float:
    """Four digits behind the point at most, as their database has."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def cents(value: float) -> int | float:
    """Round to cents."""
    return number(round(value, 2))


def in_both(name: str, value: float, rate: float) -> dict[str, int | float]:
    """An amount in the order's currency and in the shop's own. `rate`: order for one base."""
    return {name: cents(value * rate), f"base_{name}": cents(value)}
