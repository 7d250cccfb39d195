"""What background work announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(Event):
    """A run moved on: it was queued, started, progressed or ended."""

    run_id: int
