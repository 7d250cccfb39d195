"""Ninety days of business: deliveries, orders, transfers, counts, breakage, returns."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from app.catalog.models import Product
from app.demo.places import Places
from app.stock.ledger import Count, Move, post
from app.stock.models import Location
from app.stock.reservations import ReservedQuantity
from app.stock.services import reserve

DAYS = 90
ORDERS, LINES = (9, 18), (2, 9)  # orders of a day, lines of an order
UNITS = 200  # sold on a usual day
SUNDAY = 6
PROMISES = 80

Moves = list[dict[str, Any]]


class Good:
    """A product in the diary: how well it sells, and how much lies where."""

    def __init__(self, product: Product, share: float, bins: dict[str, Location]) -> None:
        self.product, self.bins = product, bins
        self.on_hand = dict.fromkeys(bins, 0)
        self.daily = UNITS * share
        lead_time = product.lead_time_days or 7
        self.lead_time = lead_time
        self.point = max(ceil(self.daily * lead_time * 1.5), 2)
        self.batch = ceil(self.daily * 21 / 6) * 6
        self.is_coming = False

    @property
    def is_short(self) -> bool:
        """Tell whether more has to be ordered."""
        return not self.is_coming and sum(self.on_hand.values()) <= self.point


class Diary:
    """Writes the days into the ledger, an event a posting; what is not there is not sold."""

    def __init__(
        self, dice: random.Random, goods: list[Good], places: Places, first: datetime
    ) -> None:
        self.dice, self.goods, self.places, self.first = dice, goods, places, first
        self.weights = [good.daily for good in goods]
        self.deliveries: dict[int, list[tuple[Good, int]]] = defaultdict(list)
        self.numbers = iter(range(1, 10**6))

    def open(self) -> None:
        """Put the first goods on the shelves; some are left in the depot, some in the shop."""
        moves: Moves = []
        for good in self.goods:
            for place, bin_ in good.bins.items():
                quantity = good.point + self.dice.randint(1, good.batch)
                quantity = quantity if place == "CENTRAL" else ceil(quantity / 3)
                moves += self._move(good, quantity, self.places.adjustment, bin_)
                good.on_hand[place] += quantity
        self._post(moves, day=0, hour=7, reason="opening", note="Opening stock")

    def live(self, day: int) -> None:
        """Go through a day; on Sundays only the delivery comes."""
        self._receive(day)
        if (self.first + timedelta(days=day)).weekday() == SUNDAY:
            return
        for number in range(self.dice.randint(*ORDERS)):
            self._ship(day, number)
        if day % 4 == 1:
            self._fetch(day)
        if day % 5 == 2:  # noqa: PLR2004
            self._count(day)
        if day % 3 == 0:
            self._break_something(day)
            self._take_back(day)
        self._order(day)

    def promise(self) -> None:
        """Leave some orders open: their goods are reserved."""
        for number in range(PROMISES):
            good = self.dice.choices(self.goods, self.weights)[0]
            quantity = min(self.dice.randint(1, 4), good.on_hand["CENTRAL"])
            if quantity > 0:
                good.on_hand["CENTRAL"] -= quantity
                bin_ = good.bins["CENTRAL"]
                promise = ReservedQuantity(good.product.id, bin_.id, None, Decimal(quantity))
                reserve(promise, key=f"demo-promise-{number}", note=f"Order SO-{9000 + number}")

    def _receive(self, day: int) -> None:
        moves: Moves = []
        for good, quantity in self.deliveries.pop(day, []):
            good.is_coming = False
            good.on_hand["CENTRAL"] += quantity
            bin_ = good.bins["CENTRAL"]
            moves += self._move(good, quantity, self.places.supplier, bin_)
        self._post(moves, day=day, hour=8, reason="received", note="Delivery")

    def _ship(self, day: int, number: int) -> None:
        lines = self.dice.randint(*LINES)
        moves: Moves = []
        for good in self._several(lines):
            place = self.dice.choice([*good.bins])
            quantity = min(self.dice.choice((1, 1, 2, 3, 6)), good.on_hand[place])
            good.on_hand[place] -= quantity
            moves += self._move(good, quantity, good.bins[place], self.places.customer)
        note = f"Order SO-{1000 + day * 20 + number}"
        self._post(moves, day=day, hour=9 + number // 2, reason="shipped", note=note)

    def _fetch(self, day: int) -> None:
        """Carry over from the depot what the central warehouse lacks."""
        moves: Moves = []
        for good in self.goods:
            quantity = good.on_hand.get("NORTH", 0)
            if quantity and good.on_hand["CENTRAL"] < good.point:
                good.on_hand["NORTH"] = 0
                good.on_hand["CENTRAL"] += quantity
                moves += self._move(good, quantity, good.bins["NORTH"], good.bins["CENTRAL"])
        self._post(moves, day=day, hour=15, reason="transferred", note="From the depot")

    def _count(self, day: int) -> None:
        counts = []
        for good in self.dice.sample(self.goods, 20):
            bin_ = good.bins["CENTRAL"]
            wrong = self.dice.choice((0, 0, 0, 0, -1, 1))
            good.on_hand["CENTRAL"] = max(good.on_hand["CENTRAL"] + wrong, 0)
            counts.append(
                {
                    "product_id": good.product.id,
                    "location_id": bin_.id,
                    "against_id": self.places.adjustment.id,
                    "counted": Decimal(good.on_hand["CENTRAL"]),
                }
            )
        self._write(Count, counts, day=day, hour=17, reason="counted", note="Weekly count")

    def _break_something(self, day: int) -> None:
        for good in self._several(self.dice.randint(1, 3)):
            quantity = min(1, good.on_hand["CENTRAL"])
            good.on_hand["CENTRAL"] -= quantity
            reason = self.dice.choice(("damaged", "damaged", "expired", "lost", "used"))
            gone = self._move(good, quantity, good.bins["CENTRAL"], self.places.adjustment)
            self._post(gone, day=day, hour=16, reason=reason, note="")

    def _take_back(self, day: int) -> None:
        good = self._several(1)[0]
        good.on_hand["CENTRAL"] += 1
        back = self._move(good, 1, self.places.customer, good.bins["CENTRAL"])
        self._post(back, day=day, hour=14, reason="returned", note="Not needed")

    def _order(self, day: int) -> None:
        """Order what is short; some vendors let us wait, and a few never send."""
        for good in self.goods:
            if good.is_short and self.dice.random() < 0.3:  # noqa: PLR2004
                good.is_coming = True
                delay = self.dice.choice((0, 0, 0, 1, 2, 5, 9, DAYS))
                self.deliveries[day + good.lead_time + delay].append((good, good.batch))

    def _several(self, number: int) -> list[Good]:
        """Choose goods by how well they sell, each once."""
        chosen = self.dice.choices(self.goods, self.weights, k=number)
        return [*{good.product.id: good for good in chosen}.values()]

    def _move(
        self, good: Good, quantity: int, start: Location, end: Location
    ) -> Iterator[dict[str, Any]]:
        if quantity > 0:
            yield {
                "product_id": good.product.id,
                "from_location_id": start.id,
                "to_location_id": end.id,
                "quantity": Decimal(quantity),
                "unit_cost": good.product.cost,
            }

    def _post(self, moves: Iterable[dict[str, Any]], **event: Any) -> None:
        self._write(Move, [*moves], **event)

    def _write(
        self, kind: type[Move | Count], lines: list[dict[str, Any]], **event: Any
    ) -> None:
        day, hour = event.pop("day"), event.pop("hour")
        minute = self.dice.randrange(60)
        moment = self.first + timedelta(days=day, hours=hour, minutes=minute)
        if lines:
            entries = [kind(**line, **event, occurred_at=moment) for line in lines]
            post(entries, key=f"demo-{next(self.numbers)}")
