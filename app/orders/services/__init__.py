"""What the business does with orders."""

from app.orders.services.allocating import (
    allocate,
    allocate_waiting,
    confirm_order,
    is_awaited,
    missing_of,
    reserve_missing,
    settle,
)
from app.orders.services.changing import change_order
from app.orders.services.dividing import backorder, split_order
from app.orders.services.drafting import create_order, shipping_address, today
from app.orders.services.ending import cancel_order, close_short, hold_order, release_order
from app.orders.services.items import Terms, items_of, terms_of
from app.orders.services.locking import locked_order, reserved_for, tell
from app.orders.services.naming import Named, find_customer, find_products
from app.orders.services.returning import Arrival, return_goods
from app.orders.services.shipping import SHIPPABLE, ship_order

__all__ = [
    "SHIPPABLE",
    "Arrival",
    "Named",
    "Terms",
    "allocate",
    "allocate_waiting",
    "backorder",
    "cancel_order",
    "change_order",
    "close_short",
    "confirm_order",
    "create_order",
    "find_customer",
    "find_products",
    "hold_order",
    "is_awaited",
    "items_of",
    "locked_order",
    "missing_of",
    "release_order",
    "reserve_missing",
    "reserved_for",
    "return_goods",
    "settle",
    "ship_order",
    "shipping_address",
    "split_order",
    "tell",
    "terms_of",
    "today",
]
