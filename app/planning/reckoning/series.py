"""What is done with a history before and after a method sees it, and the plain methods.

Histories are what was sold by month, the oldest first. Whatever they hold, what comes out is a
number of zero or more for each month, or no baseline with the reason.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from app.planning.reckoning.theta import theta

YEAR = 12
RECENT = 6  # months that a mean is of
FEWEST = 5  # months that smoothing takes
FOR_SEASON = 24  # months
MANY_ZEROS = 1 / 3
OUTLIER = 3  # times the next highest month
FEW_UNITS = 10  # below that a tenth of a unit counts
SMOOTHING = 0.1  # of Croston's method; Syntetos and Boylan (2005)
FOUR_OF_FIVE = 1.2816  # standard deviations either side


@dataclass(frozen=True, slots=True)
class Series:
    """A history made fit for a method, the method that fits it, and why, in words."""

    values: list[float]
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """A baseline by month; `wape` is None where too few months were left to try it on."""

    method: str
    reason: str
    quantities: list[float]
    low: list[float]
    high: list[float]
    wape: float | None


def prepare(history: Sequence[float]) -> Series:
    """Clean a history, and choose its method."""
    values, notes = _cleaned(history)
    if not any(values):
        return Series([], "none", _said("Nothing was sold yet", notes))
    if len(values) > YEAR and not any(values[-YEAR:]):
        return Series(values, "zero", _said("Nothing was sold for a year", notes))
    months = f"{len(values)} months of sales"
    if len(values) < FEWEST:
        return Series(values, "mean", _said(f"Only {_counted(len(values))} of sales", notes))
    zeros = sum(value == 0 for value in values) / len(values)
    if zeros >= MANY_ZEROS:
        said = f"{months}, {zeros:.0%} of them without any"
        return Series(values, "intermittent", _said(said, notes))
    season = "with a season" if len(values) >= FOR_SEASON else "too few for a season"
    return Series(values, "ensemble", _said(f"{months}, {season}", notes))


def _counted(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _said(reason: str, notes: Sequence[str]) -> str:
    return ". ".join([reason, *notes]) + "."


def _cleaned(history: Sequence[float]) -> tuple[list[float], list[str]]:
    """Begin with the first sale; a month of returns counts as none, a lone peak is cut."""
    finite = [value if math.isfinite(value) else 0.0 for value in history]
    first = next((place for place, value in enumerate(finite) if value > 0), len(finite))
    values, notes = [max(0.0, value) for value in finite[first:]], list[str]()
    if below := sum(value < 0 for value in finite[first:]):
        notes.append(f"{_counted(below)} of more returns than sales counts as none")
    if len(values) > YEAR:
        *_rest, next_highest, highest = sorted(values)
        if next_highest > 0 and highest > OUTLIER * next_highest:
            values[values.index(highest)] = next_highest
            notes.append(f"A lone peak of {highest:,g} counts as {next_highest:,g}")
    return values, notes


def plain_forecast(series: Series, months: int) -> list[float]:
    """Forecast without any library: what is left when all else fails."""
    values = series.values
    if series.method in ("none", "zero"):
        return [0.0] * months
    if series.method == "intermittent":
        return [croston_sba(values)] * months
    if series.method == "mean":
        return [fmean(values[-RECENT:])] * months
    if series.method == "smoothed":
        return seasonal_naive(values, months)
    return theta(values, months)


def plain_method(series: Series) -> str:
    """Name what `plain_forecast` does."""
    return {"ensemble": "theta", "smoothed": "seasonal_naive"}.get(series.method, series.method)


def seasonal_naive(values: Sequence[float], months: int) -> list[float]:
    """Each month as it was a year before; needs a year."""
    return [values[len(values) - YEAR + place % YEAR] for place in range(months)]


def croston_sba(values: Sequence[float]) -> float:
    """What a month sells on average where most sell nothing.

    Sizes and gaps are smoothed apart; their quotient is corrected by half the smoothing
    (Syntetos and Boylan 2005: Croston's own is too high).
    """
    size = gap = 0.0
    since = 1
    for value in values:
        if value > 0:
            is_first = size == 0
            size = value if is_first else size + SMOOTHING * (value - size)
            gap = since if is_first else gap + SMOOTHING * (since - gap)
            since = 0
        since += 1
    return (1 - SMOOTHING / 2) * size / gap if gap else 0.0


def finish(
    series: Series,
    quantities: Sequence[float],
    *,
    method: str,
    tried: Sequence[tuple[float, float]] = (),
) -> Forecast:
    """Make a baseline of what a method says; what is no number is the plain method's.

    `tried` are pairs of what it forecast for months it was not shown, and what was sold.
    """
    if method == "none":
        return Forecast("none", series.reason, [], [], [], None)
    reason, limit = series.reason, OUTLIER * 3 * max(series.values)
    if not all(math.isfinite(value) and value <= limit for value in quantities):
        quantities = plain_forecast(series, len(quantities))
        method = plain_method(series)
        reason += " The better method found no number."
    spread = FOUR_OF_FIVE * _deviation(tried)
    made = [_rounded(max(0.0, value)) for value in quantities]
    return Forecast(
        method,
        reason,
        made,
        [_rounded(max(0.0, value - spread)) for value in made],
        [_rounded(value + spread) for value in made],
        wape(tried),
    )


def wape(tried: Sequence[tuple[float, float]]) -> float | None:
    """The sum of all errors by the sum of all sales; None where nothing was sold."""
    sold = sum(actual for _forecast, actual in tried)
    if not sold:
        return None
    return sum(abs(forecast - actual) for forecast, actual in tried) / sold


def _deviation(tried: Sequence[tuple[float, float]]) -> float:
    if not tried:
        return 0.0
    return math.sqrt(fmean((forecast - actual) ** 2 for forecast, actual in tried))


def _rounded(value: float) -> float:
    """Whole units where there are many, else tenths: a rare seller is not nothing."""
    return float(round(value)) if value >= FEW_UNITS else round(value, 1)
