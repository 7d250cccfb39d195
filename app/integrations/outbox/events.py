"""What the outbox announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxFilled(Event):
    """Something is to be told to a system."""

    connection_id: int
