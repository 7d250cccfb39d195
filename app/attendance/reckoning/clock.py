"""When a punch was really made, by a device whose clock may be wrong.

A Raspberry Pi without a clock boots in the past, terminals invent dates after a power cut.
What runs evenly is the time since boot: by that, and by "now" of each batch, times are put
right. What cannot be put right is flagged, not guessed.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

TOLERATED = timedelta(minutes=2)  # a clock that is off by less is believed
FUTURE = timedelta(minutes=2)
A_LIFE = timedelta(days=36_500)


class DeviceNow(NamedTuple):
    """What a device said about its clock when it sent a batch, and when that came here."""

    received_at: datetime
    boot_id: str
    now: datetime | None = None
    uptime: float | None = None  # seconds since boot

    @property
    def skew(self) -> timedelta | None:
        """How far its clock is ahead of ours; behind is negative.

        What is off by more than a life is no clock: nothing can be put right by it.
        """
        if self.now is None or abs(self.now - self.received_at) > A_LIFE:
            return None
        return self.now - self.received_at


class Timed(NamedTuple):
    """When a punch was made, how far off the device's clock was, and whether it is believed."""

    at: datetime
    skew: timedelta | None
    is_unsure: bool = False


def repaired(
    device_time: datetime,
    *,
    boot_id: str,
    uptime: float | None,
    device: DeviceNow,
    known_skew: timedelta | None,
    earliest: datetime,
) -> Timed:
    """Say when a punch was made.

    `known_skew` is what was measured last of an earlier boot. `earliest` is when the device
    was set up: nothing can have been punched there before.
    """
    skew = _skew(device_time, boot_id, uptime, device, known_skew)
    is_off = skew is not None and abs(skew) > TOLERATED
    at = device_time - skew if skew is not None and is_off else device_time
    is_unsure = not earliest <= at <= device.received_at + FUTURE
    return Timed(at, skew, is_unsure)


def _skew(
    device_time: datetime,
    boot_id: str,
    uptime: float | None,
    device: DeviceNow,
    known_skew: timedelta | None,
) -> timedelta | None:
    if boot_id != device.boot_id:
        return known_skew
    if uptime is not None and device.uptime is not None and uptime <= device.uptime:
        since = timedelta(seconds=device.uptime - uptime)
        return device_time - (device.received_at - since)
    return device.skew
