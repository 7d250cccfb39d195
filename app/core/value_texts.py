"""How values are written: for people in histories, and exactly, to be compared later."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.core.quantities import plain

HIDDEN = "not shown"  # what somebody may not see


def shown(value: Any) -> str:
    """Write a value as a person reads it in a history or a conflict."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return shown([part for part in value.values() if part])
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return str(value)


def exact(value: Any) -> Any:
    """Write a value as JSON, so that two are the same where they mean the same.

    A line of a record is what it says: not which row of its table that stands in.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if hasattr(value, "_asdict"):
        value = {name: part for name, part in value._asdict().items() if name != "id"}
    if isinstance(value, dict):
        return {name: text for name, part in value.items() if (text := exact(part))}
    if isinstance(value, list | tuple):
        return [exact(part) for part in value]
    return shown(value)
