"""Orders are cancelled, or closed with less than was ordered, line by line."""

from app.core.db import retried, transaction
from app.core.errors import Invalid
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.documents.services import Quantities
from app.purchasing.models import PurchaseOrder
from app.purchasing.services.creating import add_up
from app.purchasing.services.locking import locked_order, publish_change
from app.purchasing.services.status import update_status

LONGEST_REASON = 500


@retried
def cancel_order(order_id: int, *, reason: str = "") -> PurchaseOrder:
    """Give an order up: nothing of it is incoming any more.

    Raises:
        NotAllowed: Something of it has come, or it is cancelled already.
        Invalid: The reason is too long.
    """
    reason = checked_reason(reason)
    with transaction():
        order = locked_order(order_id)
        if order.has_received:
            raise NotAllowed(f"Part of {order.number} has come: close the rest of it short.")
        order.move_to("cancelled")
        order.cancel_reason = reason
        order.due_on = None
        publish_change(order)
    return order


@retried
def close_short(
    order_id: int, quantities: Quantities | None = None, *, version: int | None = None
) -> PurchaseOrder:
    """Take less than was ordered for enough: what remains open is neither owed nor charged.

    `quantities` says how much of which line, in the product's own unit; without it, all that is
    open.

    Raises:
        StaleVersion: It is not as it was in `version`.
        NotAllowed: It was not sent, is over, or nothing would be left of it.
        Invalid: A quantity is more than is open, or nothing is chosen.
    """
    with transaction():
        order = locked_order(order_id)
        order.revise(version=version)
        if not order.is_open:
            raise NotAllowed(f"{order.number} is not open: there is nothing to close.")
        _close(order, quantities)
        if not any(line.units_wanted for line in order.lines):
            raise NotAllowed(f"Nothing would be left of {order.number}: cancel it instead.")
        add_up(order)
        order.version += 1
        update_status(order)
        publish_change(order)
    return order


def checked_reason(reason: str) -> str:
    """Give a reason as it is kept: one line.

    Raises:
        Invalid: It is too long.
    """
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"At most {LONGEST_REASON} characters.")
    return reason


def _close(order: PurchaseOrder, quantities: Quantities | None) -> None:
    lines = {line.id: line for line in order.lines}
    most = {line.id: line.units_open for line in order.lines}
    wanted = most if quantities is None else quantities
    if not wanted.keys() <= lines.keys():
        raise Invalid("quantities", f"{order.number} has no such line.")
    for line_id, units in wanted.items():
        if not 0 <= units <= most[line_id]:
            limit = plain(most[line_id])
            raise Invalid(
                "quantities", f"Of {lines[line_id].sku}, at most {limit} can be closed."
            )
        lines[line_id].close_short(units)
    if not any(wanted.values()):
        raise Invalid("quantities", "Say how much is to be closed.")
