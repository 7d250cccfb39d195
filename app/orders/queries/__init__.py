"""Selects over orders. Nothing here executes: callers fetch, page or export."""

from app.orders.queries.lookup import (
    barcodes_called,
    products_alike,
)
from app.orders.queries.orders import (
    IS_AWAITED,
    SORTS,
    STATES_OF_LIST,
    order,
    order_of_channel,
    order_page,
    order_with_number,
    orders,
    orders_of_record,
    parts_of,
    waiting_for,
    with_lines,
)
from app.orders.queries.progress import (
    LINE,
    ORDER,
    inactive_of,
    lines_of,
    movements_of,
    reservations_of,
    reserved_of,
    return_of_posting,
    returns_of,
)

__all__ = [
    "IS_AWAITED",
    "LINE",
    "ORDER",
    "SORTS",
    "STATES_OF_LIST",
    "barcodes_called",
    "inactive_of",
    "lines_of",
    "movements_of",
    "order",
    "order_of_channel",
    "order_page",
    "order_with_number",
    "orders",
    "orders_of_record",
    "parts_of",
    "products_alike",
    "reservations_of",
    "reserved_of",
    "return_of_posting",
    "returns_of",
    "waiting_for",
    "with_lines",
]
