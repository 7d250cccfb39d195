"""Waiting for what another thread does."""

import time
from collections.abc import Callable

PATIENCE = 30.0  # seconds; it costs nothing when all is well


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.005)
