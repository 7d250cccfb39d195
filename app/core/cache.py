"""What changes seldom and may be seconds old: worked out once in a while in each process."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app

T = TypeVar("T")


def init_app(app: Flask) -> None:
    """Begin with nothing cached."""
    app.extensions["cache"] = {}


def cached(name: str, work_out: Callable[[], T]) -> T:
    """Give what was worked out under a name less than CACHE_SECONDS ago, or do it now.

    For the offers of a filter, say: a new category may take some seconds to be among them.
    Two threads may both work it out; that costs a query and does no harm.
    """
    known: dict[str, tuple[float, Any]] = current_app.extensions["cache"]
    now = time.monotonic()
    until, value = known.get(name, (0.0, None))
    if now >= until:
        value = work_out()
        known[name] = (now + current_app.config.get("CACHE_SECONDS", 0), value)
    return value
