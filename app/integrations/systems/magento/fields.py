"""How single fields of a shop's records are read."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.catalog.rules import parse_code, parse_line, parse_text
from app.core.texts import without_control
from app.integrations.hub.errors import Unreadable

ZERO = Decimal(0)
ORDERED = "qty_ordered"


def ref(said: Any) -> str:
    """The number of a record, as text; "" if it is none."""
    return str(said) if isinstance(said, int | str) and str(said).isdecimal() else ""


def line(said: Any) -> str:
    """One line of text, as it is but for control characters; "" if nothing is said.

    Raises:
        Unreadable: It is longer than we keep: a part of it would be another text.
    """
    return _kept(said, parse_line)


def paragraphs(said: Any) -> str:
    """Text of several lines, likewise."""
    return _kept(said, parse_text)


def code(said: Any) -> str:
    """A code, likewise."""
    return _kept(said, parse_code)


def _kept(said: Any, rule: Callable[[str], str]) -> str:
    if said is None:
        return ""
    if isinstance(said, list | dict):
        raise Unreadable(f"“{str(said)[:40]}…” is no text.")
    try:
        return rule(without_control(str(said)))
    except ValueError as error:
        raise Unreadable(f"“{str(said)[:40]}…”: {error}") from error


def optional(said: Any, rule: Callable[[str], str]) -> str | None:
    """What a rule makes of it; nothing said is empty, what does not fit is None."""
    if said is None:
        return ""
    try:
        return rule(str(said))
    except ValueError:
        return None


def quantity(item: Mapping[str, Any], name: str) -> Decimal:
    """How many; nothing said is none, but of what was ordered.

    Raises:
        Unreadable: It is no quantity.
    """
    said = item.get(name)
    found = amount(0 if said is None and name != ORDERED else said)
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
