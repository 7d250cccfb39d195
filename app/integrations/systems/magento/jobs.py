"""Background work for shops."""

from decimal import Decimal
from typing import Any

from app.core.jobs import job
from app.integrations.systems.magento.shipments import is_from_shop, queue_shipment
from app.integrations.systems.magento.stock import publish_stock, publishing_connections

PAUSES = (30, 120, 600)


@job(
    queue="sync",
    label="Queue a shipment for the shop",
    retry_after=PAUSES,
    is_needed=is_from_shop,
)
def queue_shipments(
    *, order_id: int, posting_id: int | None, is_complete: bool, quantities: dict[str, str]
) -> dict[str, Any]:
    """Put what has left into the outbox of the shop that the order came from."""
    del is_complete
    parts = {int(line): Decimal(quantity) for line, quantity in quantities.items()}
    return {"noted": int(queue_shipment(order_id, posting_id, parts) is not None)}


@job(queue="sync", label="Publish stock to a shop", timeout=600)
def publish(connection_id: int) -> dict[str, Any]:
    """Publish to a shop how much there is of what."""
    return {"products": publish_stock(connection_id)}


@job(queue="scheduled", label="Publish stock to the shops", timeout=60)
def publish_stocks() -> dict[str, Any]:
    """Start it for every shop that wants it: one that is away keeps no other waiting."""
    return {
        "started": len([publish.enqueue(connection_id=one) for one in publishing_connections()])
    }
