"""Fills a shop with as many believable objects as asked for, the same for the same seed."""

from functools import cache
from random import Random

from tests.standins.magento import lines, moments, products, stamps, states
from tests.standins.magento.orders import Demand
from tests.standins.magento.shop import Shop
from tests.standins.objects import Object

YEARS = 2 * 365 * 86400
HOUR, DAY = 3600.0, 86400.0
PATTERNS = 190  # so many orders are different, the others are copies of them
# What becomes of the orders, in turn. Most are paid and wait to be sent.
FATES = ("paid", "sent", "paid", "partly_paid", "paid", "sent", "pending", "partly_sent",
         "paid", "canceled", "paid", "held", "paid", "sent", "edited", "paid",
         "no_status", "in_review", "refunded")  # fmt: skip
CURRENCIES = ("EUR", "EUR", "USD", "EUR", "PLN")
DISCOUNTS = (0, 0, 10, 0, 15)


def fill(shop: Shop, counts: dict[str, int], seed: int) -> None:
    """Make so many products and orders; invoices and shipments follow from these."""
    shop.seed, until = seed, moments.start_of_day(shop.clock())
    for number in range(1, counts["products"] + 1):
        created = until - YEARS + number * HOUR / 10
        shop.add_product(number, created, created + number % 50 * DAY)
    shop.products.next_id = counts["products"] + 1
    count, step = counts["orders"], YEARS / (counts["orders"] + 1)
    patterns = [
        pattern(seed, number, counts["products"])
        for number in range(1, min(count, PATTERNS) + 1)
    ]
    turn = 0
    # An edited order is two: the count may be passed by one.
    while shop.orders.next_id <= count:
        at = float(int(until - YEARS + shop.orders.next_id * step))
        stamps.stamp(shop, patterns[turn % len(patterns)], at)
        turn += 1


@cache
def pattern(seed: int, number: int, count: int) -> stamps.History:
    """What becomes of the order of that number, made once and then copied."""
    shop, first = stamps.empty_shop(number, seed)
    chance = Random(f"{seed} order {number}")
    key = place(shop, chance, number, count, stamps.START)
    follow(shop, key, number, stamps.START)
    return stamps.history(shop, first)


def place(shop: Shop, chance: Random, number: int, count: int, at: float) -> int:
    """Order one to four products, every third time one that has parts."""
    picked = [chance.randrange(1, count + 1) for _ in range(1 + number % 4)]
    if number % 3 == 0 and count >= products.EVERY:
        picked[0] = special(chance, number // 3, count)
    wanted = [(one, chance.randrange(1, 5)) for one in picked]
    turn = number % len(CURRENCIES)
    return shop.place(Demand(wanted, CURRENCIES[turn], DISCOUNTS[turn]), at)


def special(chance: Random, turn: int, count: int) -> int:
    """A configurable product, a bundle or a service, in turn."""
    first = (products.EVERY, 10, 5)[turn % 3]
    return chance.choice(range(first, count + 1, products.EVERY))


def follow(shop: Shop, key: int, number: int, at: float) -> None:
    """Let become of an order what its number says."""
    fate = FATES[number % len(FATES)]
    if fate in {"paid", "sent", "partly_sent", "refunded"}:
        shop.invoice(key, at=at + HOUR)
    if fate == "partly_paid":
        shop.invoice(key, first_of_each(shop.order(key)), at=at + HOUR)
    if fate in {"sent", "partly_sent"}:
        send(shop, key, is_whole=fate == "sent", at=at + DAY)
    if fate == "edited":
        new = shop.edit(key, at=at + HOUR)
        shop.invoice(new, at=at + 2 * HOUR)
    alter(shop, key, fate)


def alter(shop: Shop, key: int, fate: str) -> None:
    """Cancel or hold an order, or take its status away; that leaves its times alone."""
    fields = shop.order(key)
    if fate == "canceled":
        states.cancel(fields)
    elif fate == "held":
        states.hold(fields)
    elif fate == "refunded":
        states.refund(fields)
    elif fate == "in_review":
        states.review(fields)
    elif fate == "no_status":
        del fields["status"]  # a field without a value is left out by the vendor
    shop.orders.put(fields)


def first_of_each(fields: Object) -> dict[int, float]:
    """One of each line."""
    return {one["item_id"]: 1 for one in lines.tops(fields["items"])}


def send(shop: Shop, key: int, *, is_whole: bool, at: float) -> None:
    """Send an order, or one of each line."""
    items = shop.order(key)["items"]
    goods = [one for one in items if lines.is_shipped_alone(one, items)]
    wanted = {one["item_id"]: one["qty_ordered"] if is_whole else 1 for one in goods}
    if not wanted:
        return
    track = {
        "order_id": key,
        "track_number": f"1Z{key:09d}",
        "title": "UPS",
        "carrier_code": "ups",
    }
    spare = {
        "description": None,
        "qty": None,
        "weight": None,
        "parent_id": shop.shipments.next_id,
    }
    tracks = [{"entity_id": shop.numbers.take_id()} | track | spare]
    source = {"source_code": "default"}
    shop.ship(key, wanted, at, tracks=tracks, extension_attributes=source)
