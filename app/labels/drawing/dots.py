"""Printers print dots: everything with bars is measured in them.

What is called 203 dpi is 8 dots for each millimetre, on every maker's printers.
"""

from math import ceil, floor

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
DOTS_PER_INCH = {203: 203.2, 300: 300.0, 600: 600.0}
DPI = tuple(DOTS_PER_INCH)
TOLERANCE = 1e-6  # of a dot: what floats add up to


def dot(dpi: int) -> float:
    """Size of a dot, mm."""
    return MM_PER_INCH / DOTS_PER_INCH[dpi]


def to_dots(mm: float, dpi: int) -> int:
    """The whole number of dots that is nearest to a length in mm."""
    return round(mm / dot(dpi))


def most_dots(mm: float, dpi: int) -> int:
    """How many dots fit into a length in mm."""
    return floor(mm / dot(dpi) + TOLERANCE)


def least_dots(mm: float, dpi: int) -> int:
    """The fewest dots that are not shorter than a length in mm."""
    return ceil(mm / dot(dpi) - TOLERANCE)
