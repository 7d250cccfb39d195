"""Fills a seller's account: goods of a kitchen, and some weeks of what happened to them."""

import random

from tests.standins.amazon.seller import Seller

WORDS = ("Kettle", "Pan", "Ladle", "Whisk", "Grater", "Colander", "Tongs", "Mug")
SOLD, SENT_BACK, LATER = 0.4, 0.1, 3  # a day, of what is sold, days after


def fill(seller: Seller, skus: int, days: int, seed: int, *, rows: int = 0) -> None:
    """Send goods in, and let some of them be sold, lost, found, sent back and reimbursed.

    The ledger gets so many `rows` more, of the last ten days: pieces that change places.
    """
    draw = random.Random(seed)
    for place in range(skus):
        sku, word = f"KIT-{place + 1:04d}", WORDS[place % len(WORDS)]
        seller.add(sku, name=f"{word} No {place + 1}", price=f"{9 + place % 40}.99")
        seller.send_in({sku: (60, 60)}, days=days)
        _sell(seller, sku, days, draw)
        _go_wrong(seller, sku, place % 8)
    if skus:
        seller.charge(39.99, days=4)
    known = [*seller.goods]
    for number in range(rows):
        sku, quantity = known[number // 2 % skus], 1 if number % 2 else -1
        seller.happen(sku, "WhseTransfers", quantity, days=10 * number / rows)


def _sell(seller: Seller, sku: str, days: int, draw: random.Random) -> None:
    for day in range(days - 1, 0, -1):
        if draw.random() < SOLD:
            order = seller.sell(sku, days=day)
            if draw.random() < SENT_BACK and day > LATER:
                seller.take_back(sku, order, days=day - LATER)


def _go_wrong(seller: Seller, sku: str, kind: int) -> None:
    """What a seller should notice, of every eighth SKU each."""
    match kind:
        case 1:
            seller.lose(sku, 2, days=10)
        case 3:
            seller.lose(sku, 1, days=12)
            seller.reimburse(sku, "8.75", days=5)
        case 5:
            seller.send_in({sku: (24, 22)}, days=8)
        case 6:
            seller.remove(sku, 3, days=6)
