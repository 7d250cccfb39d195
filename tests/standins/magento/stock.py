"""How many lie where: by sources, and in the older way by stock items."""

from typing import Any

from tests.standins.magento.errors import Refused, required
from tests.standins.magento.shop import SOURCES, Shop
from tests.standins.objects import Object

FAILED = "Validation Failed"
NO_SOURCE = 'Source with source code "%sourceCode" does not exist.'
NO_NUMBER = '"%field" should be numeric.'
NO_STATUS = '"%field" should be a known status.'
NO_SKU = '"%field" can not be empty.'
NO_PRODUCT = 'The Product with the "%1" SKU doesn\'t exist.'
FLAGS = ("is_qty_decimal", "show_default_notification_message", "is_decimal_divided",
         "enable_qty_increments")  # fmt: skip
DEFAULTS = ("use_config_min_qty", "use_config_max_sale_qty", "use_config_backorders",
            "use_config_notify_stock_qty", "use_config_qty_increments",
            "use_config_enable_qty_inc", "use_config_manage_stock")  # fmt: skip


def save_sources(shop: Shop, body: Object) -> None:
    """Set the quantities that a body says, all or none. Raises Refused."""
    sent = body.get("sourceItems")
    if not isinstance(sent, list):
        raise required("sourceItems")
    found = [problem for one in sent for problem in problems(one)]
    if found:
        raise Refused(400, FAILED, errors=found)
    with shop.lock:
        for one in sent:
            status = int(one.get("status", 1))
            shop.set_quantity(one["sku"], one["source_code"], float(one["quantity"]), status)


def problems(one: Any) -> list[Object]:
    """What is wrong with a quantity sent."""
    found: list[Object] = []
    if not one.get("sku"):
        found.append({"message": NO_SKU, "parameters": {"field": "sku"}})
    if one.get("source_code") not in SOURCES:
        code = str(one.get("source_code", ""))
        found.append({"message": NO_SOURCE, "parameters": {"sourceCode": code}})
    if isinstance(one.get("quantity"), bool) or not isinstance(
        one.get("quantity"), int | float
    ):
        found.append({"message": NO_NUMBER, "parameters": {"field": "quantity"}})
    if one.get("status", 1) not in {0, 1}:
        found.append({"message": NO_STATUS, "parameters": {"field": "status"}})
    return found


def stock_item(shop: Shop, sku: str) -> Object:
    """The stock item of a product: what the default source holds. Raises Refused."""
    product = shop.products.rows.get(sku)
    if product is None:
        raise Refused(404, NO_PRODUCT, [sku])
    row = shop.stock.rows.get((sku, SOURCES[0]))
    key = product.columns["entity_id"]
    quantity = row.columns["quantity"] if row else 0
    numbers = {"min_qty": 0, "min_sale_qty": 1, "max_sale_qty": 10000, "backorders": 0}
    numbers |= {"notify_stock_qty": 1, "qty_increments": 0, "stock_status_changed_auto": 0}
    return {
        "item_id": key,
        "product_id": key,
        "stock_id": 1,
        "qty": quantity,
        "is_in_stock": bool(row and row.columns["status"] and quantity > 0),
        "use_config_min_sale_qty": 1,
        "manage_stock": True,
        "low_stock_date": None,
        **dict.fromkeys(FLAGS, False),
        **dict.fromkeys(DEFAULTS, True),
        **numbers,
    }


def save_item(shop: Shop, sku: str, body: Object) -> int:
    """Set what a stock item says; gives its id. Raises Refused."""
    sent = body.get("stockItem")
    if not isinstance(sent, dict):
        raise required("stockItem")
    kept = stock_item(shop, sku)
    quantity = float(sent["qty"] if "qty" in sent else kept["qty"])
    is_there = sent.get("is_in_stock", quantity > 0)
    shop.set_quantity(sku, SOURCES[0], quantity, int(is_there))
    return int(kept["item_id"])
