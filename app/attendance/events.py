"""What attendance announces."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PunchesRecorded(Event):
    """People have punched just now: a batch is told once, with the last of its punches.

    Whoever came before those has gone on; lists show all of them.
    """

    device_id: int
    punch_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceChanged(Event):
    """Sessions are others than before: older punches came, or somebody has corrected."""

    employees: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRequested(Event):
    """Somebody asks a colleague to take a shift."""

    swap_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureChanged(Event):
    """A card that somebody waits for at a reader was presented, or nobody waits any more."""

    capture_id: int
