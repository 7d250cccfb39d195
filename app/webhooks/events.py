"""What webhooks publish."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDue(Event):
    """An endpoint is to be told of something now."""

    endpoint_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged(Event):
    """An endpoint was told of something, or could not be."""

    endpoint_id: int
