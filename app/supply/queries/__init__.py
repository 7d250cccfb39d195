"""Selects over plans of supply, and over what they are made of."""

from app.supply.queries.plans import (
    ROW_SORTS,
    SUGGESTION_SORTS,
    exceptions_of,
    newest_plan,
    old_plans,
    plan,
    plans,
    row,
    rows,
    suggestions,
    suggestions_of,
    usual_cycle,
)

__all__ = [
    "ROW_SORTS",
    "SUGGESTION_SORTS",
    "exceptions_of",
    "newest_plan",
    "old_plans",
    "plan",
    "plans",
    "row",
    "rows",
    "suggestions",
    "suggestions_of",
    "usual_cycle",
]
