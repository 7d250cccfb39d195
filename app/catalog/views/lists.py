"""What the lists of the catalogue have in common: filters out of the address."""

from typing import Any

from flask import request, url_for

from app.core.permissions import may
from app.core.tables import Page

# What a list shows of records in and out of use; without a choice, those in use.
STATES: dict[str, bool | None] = {"": True, "inactive": False, "all": None}
EXPORTS = {"xlsx": "Export as Excel", "csv": "Export as CSV"}
STATE_LABELS = {"inactive": "Inactive", "all": "Active and inactive"}


def asked_filters(*names: str) -> dict[str, str]:
    """Give the filters that the address asks for; a state that is none counts as not asked."""
    filters = {name: request.args.get(name, "").strip() for name in (*names, "state")}
    if filters["state"] not in STATES:
        filters["state"] = ""
    return filters


def chips(page: Page[Any], labels: dict[str, str]) -> list[tuple[str, str]]:
    """Give the filters that are on, by name, and the addresses of the list without each."""
    return [(label, page.without(name)) for name, label in labels.items() if label]


def exports(kind: str, page: Page[Any]) -> list[tuple[str, str]]:
    """Give the addresses of the list as files, with the filters it has now."""
    if not may(f"{kind}.import"):
        return []
    filters: dict[str, Any] = dict(page.filters)
    return [
        (label, url_for("exports.show", kind=kind, format=form, **filters))
        for form, label in EXPORTS.items()
    ]


def import_link(kind: str) -> str:
    """Give the address where a file is read, to whoever may; else nothing."""
    return url_for("imports.new", kind=kind) if may(f"{kind}.import") else ""
