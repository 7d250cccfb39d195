"""What planning publishes."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleOpened(Event):
    """Reps can write; the baselines are still to be made."""

    cycle_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue(Event):
    """Somebody is to be reminded of what they have not submitted."""

    submission_id: int
