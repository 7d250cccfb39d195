"""Pages of counting: the tablet's, which are blind, and those of the office."""

from app.counting.views.counts import bp as counts
from app.counting.views.tablet import bp as count

__all__ = ["count", "counts"]
