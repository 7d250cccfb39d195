"""Pages about products, and how many of them lie where."""

import math

from flask import Blueprint, abort, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from tests.standins.magento import pages, templates
from tests.standins.magento.amounts import number
from tests.standins.magento.shop import SOURCES, Shop
from tests.standins.objects import Object

ON, OFF = 1, 2


def shelves(shop: Shop) -> Blueprint:
    """The routes about products."""
    routes = Blueprint("shelves", __name__)
    told: Object = {"sources": SOURCES, "stock": shop.stock.rows}

    @routes.get("/products")
    def listing() -> str:
        return pages.listed(shop, shop.products, templates.PRODUCTS, is_reversed=False, **told)

    @routes.get("/products/<path:sku>")
    def page(sku: str) -> str:
        return render_template_string(templates.PRODUCT, p=existing(shop, sku), **told)

    @routes.post("/products/<path:sku>")
    def change(sku: str) -> ResponseReturnValue:
        fields = existing(shop, sku)
        if request.form["do"] == "switch":
            shop.change_product(sku, status=ON if fields["status"] == OFF else OFF)
        else:
            save(shop, sku)
        return redirect(f"/products/{sku}")

    return routes


def existing(shop: Shop, sku: str) -> Object:
    """The product, or the page that says there is none."""
    return shop.products.rows[sku].fields if sku in shop.products.rows else abort(404)


def save(shop: Shop, sku: str) -> None:
    """Save what was typed."""
    price = typed("price")
    held = {
        source: typed(f"in_{source}") for source in SOURCES if f"in_{source}" in request.form
    }
    shop.change_product(sku, name=request.form["name"], price=price)
    for source, quantity in held.items():
        shop.set_quantity(sku, source, quantity)


def typed(name: str) -> int | float:
    """Read a number that JSON can hold; else say which is none."""
    text = request.form.get(name, "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    return number(value) if math.isfinite(value) else abort(400, f"{name} is a number.")
