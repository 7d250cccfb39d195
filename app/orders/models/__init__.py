"""Sales orders with their lines, and what came back of them."""

from app.orders.models.items import ItemDraft, OrderItem
from app.orders.models.lines import OrderLine
from app.orders.models.orders import ADDRESS, SalesOrder
from app.orders.models.returns import (
    CONDITIONS,
    RETURN_REASONS,
    OrderReturn,
    OrderReturnLine,
)
from app.orders.models.states import IN_HAND, OPEN, STATES, STATUSES, TRANSITIONS, WAITING

__all__ = [
    "ADDRESS",
    "CONDITIONS",
    "IN_HAND",
    "OPEN",
    "RETURN_REASONS",
    "STATES",
    "STATUSES",
    "TRANSITIONS",
    "WAITING",
    "ItemDraft",
    "OrderItem",
    "OrderLine",
    "OrderReturn",
    "OrderReturnLine",
    "SalesOrder",
]
