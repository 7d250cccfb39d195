"""A machine's two clocks: the wall's, which jumps, and the one since boot, which does not."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Moment(NamedTuple):
    """A moment by both: the first may be wrong by years, the second means one boot only."""

    at: datetime  # with its offset
    uptime: float  # seconds since boot, those asleep included

    @property
    def said(self) -> str:
        """Write the first as the server reads it."""
        return self.at.isoformat(timespec="milliseconds")


class Clock:
    """Reads both. A Raspberry Pi keeps no time without power: it boots in the past."""

    def __init__(self, boot_id_file: Path = BOOT_ID) -> None:
        self.boot_id = _boot_id(boot_id_file)

    def now(self) -> Moment:
        """Read both clocks.

        One that was never set says 1970. Nobody believes that, so it begins in 2000 instead:
        the seconds since boot put the punches right all the same.
        """
        at, uptime = datetime.now().astimezone(), time.clock_gettime(_SINCE_BOOT)
        return Moment(at if at >= EPOCH else EPOCH + timedelta(seconds=uptime), uptime)


def _boot_id(file: Path) -> str:
    """Name this boot. Where the system has no name for it, each start counts as a boot."""
    try:
        return str(uuid.UUID(file.read_text().strip()))
    except (OSError, ValueError):
        return str(uuid.uuid4())
