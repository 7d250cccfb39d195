"""Shipping through the API, with the refusals that the vendor has for it.

Source: Sales/Model/ShipOrder, its validators, and ShipmentFactory of magento2.
"""

from typing import Any

from tests.standins.magento import lines, moments
from tests.standins.magento.errors import Refused, missing
from tests.standins.magento.shop import Shop
from tests.standins.objects import Object

CLOSED = {"payment_review", "holded", "canceled"}
HEAD = "Shipment Document Validation Error(s):\n"
BAD_STATUS = "A shipment cannot be created when an order has a status of {}"
NOT_ALLOWED = "The order does not allow a shipment to be created."
TOO_MANY = 'We found an invalid quantity to ship for item "{}".'
NOTHING = "You can't create a shipment without products."
NO_NUMBER = "Please enter a tracking number."
UNSAVED = "Could not save a shipment, see error log for details"
Quantities = dict[int, float]


def ship(shop: Shop, key: int, body: Object) -> int:
    """Ship what the body says, or all of the order if it names no items. Raises Refused."""
    with shop.lock:
        if key not in shop.orders.rows:
            raise missing()
        order = shop.order(key)
        wanted = quantities(order, body.get("items") or [], is_clamped=shop.clamps_quantities)
        tracks = body.get("tracks") or []
        found = problems(order, wanted, tracks)
        if found:
            raise Refused(400, HEAD + "\n".join(found))
        source = source_of(body)
        take_from_stock(shop, order, wanted, source)
        return shop.ship(key, wanted, **parts(shop, order, body, source))


def quantities(order: Object, sent: list[Any], *, is_clamped: bool) -> Quantities:
    """How many of which lines go. Lines that nothing is left of, or that go with another
    line, are passed over in silence, and so are ids of other orders."""
    items = order["items"]
    left = {
        one["item_id"]: lines.remaining(one, "qty_shipped")
        for one in items
        if lines.is_shipped_alone(one, items)
    }
    if not sent:
        return {one["item_id"]: one["qty_ordered"] for one in items if left.get(one["item_id"])}
    asked = {int(one["order_item_id"]): float(one["qty"]) for one in sent}
    wanted = {item: count for item, count in asked.items() if count > 0 and left.get(item)}
    return {i: min(n, left[i]) for i, n in wanted.items()} if is_clamped else wanted


def problems(order: Object, wanted: Quantities, tracks: list[Any]) -> list[str]:
    """What is against a shipment, in the vendor's words."""
    found = []
    items = order["items"]
    goods = [one for one in items if lines.is_shipped_alone(one, items)]
    if order["state"] in CLOSED or order["is_virtual"]:
        found.append(BAD_STATUS.format(order.get("status", "")))
    elif not any(lines.remaining(one, "qty_shipped") for one in goods):
        found.append(NOT_ALLOWED)
    too_many = [
        one
        for one in goods
        if wanted.get(one["item_id"], 0) > lines.remaining(one, "qty_shipped")
    ]
    found += [TOO_MANY.format(one["name"]) for one in too_many]
    if len(wanted) == len(too_many):
        found.append(NOTHING)
    return found + [NO_NUMBER for one in tracks if not one.get("track_number")]


def source_of(body: Object) -> str:
    """The source that the goods leave from."""
    arguments = body.get("arguments") or {}
    extension = arguments.get("extension_attributes") or {}
    return str(extension.get("source_code") or "default")


def take_from_stock(shop: Shop, order: Object, wanted: Quantities, source: str) -> None:
    """Take what goes out of a source. Raises Refused: there is not enough in it."""
    gone: dict[str, float] = {}
    for one in order["items"]:
        if count := wanted.get(one["item_id"]):
            for sku, each in lines.goods_of(one, order["items"]):
                gone[sku] = gone.get(sku, 0) + each * count
    for sku, count in gone.items():
        row = shop.stock.rows.get((sku, source))
        if row is None or row.columns["quantity"] < count:
            raise Refused(400, UNSAVED)
    for sku, count in gone.items():
        shop.set_quantity(sku, source, shop.quantity(sku, source) - count)


def parts(shop: Shop, order: Object, body: Object, source: str) -> Object:
    """The tracks, the comment and the source of a new shipment."""
    number, now = shop.shipments.next_id, moments.written(shop.clock())
    spare = {"description": None, "qty": None, "weight": None}
    whose = {"order_id": order["entity_id"], "parent_id": number}
    made = {"created_at": now, "updated_at": now}
    tracks = [
        {"entity_id": shop.numbers.take_id()} | whose | made | spare | track(sent)
        for sent in body.get("tracks") or []
    ]
    told: Object = {"tracks": tracks, "extension_attributes": {"source_code": source}}
    if sent := body.get("comment"):
        told["comments"] = [comment(shop, sent, number, is_told=bool(body.get("notify")))]
    return told


def track(sent: Object) -> Object:
    """The fields of a track that are the client's to set."""
    return {name: str(sent.get(name, "")) for name in ("track_number", "title", "carrier_code")}


def comment(shop: Shop, sent: Object, number: int, *, is_told: bool) -> Object:
    """The comment of a new shipment."""
    return {
        "is_customer_notified": int(is_told),
        "parent_id": number,
        "comment": str(sent.get("comment", "")),
        "is_visible_on_front": int(sent.get("is_visible_on_front") or 0),
        "created_at": moments.written(shop.clock()),
        "entity_id": shop.numbers.take_id(),
    }
