"""What can be changed through the API: orders are shipped, billed, cancelled; stock is set."""

from flask import Blueprint, Response, request

from tests.standins.magento import billing, shipping, states, stock
from tests.standins.magento.errors import Refused, answer, missing
from tests.standins.magento.state import State
from tests.standins.objects import Object

NO_JSON = "Decoding error: Syntax error"
NO_HOLD = "A hold action is not available."
NO_UNHOLD = "You cannot remove the hold."
RESOURCES = {
    "ship": "Magento_Sales::ship",
    "invoice_order": "Magento_Sales::invoice",
    "cancel": "Magento_Sales::cancel",
    "hold": "Magento_Sales::hold",
    "unhold": "Magento_Sales::unhold",
    "save_sources": "Magento_InventoryApi::source",
    "save_item": "Magento_CatalogInventory::cataloginventory",
}


def add(routes: Blueprint, state: State) -> None:
    """Add the routes."""
    shop = state.shop

    @routes.post("/V1/order/<int:key>/ship")
    def ship(key: int) -> Response:
        return made(state, shipping.ship(shop, key, body()))

    @routes.post("/V1/inventory/source-items")
    def save_sources() -> Response:
        stock.save_sources(shop, body())
        return answer([])

    @routes.put("/V1/products/<path:sku>/stockItems/<int:item>")
    def save_item(sku: str, item: int) -> Response:
        return answer(stock.save_item(shop, sku, body()))

    add_changes(routes, state)


def add_changes(routes: Blueprint, state: State) -> None:
    """Add what is done to an order without much of a body."""

    @routes.post("/V1/order/<int:key>/invoice")
    def invoice_order(key: int) -> Response:
        return made(state, billing.invoice(state.shop, key, body()))

    @routes.post("/V1/orders/<int:key>/cancel")
    def cancel(key: int) -> Response:
        return answer(changed(state, key, "cancel"))

    @routes.post("/V1/orders/<int:key>/hold")
    def hold(key: int) -> Response:
        return answer(changed(state, key, "hold") or refuse(NO_HOLD))

    @routes.post("/V1/orders/<int:key>/unhold")
    def unhold(key: int) -> Response:
        return answer(changed(state, key, "unhold") or refuse(NO_UNHOLD))


def body() -> Object:
    """The JSON that was sent. Raises Refused."""
    if not request.get_data():
        return {}
    sent = request.get_json(silent=True, force=True)
    if not isinstance(sent, dict):
        raise Refused(400, NO_JSON)
    return sent


def made(state: State, key: int) -> Response:
    """The id of a new document: a text in practice, a number by the vendor's schema."""
    return answer(str(key) if state.ids_are_texts else key)


def changed(state: State, key: int, how: str) -> bool:
    """Do something to an order; whether it could be done. Raises Refused."""
    if key not in state.shop.orders.rows:
        raise missing()
    return state.shop.change(key, getattr(states, how)) is not False


def refuse(words: str) -> bool:
    """Say that it cannot be done. Raises Refused."""
    raise Refused(400, words)
