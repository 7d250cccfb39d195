"""A shipment that never left: its goods lie where they were, and the order waits again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.core.db import db, retried, transaction
from app.documents.errors import NotAllowed
from app.orders import queries
from app.orders.channels import OWN
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.allocating import reserve_missing, update_status
from app.orders.services.locking import ZERO, locked_order, publish_change
from app.stock import services as stock
from app.stock.ledger import earlier
from app.stock.models import Movement


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
        _refuse_unfit(order, movements)
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
        order.shipped_at = None
        order.version += 1
        reserve_missing(order)
        update_status(order)
        publish_change(order)
    return posted


def _refuse_unfit(order: SalesOrder, movements: Iterable[Movement]) -> None:
    """Refuse what a return has to bring back, for others know of it."""
    found = [*movements]
    if not found:
        raise NotAllowed(f"This is no shipment of {order.number}, or it is undone already.")
    advice = "Return the items instead."
    if order.channel not in OWN:
        raise NotAllowed(f"The shop has been told that {order.number} is shipped. {advice}")
    if any(movement.from_location.kind == "tote" for movement in found):
        raise NotAllowed(f"{order.number} was packed from totes, into parcels. {advice}")
    if order.status in ("on_hold", "cancelled") or order.is_in_hand:
        raise NotAllowed(f"{order.number} is {order.status_label}: nothing is undone now.")


def _shares(order: SalesOrder, movements: Iterable[Movement]) -> Mapping[OrderLine, Decimal]:
    """Share what comes back among the lines of each product, the last one first."""
    shares: dict[OrderLine, Decimal] = defaultdict(lambda: ZERO)
    for movement in movements:
        rest = movement.quantity
        for line in reversed(order.lines):
            if line.product_id == movement.product_id:
                part = min(rest, line.quantity_returnable - shares[line])
                shares[line], rest = shares[line] + part, rest - part
        if rest:
            sku = movement.product.sku
            raise NotAllowed(f"{sku} of this shipment has come back: it cannot be undone.")
    return {line: part for line, part in shares.items() if part}
