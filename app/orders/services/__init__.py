"""What the business does with orders."""

from app.orders.services.allocating import (
    allocate,
    allocate_waiting,
    is_awaited,
    missing_of,
    reserve_missing,
    update_status,
    update_unless_held,
)
from app.orders.services.bulk import create_orders, hold_orders
from app.orders.services.bundles import (
    follow_components,
    missing_wholes,
    singles,
    with_bundles,
)
from app.orders.services.changing import change_order
from app.orders.services.closing import cancel_order, close_short, hold_order, release_order
from app.orders.services.confirming import confirm_order, confirm_orders, take_on
from app.orders.services.creating import NewOrder, create_order, shipping_address
from app.orders.services.delivering import follow_vendors
from app.orders.services.items import (
    NamedProducts,
    OrderDefaults,
    defaults_of,
    items_of,
    named_in,
)
from app.orders.services.late_orders import watch_late_orders
from app.orders.services.locking import (
    load_components,
    locked_order,
    publish_change,
    reserved_for,
)
from app.orders.services.lookup import (
    FoundProducts,
    ProductMatch,
    find_customer,
    find_products,
    numbers_of,
)
from app.orders.services.returning import ReturnReceipt, return_goods
from app.orders.services.shipping import (
    SHIPPABLE,
    ship,
    ship_free_lines,
    ship_order,
)
from app.orders.services.splitting import backorder, split_order
from app.orders.services.undoing import Shipment, shipments_of, undo_shipment
from app.orders.services.waiting import waiting_demands

__all__ = [
    "SHIPPABLE",
    "FoundProducts",
    "NamedProducts",
    "NewOrder",
    "OrderDefaults",
    "ProductMatch",
    "ReturnReceipt",
    "Shipment",
    "allocate",
    "allocate_waiting",
    "backorder",
    "cancel_order",
    "change_order",
    "close_short",
    "confirm_order",
    "confirm_orders",
    "create_order",
    "create_orders",
    "defaults_of",
    "find_customer",
    "find_products",
    "follow_components",
    "follow_vendors",
    "hold_order",
    "hold_orders",
    "is_awaited",
    "items_of",
    "load_components",
    "locked_order",
    "missing_of",
    "missing_wholes",
    "named_in",
    "numbers_of",
    "publish_change",
    "release_order",
    "reserve_missing",
    "reserved_for",
    "return_goods",
    "ship",
    "ship_free_lines",
    "ship_order",
    "shipments_of",
    "shipping_address",
    "singles",
    "split_order",
    "take_on",
    "undo_shipment",
    "update_status",
    "update_unless_held",
    "waiting_demands",
    "watch_late_orders",
    "with_bundles",
]
