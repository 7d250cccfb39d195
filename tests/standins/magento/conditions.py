"""The comparisons of a column with a text, as the database of the vendor makes them."""

import re
from collections.abc import Callable
from typing import Any


def compared(have: Any, text: str) -> tuple[Any, Any]:
    """The two sides of a comparison: as numbers for a numeric column, else without case."""
    if isinstance(have, int | float):
        try:
            return float(have), float(text)
        except ValueError:
            return float(have), 0.0
    return str(have).lower(), text.lower()


def is_like(have: Any, pattern: str) -> bool:
    """Compare with a pattern of SQL: % is anything, _ one letter."""
    parts = [{"%": ".*", "_": "."}.get(c, re.escape(c)) for c in pattern.lower()]
    return re.fullmatch("".join(parts), str(have).lower(), re.DOTALL) is not None


def is_in(have: Any, text: str) -> bool:
    """Whether a column has one of the values between commas."""
    return any(equal(have, one.strip()) for one in text.split(","))


def equal(have: Any, text: str) -> bool:
    """Whether a column has a value."""
    left, right = compared(have, text)
    return bool(left == right)


def at_least(have: Any, text: str) -> bool:
    """Whether a column has a value or more."""
    left, right = compared(have, text)
    return bool(left >= right)


def at_most(have: Any, text: str) -> bool:
    """Whether a column has a value or less."""
    left, right = compared(have, text)
    return bool(left <= right)


# An empty column fulfils no comparison, as in SQL; `null` and `notnull` ask for just that.
CONDITIONS: dict[str, Callable[[Any, str], bool]] = {
    "eq": equal,
    "neq": lambda have, text: not equal(have, text),
    "gt": lambda have, text: not at_most(have, text),
    "gteq": at_least,
    "moreq": at_least,
    "from": at_least,
    "lt": lambda have, text: not at_least(have, text),
    "lteq": at_most,
    "to": at_most,
    "like": is_like,
    "nlike": lambda have, text: not is_like(have, text),
    "in": is_in,
    "nin": lambda have, text: not is_in(have, text),
    "finset": lambda have, text: text in str(have).split(","),
    "null": lambda *_: False,
    "notnull": lambda *_: True,
}
