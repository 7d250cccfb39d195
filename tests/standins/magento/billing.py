"""Billing through the API, with the refusals that the vendor has for it.

Source: Sales/Model/InvoiceOrder and its validators of magento2.
"""

from tests.standins.magento import lines
from tests.standins.magento.errors import Refused, missing
from tests.standins.magento.shop import Shop
from tests.standins.objects import Object

CLOSED = {"payment_review", "holded", "canceled", "complete", "closed"}
HEAD = "Invoice Document Validation Error(s):\n"
BAD_STATUS = "An invoice cannot be created when an order has a status of {}"
NOT_ALLOWED = "The order does not allow an invoice to be created."
TOO_MANY = (
    "The quantity to invoice must not be greater than the uninvoiced quantity "
    'for product SKU "{}".'
)
NOTHING = "The invoice can't be created without products. Add products and try again."


def invoice(shop: Shop, key: int, body: Object) -> int:
    """Bill the lines that the body names, or all that is left. Raises Refused."""
    with shop.lock:
        if key not in shop.orders.rows:
            raise missing()
        order = shop.order(key)
        sent = body.get("items") or []
        wanted = {int(one["order_item_id"]): float(one["qty"]) for one in sent}
        found = problems(order, wanted)
        if found:
            raise Refused(400, HEAD + "\n".join(found))
        return shop.invoice(key, wanted or None)


def problems(order: Object, wanted: dict[int, float]) -> list[str]:
    """What is against an invoice, in the vendor's words."""
    if order["state"] in CLOSED:
        return [BAD_STATUS.format(order.get("status", ""))]
    tops = lines.tops(order["items"])
    left = {one["item_id"]: lines.remaining(one, "qty_invoiced") for one in tops}
    if not any(left.values()):
        return [NOT_ALLOWED]
    found = [
        TOO_MANY.format(one["sku"])
        for one in tops
        if wanted.get(one["item_id"], 0) > left[one["item_id"]]
    ]
    if wanted and not any(wanted.get(item) for item in left):
        found.append(NOTHING)
    return found
