"""What alerts publish."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised(Event):
    """An alert was opened. One that is raised again while it is open is not."""

    alert_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsChanged(Event):
    """What is open is not what it was: open pages look again."""
