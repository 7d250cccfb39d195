"""Orders wait, are cancelled, or are closed with less than was ordered."""

from app.core.db import retried, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.documents.errors import NotAllowed
from app.documents.services import Quantities, close_lines
from app.orders import queries
from app.orders.events import OrderCancelled
from app.orders.models import SalesOrder
from app.orders.services.allocating import (
    reserve_missing,
    update_status,
    update_unless_held,
)
from app.orders.services.bundles import refuse_broken_bundles
from app.orders.services.locking import ZERO, locked_order, publish_change
from app.stock import services as stock

LONGEST_REASON = 500


@retried
def hold_order(order_id: int, *, reason: str) -> SalesOrder:
    """Let an order wait; what is reserved for it stays so.

    Raises:
        NotAllowed: It is shipped or cancelled, or waits already.
        Invalid: Nobody says why.
    """
    reason = checked_reason(reason)
    if not reason:
        raise Invalid("reason", "Say why it has to wait.")
    with transaction():
        order = locked_order(order_id)
        order.move_to("on_hold")
        order.hold_reason = reason
        publish_change(order)
    return order


@retried
def release_order(order_id: int) -> SalesOrder:
    """Let an order go on that was on hold: a draft is one again, of others more is reserved.

    Raises:
        NotAllowed: It is not on hold.
    """
    with transaction():
        order = locked_order(order_id)
        if order.status != "on_hold":
            raise NotAllowed(f"{order.number} is not on hold.")
        order.hold_reason = ""
        if order.confirmed_at is None:
            order.move_to("draft")
        else:
            reserve_missing(order)
            update_status(order)
        publish_change(order)
    return order


@retried
def cancel_order(order_id: int, *, reason: str = "") -> SalesOrder:
    """Give an order up: what is reserved for it is free again.

    What lies in totes for it is no longer reserved for it either, and has to be put back.

    Raises:
        NotAllowed: It is shipped, as a whole or in part, or cancelled already; or a vendor is
            to deliver some of it.
    """
    reason = checked_reason(reason)
    with transaction():
        order = locked_order(order_id)
        if order.is_partly_shipped:
            raise NotAllowed(
                f"Part of {order.number} has been shipped: close the rest of it short."
            )
        if any(line.quantity_direct for line in order.single_lines):
            advice = "cancel that purchase order first"
            raise NotAllowed(f"A vendor delivers part of {order.number}: {advice}.")
        order.move_to("cancelled")
        order.hold_reason = reason
        stock.reduce_reservations(
            {line.id: ZERO for line in order.single_lines}, document_type=queries.LINE
        )
        publish_change(order)
        publish(OrderCancelled(order_id=order.id))
    return order


@retried
def close_short(
    order_id: int, quantities: Quantities | None = None, *, version: int | None = None
) -> SalesOrder:
    """Take less than was ordered for enough: what remains open is neither owed nor charged.

    `quantities` says how much of which line; without it, all that is open and not in totes.

    Raises:
        StaleVersion: It is not as it was in `version`.
        NotAllowed: It is a draft, shipped or cancelled, or nothing would be left of it.
        Invalid: A quantity is more than is open.
    """
    with transaction():
        order = locked_order(order_id)
        order.revise(version=version)
        refuse_broken_bundles(order, quantities or {})
        close_lines(order, quantities)
        for line in order.bundles:
            line.scale_components()
        rest = {line.id: line.quantity_due for line in order.single_lines}
        stock.reduce_reservations(rest, document_type=queries.LINE)
        update_unless_held(order)
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
