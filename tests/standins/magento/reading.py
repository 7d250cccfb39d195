"""What can be read: products, orders, invoices, shipments, stock and stores."""

from typing import Any

from flask import Blueprint, Response, request

from tests.standins.magento import stock, stores
from tests.standins.magento.errors import Refused, missing
from tests.standins.magento.listing import listed, shown
from tests.standins.magento.state import State
from tests.standins.magento.table import Table
from tests.standins.objects import Object

NO_PRODUCT = "The product that was requested doesn't exist. Verify the product and try again."
ORDERS, STORES = "Magento_Sales::actions_view", "Magento_Backend::store"
RESOURCES = {
    "orders": ORDERS,
    "order": ORDERS,
    "status": ORDERS,
    "invoices": "Magento_Sales::sales_invoice",
    "invoice": "Magento_Sales::sales_invoice",
    "shipments": "Magento_Sales::shipment",
    "shipment": "Magento_Sales::shipment",
    "products": "Magento_Catalog::products",
    "product": "Magento_Catalog::products",
    "source_items": "Magento_InventoryApi::source",
    "sources": "Magento_InventoryApi::source",
    "stock_item": "Magento_CatalogInventory::cataloginventory",
    "views": STORES,
    "settings": STORES,
}


def add(routes: Blueprint, state: State) -> None:
    """Add the routes."""
    shop = state.shop
    add_documents(routes, "orders", "/V1/orders", shop.orders)
    add_documents(routes, "invoices", "/V1/invoices", shop.invoices)
    add_documents(routes, "shipments", "/V1/shipments", shop.shipments, one="/V1/shipment")
    add_products(routes, state)
    add_stores(routes)

    @routes.get("/V1/orders/<int:key>/statuses")
    def status(key: int) -> Response:
        return shown(found(shop.orders, key).columns["status"])


def add_documents(
    routes: Blueprint, name: str, path: str, table: Table, one: str | None = None
) -> None:
    """Add a list and the single documents of it."""
    routes.add_url_rule(path, name, lambda: listed(table))
    single = f"{one or path}/<int:key>"
    routes.add_url_rule(
        single, name.removesuffix("s"), lambda key: shown(found(table, key).raw)
    )


def add_products(routes: Blueprint, state: State) -> None:
    """Add products, and how many there are of them."""
    shop = state.shop

    @routes.get("/V1/products")
    def products() -> Response:
        return listed(shop.products)

    @routes.get("/V1/products/<path:sku>")
    def product(sku: str) -> Response:
        if sku not in shop.products.rows:
            raise Refused(404, NO_PRODUCT)
        return shown(shop.products.rows[sku].raw)

    @routes.get("/V1/inventory/source-items")
    def source_items() -> Response:
        return listed(shop.stock, is_optional=True)

    @routes.get("/V1/stockItems/<path:sku>")
    def stock_item(sku: str) -> Response:
        return shown(stock.stock_item(shop, sku))


def add_stores(routes: Blueprint) -> None:
    """Add store views, their settings, and the sources."""

    @routes.get("/V1/store/storeViews")
    def views() -> Response:
        return shown(stores.views())

    @routes.get("/V1/store/storeConfigs")
    def settings() -> Response:
        return shown(stores.settings(request.url_root))

    @routes.get("/V1/inventory/sources")
    def sources() -> Response:
        listed = stores.sources()
        told: Object = {"items": listed, "search_criteria": {"filter_groups": []}}
        return shown(told | {"total_count": len(listed)})


def found(table: Table, key: int) -> Any:
    """A row of a table. Raises Refused."""
    if key not in table.rows:
        raise missing()
    return table.rows[key]
