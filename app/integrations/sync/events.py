"""What the mirror announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorChanged(Event):
    """Records of the mirror wait for ours to follow."""

    connection_id: int
