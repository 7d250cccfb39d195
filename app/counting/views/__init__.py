"""Pages of counting: the tablet's, which are blind, and those of the office."""

from app.core.errors import refuse_on
from app.counting.views import count_lists, count_page
from app.counting.views.counts import bp as counts
from app.counting.views.plans import bp as plans
from app.counting.views.tablet import bp as count
from app.scanning.responses import PROBLEM

__all__ = ["count", "count_lists", "count_page", "counts", "plans"]

refuse_on(PROBLEM, count)
