"""What attendance announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PunchRecorded(Event):
    """Somebody has punched just now; `employee_id` is None where nobody knows who."""

    punch_id: int
    device_id: int
    employee_id: int | None
    outcome: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceChanged(Event):
    """Sessions are others than before: older punches came, or somebody has corrected."""

    employees: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureChanged(Event):
    """A card that somebody waits for at a reader was presented, or nobody waits any more."""

    capture_id: int
