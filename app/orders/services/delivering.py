"""What vendors deliver to our customers: it is shipped, and was neither here nor picked."""

from decimal import Decimal

from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.documents.services import Quantities
from app.orders import queries
from app.orders.channels import OWN
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.allocating import reserve_missing, update_unless_held
from app.orders.services.bundles import follow_components
from app.orders.services.locking import ZERO, publish_change
from app.orders.services.shipping import free_of, publish_shipped
from app.stock import services as stock


def follow_vendors(
    order: SalesOrder,
    outstanding: Quantities,
    delivered: Quantities | None = None,
    *,
    posting_id: int | None = None,
) -> None:
    """Note what vendors are to deliver of lines, and have: in the caller's unit of work.

    `outstanding` is all that is to come of a line, `delivered` what has been since, less than
    nothing where that is taken back; the order is locked. What vendors deliver is not reserved
    here, and what they deliver no more waits for our own goods again.

    Raises:
        NotAllowed: What is taken back has come back from the customer, or a shop was told.
    """
    lines = {line.id: line for line in order.single_lines}
    left = [(lines[number], part) for number, part in (delivered or {}).items() if part]
    for line, part in left:
        if part < 0:
            _refuse_gone(order, line, -part)
        line.quantity_picked = max(line.quantity_picked, line.quantity_shipped) + part
    for number, part in outstanding.items():
        lines[number].quantity_direct = part
    if any(part > 0 for _line, part in left):
        left += free_of(order)
    for line, part in left:
        line.quantity_shipped += part
    bundles = follow_components(order)
    _take_free_back(order)
    _follow(order)
    gone = {line.id: part for line, part in left} | bundles
    if any(part > 0 for part in gone.values()):
        publish_shipped(order, posting_id, {n: part for n, part in gone.items() if part > 0})


def _refuse_gone(order: SalesOrder, line: OrderLine, taken_back: Decimal) -> None:
    if taken_back > line.quantity_returnable:
        returned = f"{plain(line.quantity_returned)} {line.sku} have come back"
        raise NotAllowed(f"Of {order.number} {returned}: it was delivered.")
    if order.channel not in OWN:
        advice = "return the items instead"
        raise NotAllowed(f"The shop has been told that {order.number} is shipped: {advice}.")


def _take_free_back(order: SalesOrder) -> None:
    """What left with the first goods has not left, if those have not."""
    if any(line.quantity_shipped for line in order.goods):
        return
    for line in order.free_lines:
        line.quantity_shipped = ZERO


def _follow(order: SalesOrder) -> None:
    order.version += 1
    order.shipped_at = None
    due = {line.id: line.quantity_due for line in order.single_lines}
    stock.reduce_reservations(due, document_type=queries.LINE)
    if order.is_waiting:
        reserve_missing(order)
    update_unless_held(order)
    publish_change(order)
