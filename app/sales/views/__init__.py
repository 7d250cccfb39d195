"""Pages of the history of sales."""

from app.sales.views import codes, explore, rates, rules
from app.sales.views.lines import bp as lines

PAGES = (explore.bp, lines, codes.items, codes.parties, rules.bp, rates.bp)

__all__ = ["PAGES"]
