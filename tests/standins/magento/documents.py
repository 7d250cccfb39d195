"""Invoices and shipments of an order. Making one moves the order on."""

from collections.abc import Mapping
from typing import Any

from tests.standins.magento import moments, states
from tests.standins.magento.amounts import cents, in_both, number
from tests.standins.objects import Object

PAID = 2  # the state of an invoice
Quantities = Mapping[int, float]  # order item id -> how many


def invoice(key: int, order: Object, quantities: Quantities, at: float, take_id: Any) -> Object:
    """Bill so many of the lines; children of a line go with it."""
    items = [
        invoice_item(key, one, wanted, take_id)
        for one in order["items"]
        if (wanted := wanted_of(one, order["items"], quantities))
    ]
    is_first = not any(one["qty_invoiced"] for one in order["items"])
    for made in items:
        one = next(o for o in order["items"] if o["item_id"] == made["order_item_id"])
        one["qty_invoiced"] = number(one["qty_invoiced"] + made["qty"])
    tops = [one for one in items if one["order_item_id"] in quantities]
    fields = billed(key, order, tops, order["base_shipping_amount"] if is_first else 0)
    fields |= {"created_at": moments.written(at), "updated_at": moments.written(at)}
    paid(order, fields, at)
    return fields | {"items": items, "comments": []}


def wanted_of(one: Object, items: list[Object], quantities: Quantities) -> int | float:
    """How many of a line are billed: as asked, or as its parent needs."""
    if one["item_id"] in quantities:
        return number(quantities[one["item_id"]])
    parent = next((p for p in items if p["item_id"] == one.get("parent_item_id")), None)
    if parent is None or parent["item_id"] not in quantities:
        return 0
    return number(quantities[parent["item_id"]] * one["qty_ordered"] / parent["qty_ordered"])


def invoice_item(key: int, one: Object, quantity: float, take_id: Any) -> Object:
    """A line of an invoice."""
    share = quantity / one["qty_ordered"]
    names = ("row_total", "tax_amount", "discount_amount", "row_total_incl_tax")
    parts = {
        f"{base}{name}": cents(one[f"{base}{name}"] * share)
        for name in names
        for base in ("", "base_")
    }
    kept = ("sku", "name", "product_id", "price", "base_price", "price_incl_tax")
    head = {"entity_id": take_id(), "parent_id": key, "order_item_id": one["item_id"]}
    return head | {"qty": quantity} | {name: one[name] for name in kept} | parts


def billed(key: int, order: Object, tops: list[Object], shipping: float) -> Object:
    """The head of an invoice, with its sums."""
    rate = order["base_to_order_rate"]
    fields: Object = {
        "entity_id": key,
        "increment_id": f"{key:09d}",
        "order_id": order["entity_id"],
        "state": PAID,
        "store_id": order["store_id"],
        "billing_address_id": order["billing_address_id"],
        "total_qty": number(sum(one["qty"] for one in tops)),
    }
    fields |= {name: order[name] for name in order if name.endswith(("currency_code", "_rate"))}
    sums = {
        "subtotal": sum(one["base_row_total"] for one in tops),
        "tax_amount": sum(one["base_tax_amount"] for one in tops),
        "discount_amount": -sum(one["base_discount_amount"] for one in tops),
        "shipping_amount": shipping,
    }
    for name, value in sums.items():
        fields |= in_both(name, value, rate)
    for base in ("", "base_"):
        fields[f"{base}grand_total"] = cents(sum(fields[f"{base}{name}"] for name in sums))
    return fields


def paid(order: Object, made: Object, at: float) -> None:
    """Note in the order what was billed."""
    for base in ("", "base_"):
        for name in ("total_paid", "total_invoiced"):
            total = order[f"{base}{name}"] + made[f"{base}grand_total"]
            order[f"{base}{name}"] = cents(total)
        due = order[f"{base}grand_total"] - order[f"{base}total_paid"]
        order[f"{base}total_due"] = cents(max(due, 0))
    order["updated_at"] = moments.written(at)
    states.note_state(order)


def shipment(
    key: int, order: Object, quantities: Quantities, at: float, take_id: Any
) -> Object:
    """Send so many of the lines. Their order's `updated_at` moves only with its state."""
    items = []
    for one in order["items"]:
        if not quantities.get(one["item_id"]):
            continue
        one["qty_shipped"] = number(one["qty_shipped"] + quantities[one["item_id"]])
        sent = {"entity_id": take_id(), "parent_id": key, "order_item_id": one["item_id"]}
        kept = {name: one[name] for name in ("sku", "name", "product_id", "price", "weight")}
        items.append(sent | kept | {"qty": number(quantities[one["item_id"]])})
    before = order["state"]
    states.note_state(order)
    if order["state"] != before:
        order["updated_at"] = moments.written(at)
    fields: Object = {
        "entity_id": key,
        "increment_id": f"{key:09d}",
        "order_id": order["entity_id"],
        "store_id": order["store_id"],
        "billing_address_id": order["billing_address_id"],
        "total_qty": number(sum(one["qty"] for one in items)),
        "created_at": moments.written(at),
        "updated_at": moments.written(at),
        "packages": [],
        "tracks": [],
        "comments": [],
        "items": items,
    }
    return fields | ({"customer_id": order["customer_id"]} if "customer_id" in order else {})
