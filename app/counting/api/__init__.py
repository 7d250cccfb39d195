"""Counts and their plans for programs."""

from app.counting.api import plans
from app.counting.api.counts import CountSchema, CountWithLinesSchema, bp

__all__ = ["CountSchema", "CountWithLinesSchema", "bp", "plans"]
