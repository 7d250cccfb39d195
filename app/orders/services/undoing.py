"""A shipment that never left: its goods lie where they were, and the order waits again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.core.db import db, retried, transaction
from app.documents.errors import NotAllowed
from app.orders import queries
from app.orders.channels import OWN
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.allocating import reserve_missing, update_status
from app.orders.services.bundles import follow_components
from app.orders.services.locking import ZERO, locked_order, publish_change
from app.stock import services as stock
from app.stock.ledger import earlier
from app.stock.models import Movement


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """What left for an order in one posting; `refusal` says why it is not undone, if so."""

    posting_id: int
    items: Sequence[Movement]
    refusal: str

    @property
    def shipped_at(self) -> datetime:
        """When it left, as it was said."""
        return self.items[0].occurred_at


def shipments_of(order: SalesOrder) -> list[Shipment]:
    """Look at what has left for an order and is not undone, the newest first: one query."""
    found: dict[int, list[Movement]] = {}
    for movement in db.session.scalars(queries.shipments(order.id)):
        found.setdefault(movement.posting_id, []).append(movement)
    return [
        Shipment(posting_id=number, items=items, refusal=_refusal(order, items))
        for number, items in found.items()
    ]


@retried
def undo_shipment(order_id: int, posting_id: int, *, key: str) -> stock.Posted:
    """Take back what one posting shipped of an order, once per key.

    The goods lie in the bins that they left, are reserved for the order again as far as they
    are, and what was shipped of its lines is less by them.

    Raises:
        NotAllowed: It is no shipment of the order, is undone already, has come back in part,
            was packed from totes, or the shop of the order has been told.
        InsufficientStock, Invalid: The bins take nothing back.
    """
    request = f"reverse {posting_id}"
    with transaction():
        order = locked_order(order_id)
        if again := earlier(key, request):
            return again
        movements = db.session.scalars(queries.shipment(order_id, posting_id)).all()
        if refusal := _refusal(order, movements):
            raise NotAllowed(refusal)
        back = _shares(order, movements)
        posted = stock.reverse_document_posting(
            posting_id, document=(queries.ORDER, order.id), key=key
        )
        for line, quantity in back.items():
            line.quantity_shipped -= quantity
            line.quantity_picked = max(line.quantity_picked - quantity, line.quantity_shipped)
        if not any(line.quantity_shipped for line in order.goods):
            for line in order.free_lines:  # they left with the first goods
                line.quantity_shipped = ZERO
        follow_components(order)
        order.shipped_at = None
        order.version += 1
        reserve_missing(order)
        update_status(order)
        publish_change(order)
    return posted


def _refusal(order: SalesOrder, movements: Sequence[Movement]) -> str:
    """Say why a shipment is not undone: a return has to bring back what others know of."""
    if not movements:
        return f"This is no shipment of {order.number}, or it is undone already."
    advice = "Return the items instead."
    if order.channel not in OWN:
        return f"The shop has been told that {order.number} is shipped. {advice}"
    if any(movement.from_location.kind == "tote" for movement in movements):
        return f"{order.number} was packed from totes, into parcels. {advice}"
    if order.status in ("on_hold", "cancelled") or order.is_in_hand:
        return f"{order.number} is {order.status_label}: nothing is undone now."
    try:
        _shares(order, movements)
    except NotAllowed as error:
        return str(error)
    return ""


def _shares(order: SalesOrder, movements: Sequence[Movement]) -> Mapping[OrderLine, Decimal]:
    """Share what comes back among the lines of each product, the last one first.

    Raises:
        NotAllowed: Some of it has come back already.
    """
    shares: dict[OrderLine, Decimal] = defaultdict(lambda: ZERO)
    for movement in movements:
        rest = movement.quantity
        for line in reversed(order.single_lines):
            if line.product_id == movement.product_id:
                part = min(rest, line.quantity_returnable - shares[line])
                shares[line], rest = shares[line] + part, rest - part
        if rest:
            sku = movement.product.sku
            raise NotAllowed(f"{sku} of this shipment has come back: it cannot be undone.")
    return {line: part for line, part in shares.items() if part}
