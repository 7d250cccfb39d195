"""What a connection announces."""

from dataclasses import dataclass

from app.core.events import Event

CHANGED = "connection:changed"  # what regions of an open page listen to


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChanged(Event):
    """A connection, or a sync of it, is not as it was."""

    connection_id: int
