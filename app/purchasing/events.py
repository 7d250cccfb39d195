"""What purchasing publishes."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderChanged(Event):
    """A purchase order is new, or something of it is different."""

    order_id: int
