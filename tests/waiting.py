"""Waiting for what another thread, process or browser does, however busy the machine is."""

import os
import time
from collections.abc import Callable

# Seconds. It costs nothing when all is well, and only a fault lasts that long: who looks for
# one says less.
PATIENCE = int(os.environ.get("OPSROOM_TEST_PATIENCE", "180"))
LOOK = 0.02


def until(what: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(LOOK)
