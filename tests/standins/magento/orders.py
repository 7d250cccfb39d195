"""Orders: made from lines, and what invoicing, cancelling and holding do to them."""

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from tests.standins.magento import lines, moments, people
from tests.standins.magento.amounts import cents, in_both, number
from tests.standins.objects import Object

RATES = {"EUR": 1.0, "USD": 1.0837, "PLN": 4.3121}
STORES = {"PLN": 2}  # the store view that sells in a currency; else it is the first
VIEW_NAMES = {1: "Default Store View", 2: "Sklep polski"}
SHIPPING = 4.9
BASE = "EUR"
DONE = ("invoiced", "refunded", "canceled")


class Demand(NamedTuple):
    """What is ordered: products and how many of each, in which currency."""

    products: Sequence[tuple[int, int]]
    currency: str = BASE
    discount: int = 0  # percent


def order(number_: int, demand: Demand, chance: Random, at: float, take_id: Any) -> Object:
    """A new order that nobody has paid yet."""
    rate = RATES[demand.currency]
    store = STORES.get(demand.currency, 1)
    terms = lines.Terms(number_, moments.written(at), rate, demand.discount, take_id, store)
    items = [one for product in demand.products for one in lines.lines(terms, *product)]
    billing = people.address(chance, "billing", number_)
    is_virtual = all(one["is_virtual"] for one in items)
    fields = head(number_, demand.currency, at) | people.buyer(chance, billing)
    fields |= {"is_virtual": int(is_virtual), "items": items, "billing_address": billing}
    fields |= totals(items, 0 if is_virtual else SHIPPING, rate)
    fields["payment"] = payment(fields)
    fields["status_histories"] = []
    shipping = None if is_virtual else people.address(chance, "shipping", number_)
    return fields | {"extension_attributes": assigned(shipping, items)}


def head(number_: int, currency: str, at: float) -> Object:
    """Who the order is, and in which currencies."""
    rate, store = RATES[currency], STORES.get(currency, 1)
    return {
        "entity_id": number_,
        "increment_id": f"{number_:09d}",
        "state": "new",
        "status": "pending",
        "created_at": moments.written(at),
        "updated_at": moments.written(at),
        "store_id": store,
        "store_name": f"Main Website\nMain Website Store\n{VIEW_NAMES[store]}",
        "base_currency_code": BASE,
        "global_currency_code": BASE,
        "store_currency_code": currency,
        "order_currency_code": currency,
        "base_to_global_rate": 1,
        "base_to_order_rate": rate,
        "store_to_base_rate": 0,
        "store_to_order_rate": 0,
        "billing_address_id": number_ * 2 - 1,
        "quote_id": number_ + 100,
        "protect_code": f"{number_:032x}",
        "remote_ip": "203.0.113.7",
        "email_sent": 1,
        "shipping_description": "Flat Rate - Fixed",
    }


def totals(items: list[Object], shipping: float, rate: float) -> Object:
    """The sums over the lines that are no child of another."""
    tops = lines.tops(items)
    sums = {
        "subtotal": sum(one["base_row_total"] for one in tops),
        "tax_amount": sum(one["base_tax_amount"] for one in tops),
        "shipping_amount": shipping,
        "shipping_incl_tax": shipping,
        "discount_amount": -sum(one["base_discount_amount"] for one in tops),
        "subtotal_incl_tax": sum(one["base_row_total_incl_tax"] for one in tops),
    }
    fields: Object = {}
    for name, value in sums.items():
        fields |= in_both(name, value, rate)
    for base in ("", "base_"):
        parts = ("subtotal", "tax_amount", "shipping_amount", "discount_amount")
        fields[f"{base}grand_total"] = cents(sum(fields[f"{base}{part}"] for part in parts))
        fields[f"{base}total_due"] = fields[f"{base}grand_total"]
        fields |= {f"{base}total_{what}": 0 for what in ("paid", *DONE)}
    fields["total_qty_ordered"] = number(sum(one["qty_ordered"] for one in tops))
    return fields | {"total_item_count": len(tops), "weight": len(tops)}


def payment(fields: Object) -> Object:
    """How it is paid. Fields that the vendor must give but does not know are null."""
    return {
        "entity_id": fields["entity_id"],
        "parent_id": fields["entity_id"],
        "method": "checkmo",
        "account_status": None,
        "additional_information": ["Check / Money order"],
        "cc_last4": None,
        "amount_ordered": fields["grand_total"],
        "base_amount_ordered": fields["base_grand_total"],
    }


def assigned(address: Object | None, items: list[Object]) -> Object:
    """Where the goods go; an order of services goes nowhere."""
    shipping: Object = {"address": address, "method": "flatrate_flatrate"} if address else {}
    named = [{"item_id": one["item_id"], "sku": one["sku"]} for one in items]
    return {"shipping_assignments": [{"shipping": shipping, "items": named}]}
