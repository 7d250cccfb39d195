"""Waiting for what another thread, process or browser does, however busy the machine is."""

import time
from collections.abc import Callable

PATIENCE = 180  # seconds: costs nothing when all is well, and only a fault lasts that long
LOOK = 0.02


def until(what: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(LOOK)
