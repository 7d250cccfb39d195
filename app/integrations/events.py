"""What the hub announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChanged(Event):
    """A connection, or a sync of it, is not as it was."""

    connection_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorChanged(Event):
    """Records of the mirror wait for ours to follow."""

    connection_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxFilled(Event):
    """Something is to be told to a system."""

    connection_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceived(Event):
    """A system has told that objects of an account have changed."""

    connection_id: int
