"""The state of an order, and the day it is due, follow from its lines."""

from app.purchasing.models import PurchaseOrder


def update_status(order: PurchaseOrder) -> None:
    """Let the state of an order that was sent follow from what has come of each line.

    It is received when each line is received or closed short: what has come too much of one
    line makes up for no other.
    """
    status = _status(order)
    if status != order.status:
        order.move_to(status)
    update_due(order)


def update_due(order: PurchaseOrder) -> None:
    """Let the day on which something is due follow from the lines that are open."""
    days = [line.due_on or order.expected_on for line in order.lines if line.units_open]
    is_over = order.status in ("received", "cancelled")
    order.due_on = None if is_over else min(filter(None, days), default=None)


def _status(order: PurchaseOrder) -> str:
    if not any(line.units_open for line in order.lines):
        return "received"
    if order.has_received:
        return "part_received"
    return "confirmed" if order.confirmed_at else "sent"
