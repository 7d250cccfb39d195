"""The filters of a list, as its address says them."""

from collections.abc import Mapping

# What a list shows of records in and out of use; without a choice, those in use.
STATES: dict[str, bool | None] = {"inactive": False, "all": None}


def searched(filters: Mapping[str, str]) -> str:
    """What is searched for: by `search` on pages, by `q` in the API."""
    return filters.get("search") or filters.get("q") or ""


def is_in_use(filters: Mapping[str, str]) -> bool | None:
    """Tell whether records in use are wanted, or others; None: all of them."""
    return STATES.get(filters.get("state", ""), True)


def text(filters: Mapping[str, str], name: str) -> str:
    """Give a filter without what PostgreSQL cannot compare."""
    return filters.get(name, "").replace("\0", "")
