"""Pages about orders: place them, pay them, send them, cancel and change them."""

from collections.abc import Callable
from random import Random
from typing import Any

from flask import Blueprint, abort, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from tests.standins.magento import billing, lines, pages, shipping, states, templates
from tests.standins.magento.errors import Refused
from tests.standins.magento.orders import RATES, Demand
from tests.standins.magento.shop import Shop
from tests.standins.objects import Object

CHOICES = 300  # products in the list to choose from
BUTTONS = {
    "pay": "Pay all",
    "pay_part": "Pay one of each",
    "send": "Send all",
    "send_part": "Send one of each",
    "cancel": "Cancel",
    "hold": "Hold",
    "unhold": "Let go on",
    "review": "Review payment",
    "refund": "Refund",
    "edit": "Edit: one more of each",
    "touch": "Touch",
    "delete": "Delete",
}


def counter(shop: Shop) -> Blueprint:
    """The routes about orders."""
    routes = Blueprint("counter", __name__)

    @routes.get("/orders")
    def listing() -> str:
        choices = [row.columns for row in list(shop.products.rows.values())[:CHOICES]]
        told: dict[str, Any] = {"choices": choices, "currencies": RATES, "is_reversed": True}
        return pages.listed(shop, shop.orders, templates.ORDERS, **told)

    @routes.post("/orders")
    def place() -> ResponseReturnValue:
        return redirect(f"/orders/{placed(shop)}")

    @routes.get("/orders/<int:key>")
    def page(key: int) -> str:
        return shown(shop, key, "")

    @routes.post("/orders/<int:key>")
    def change(key: int) -> ResponseReturnValue:
        existing(shop, key)
        try:
            found = pressed(shop, key, request.form["do"])
        except Refused as refused:
            return shown(shop, key, str(refused)), 400
        return redirect(f"/orders/{found}" if found else "/orders")

    return routes


def existing(shop: Shop, key: int) -> Object:
    """The order, or the page that says there is none."""
    return shop.order(key) if key in shop.orders.rows else abort(404)


def shown(shop: Shop, key: int, said: str) -> str:
    """The page of an order."""
    documents = {
        name: [row.fields for row in table.where("order_id", key)]
        for name, table in (("shipments", shop.shipments), ("invoices", shop.invoices))
    }
    told: Object = {"o": existing(shop, key), "said": said, "buttons": BUTTONS}
    return render_template_string(templates.ORDER, **told, **documents)


def placed(shop: Shop) -> int:
    """Place the order that the form says; gives its id."""
    currency = request.form.get("currency", "EUR")
    if currency not in RATES:
        abort(400, f"The shop does not sell in {currency}.")
    if not shop.products.rows:
        abort(400, "The shop has no products.")
    key = shop.place(Demand(wanted(shop), currency))
    if request.form.get("do") == "pay":
        shop.invoice(key)
    return key


def wanted(shop: Shop) -> list[tuple[int, int]]:
    """The products that the form says with how many of each; without any, one by chance."""
    known = {row.columns["entity_id"] for row in shop.products.rows.values()}
    found: list[tuple[int, int]] = []
    for place in range(3):
        product = request.form.get(f"product{place}", 0, int)
        count = request.form.get(f"quantity{place}", 1, int)
        if product in known and 0 < count < 1000:
            found.append((product, count))
    chance = Random(shop.orders.next_id)
    return found or [(chance.choice(sorted(known)), chance.randrange(1, 5))]


def pressed(shop: Shop, key: int, what: str) -> int | None:
    """Do what a button says; gives the order to show then. Raises Refused."""
    if what == "delete":
        shop.delete(key)
        return None
    if what == "edit":
        return edited(shop, key)
    if what in ACTIONS:
        ACTIONS[what](shop, key)
    elif what in CHANGES:
        if shop.change(key, CHANGES[what]) is False:
            raise Refused(400, "That cannot be done to it as it is now.")
    else:
        abort(400, f"No button says {what}.")
    return key


def edited(shop: Shop, key: int) -> int:
    """Replace an order by one with one more of each line."""
    old = shop.order(key)
    if old["state"] != "new":
        raise Refused(400, "Only an order that nobody has paid can be edited.")
    more = [(one["product_id"], one["qty_ordered"] + 1) for one in lines.tops(old["items"])]
    return shop.edit(key, Demand(more, old["order_currency_code"]))


def one_of_each(shop: Shop, key: int, done: str) -> Object:
    """A body that names one of each line of which there is something left."""
    items = shop.order(key)["items"]
    chosen = [one for one in items if is_named(one, items, done) and lines.remaining(one, done)]
    return {"items": [{"order_item_id": one["item_id"], "qty": 1} for one in chosen]}


def is_named(one: Object, items: list[Object], done: str) -> bool:
    """Whether an invoice or a shipment names a line."""
    if done == "qty_shipped":
        return lines.is_shipped_alone(one, items)
    return "parent_item_id" not in one


ACTIONS: dict[str, Callable[[Shop, int], Any]] = {
    "pay": lambda shop, key: billing.invoice(shop, key, {}),
    "pay_part": lambda s, key: billing.invoice(s, key, one_of_each(s, key, "qty_invoiced")),
    "send": lambda shop, key: shipping.ship(shop, key, {}),
    "send_part": lambda s, key: shipping.ship(s, key, one_of_each(s, key, "qty_shipped")),
}
CHANGES: dict[str, Callable[[Object], Any]] = {
    "cancel": states.cancel,
    "hold": states.hold,
    "unhold": states.unhold,
    "refund": states.refund,
    "review": states.review,
    "touch": lambda _: True,
}
