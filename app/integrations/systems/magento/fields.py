"""How single fields of a shop's records are read."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.catalog.rules import parse_line
from app.integrations.hub.errors import Unreadable

ZERO = Decimal(0)


def ref(said: Any) -> str:
    """The number of a record, as text; "" if it is none."""
    return str(said) if isinstance(said, int | str) and str(said).isdecimal() else ""


def line(said: Any) -> str:
    """One line of text; "" if it is none."""
    return optional(said, parse_line) or ""


def optional(said: Any, rule: Callable[[str], str]) -> str | None:
    """What a rule makes of it; nothing said is empty, what does not fit is None."""
    if said is None:
        return ""
    try:
        return rule(str(said))
    except ValueError:
        return None


def quantity(item: Mapping[str, Any], name: str) -> Decimal:
    """How many; nothing said is none.

    Raises:
        Unreadable: It is no quantity.
    """
    said = item.get(name)
    found = amount(0 if said is None else said)
    if found is None or found < 0:
        raise Unreadable(f"{name} of a line is no quantity.")
    return found


def amount(said: Any) -> Decimal | None:
    """A figure; None if it is none."""
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
