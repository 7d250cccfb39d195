"""The lines of an order. A configurable or a bundle is a parent line with child lines.

A configurable's parent and child have the same sku and quantity, and the parent has the
money; a bundle's money is in its parts, and summed up in the parent.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.standins import words
from tests.standins.magento import products
from tests.standins.magento.amounts import TAX_PERCENT, cents, in_both, number
from tests.standins.objects import Object

PART_QUANTITY = 2  # how many of its first part a bundle has
SUMMED = ("row_total", "tax_amount", "discount_amount", "row_total_incl_tax", "price")


class Terms(NamedTuple):
    """What all lines of an order share. `take_id` gives the numbers of lines."""

    order_id: int
    at: str
    rate: float  # order currency for one of the base currency
    discount: int  # percent
    take_id: Callable[[], int]
    store: int


def lines(terms: Terms, product: int, quantity: int) -> list[Object]:
    """The lines that one product makes."""
    kind = products.kind_of(product)
    parts = products.children_of(product)
    if kind == "configurable":
        return configurable(terms, product, parts[0], quantity)
    if kind == "bundle":
        return bundle(terms, product, parts, quantity)
    return [line(terms, product, quantity)]


def line(terms: Terms, product: int, quantity: float, **more: Any) -> Object:
    """A line by itself."""
    price, kind = products.price_of(product), products.kind_of(product)
    fields: Object = {
        "item_id": terms.take_id(),
        "order_id": terms.order_id,
        "product_id": product,
        "product_type": kind,
        "sku": products.sku_of(product),
        "name": words.item_name(product),
        "is_virtual": int(kind == "virtual"),
        "is_qty_decimal": 0,
        "free_shipping": 0,
        "no_discount": 0,
        "store_id": terms.store,
        "qty_ordered": quantity,
        "qty_invoiced": 0,
        "qty_shipped": 0,
        "qty_refunded": 0,
        "qty_canceled": 0,
        "weight": 0 if kind == "virtual" else 1,
        "row_weight": 0 if kind == "virtual" else quantity,
        "created_at": terms.at,
        "updated_at": terms.at,
    }
    return fields | money(price, quantity, terms) | more


def money(price: float, quantity: float, terms: Terms) -> Object:
    """What a line costs: the discount comes off the row, the tax off what is left."""
    row = cents(price * quantity)
    discount = cents(row * terms.discount / 100)
    tax = cents((row - discount) * TAX_PERCENT / 100)
    with_tax = {
        "price_incl_tax": price * (1 + TAX_PERCENT / 100),
        "row_total_incl_tax": row + tax,
    }
    amounts = {"price": price, "original_price": price, "row_total": row, "tax_amount": tax}
    amounts |= {"discount_amount": discount} | with_tax
    fields: Object = {"discount_percent": terms.discount, "tax_percent": TAX_PERCENT}
    for name, value in amounts.items():
        fields |= in_both(name, value, terms.rate)
    for name in ("row_invoiced", "tax_invoiced", "discount_invoiced", "amount_refunded"):
        fields |= in_both(name, 0, terms.rate)
    return fields


def without_money() -> Object:
    """What a configurable's child costs: nothing, the parent has it."""
    names = ("price", "original_price", "row_total", "tax_amount", "discount_amount",
             "price_incl_tax", "row_total_incl_tax")  # fmt: skip
    return {f"{base}{name}": 0 for name in names for base in ("", "base_")}


def configurable(terms: Terms, product: int, child: int, quantity: int) -> list[Object]:
    """A parent with the child's sku, and the child."""
    options = [{"option_id": "93", "option_value": 50 + product % 9}]
    chosen = {"extension_attributes": {"configurable_item_options": options}}
    parent = line(terms, product, quantity, sku=products.sku_of(child), product_option=chosen)
    inner = line(terms, child, quantity, parent_item_id=parent["item_id"], **without_money())
    return [parent, inner]


def bundle(terms: Terms, product: int, parts: list[int], quantity: int) -> list[Object]:
    """A parent whose sku names its parts, and the parts, of the first several."""
    option = {"option_qty": PART_QUANTITY, "option_id": product}
    chosen = [option | {"option_selections": [product + place]} for place in range(len(parts))]
    sku = "-".join(products.sku_of(one) for one in (product, *parts))
    inside = {"extension_attributes": {"bundle_options": chosen}}
    parent = line(terms, product, quantity, sku=sku, product_option=inside)
    inner = [
        line(
            terms,
            part,
            quantity * (1 if place else PART_QUANTITY),
            parent_item_id=parent["item_id"],
        )
        for place, part in enumerate(parts)
    ]
    for name in SUMMED:
        for base in ("", "base_"):
            field = f"{base}{name}"
            rows = f"{base}row_total" if name == "price" else field
            total = sum(one[rows] for one in inner)
            parent[field] = cents(total / quantity if name == "price" else total)
    return [parent, *inner]


def children(items: list[Object], parent: Object) -> list[Object]:
    """The child lines of a line."""
    return [one for one in items if one.get("parent_item_id") == parent["item_id"]]


def tops(items: list[Object]) -> list[Object]:
    """The lines that are no child of another."""
    return [one for one in items if "parent_item_id" not in one]


def remaining(one: Object, done: str) -> int | float:
    """How many of a line are still to be invoiced or shipped."""
    gone = max(one[done], one["qty_refunded"]) + one["qty_canceled"]
    return number(max(one["qty_ordered"] - gone, 0))


def is_shipped_alone(one: Object, items: list[Object]) -> bool:
    """Whether a shipment names this line: not what is virtual or goes with another line."""
    if one["is_virtual"]:
        return False
    parent = next((p for p in items if p["item_id"] == one.get("parent_item_id")), None)
    if parent is not None:
        return products.ships_separately(parent["product_id"])
    return not products.ships_separately(one["product_id"])


def goods_of(one: Object, items: list[Object]) -> list[tuple[str, float]]:
    """The simple products that one of a line is made of: (sku, how many)."""
    inner = children(items, one)
    if not inner or products.ships_separately(one["product_id"]):
        return [(one["sku"], 1.0)]
    return [(part["sku"], part["qty_ordered"] / one["qty_ordered"]) for part in inner]
