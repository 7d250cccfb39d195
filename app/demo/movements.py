"""Ninety days of business: deliveries, orders, transfers, counts, breakage, returns."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from app.catalog.models import Product
from app.demo.locations import DemoLocations
from app.stock.ledger import Count, Move, post
from app.stock.models import Location
from app.stock.reservations import ReservedQuantity
from app.stock.services import reserve

DAYS = 90
ORDERS, LINES = (9, 18), (2, 9)  # orders of a day, lines of an order
UNITS = 200  # sold on a usual day
SUNDAY = 6
RESERVATIONS = 80

Moves = list[dict[str, Any]]


class DemoProduct:
    """A product in the history: how well it sells, and how much lies where."""

    def __init__(self, product: Product, share: float, bins: dict[str, Location]) -> None:
        self.product, self.bins = product, bins
        self.on_hand = dict.fromkeys(bins, 0)
        self.daily = UNITS * share
        lead_time = product.lead_time_days or 7
        self.lead_time = lead_time
        self.reorder_point = max(ceil(self.daily * lead_time * 1.5), 2)
        self.order_quantity = ceil(self.daily * 21 / 6) * 6
        self.is_coming = False

    @property
    def is_short(self) -> bool:
        """Tell whether more has to be ordered."""
        return not self.is_coming and sum(self.on_hand.values()) <= self.reorder_point


class StockHistory:
    """Writes the days into the ledger, an event a posting; what is not there is not sold."""

    def __init__(
        self,
        rng: random.Random,
        goods: list[DemoProduct],
        places: DemoLocations,
        first: datetime,
    ) -> None:
        self.rng, self.goods, self.places, self.first = rng, goods, places, first
        self.weights = [good.daily for good in goods]
        self.deliveries: dict[int, list[tuple[DemoProduct, int]]] = defaultdict(list)
        self.numbers = iter(range(1, 10**6))

    def open_stock(self) -> None:
        """Put the first goods on the shelves; some are left in the depot, some in the shop."""
        moves: Moves = []
        for good in self.goods:
            for place, bin_ in good.bins.items():
                quantity = good.reorder_point + self.rng.randint(1, good.order_quantity)
                quantity = quantity if place == "CENTRAL" else ceil(quantity / 3)
                moves += self._move(good, quantity, self.places.adjustment, bin_)
                good.on_hand[place] += quantity
        self._post(moves, day=0, hour=7, reason="opening", note="Opening stock")

    def run_day(self, day: int) -> None:
        """Go through a day; on Sundays only the delivery comes."""
        self._receive(day)
        if (self.first + timedelta(days=day)).weekday() == SUNDAY:
            return
        for number in range(self.rng.randint(*ORDERS)):
            self._ship(day, number)
        if day % 4 == 1:
            self._transfer(day)
        if day % 5 == 2:  # noqa: PLR2004
            self._count(day)
        if day % 3 == 0:
            self._write_off(day)
            self._return(day)
        self._order(day)

    def reserve_some(self) -> None:
        """Leave some orders open: their goods are reserved."""
        for number in range(RESERVATIONS):
            good = self.rng.choices(self.goods, self.weights)[0]
            quantity = min(self.rng.randint(1, 4), good.on_hand["CENTRAL"])
            if quantity > 0:
                good.on_hand["CENTRAL"] -= quantity
                bin_ = good.bins["CENTRAL"]
                reserved = ReservedQuantity(good.product.id, bin_.id, None, Decimal(quantity))
                reserve(
                    reserved, key=f"demo-promise-{number}", note=f"Order SO-{9000 + number}"
                )

    def _receive(self, day: int) -> None:
        moves: Moves = []
        for good, quantity in self.deliveries.pop(day, []):
            good.is_coming = False
            good.on_hand["CENTRAL"] += quantity
            bin_ = good.bins["CENTRAL"]
            moves += self._move(good, quantity, self.places.supplier, bin_)
        self._post(moves, day=day, hour=8, reason="received", note="Delivery")

    def _ship(self, day: int, number: int) -> None:
        lines = self.rng.randint(*LINES)
        moves: Moves = []
        for good in self._sample(lines):
            place = self.rng.choice([*good.bins])
            quantity = min(self.rng.choice((1, 1, 2, 3, 6)), good.on_hand[place])
            good.on_hand[place] -= quantity
            moves += self._move(good, quantity, good.bins[place], self.places.customer)
        note = f"Order SO-{1000 + day * 20 + number}"
        self._post(moves, day=day, hour=9 + number // 2, reason="shipped", note=note)

    def _transfer(self, day: int) -> None:
        """Carry over from the depot what the central warehouse lacks."""
        moves: Moves = []
        for good in self.goods:
            quantity = good.on_hand.get("NORTH", 0)
            if quantity and good.on_hand["CENTRAL"] < good.reorder_point:
                good.on_hand["NORTH"] = 0
                good.on_hand["CENTRAL"] += quantity
                moves += self._move(good, quantity, good.bins["NORTH"], good.bins["CENTRAL"])
        self._post(moves, day=day, hour=15, reason="transferred", note="From the depot")

    def _count(self, day: int) -> None:
        counts = []
        for good in self.rng.sample(self.goods, 20):
            bin_ = good.bins["CENTRAL"]
            wrong = self.rng.choice((0, 0, 0, 0, -1, 1))
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

    def _write_off(self, day: int) -> None:
        for good in self._sample(self.rng.randint(1, 3)):
            quantity = min(1, good.on_hand["CENTRAL"])
            good.on_hand["CENTRAL"] -= quantity
            reason = self.rng.choice(("damaged", "damaged", "expired", "lost", "used"))
            gone = self._move(good, quantity, good.bins["CENTRAL"], self.places.adjustment)
            self._post(gone, day=day, hour=16, reason=reason, note="")

    def _return(self, day: int) -> None:
        good = self._sample(1)[0]
        good.on_hand["CENTRAL"] += 1
        back = self._move(good, 1, self.places.customer, good.bins["CENTRAL"])
        self._post(back, day=day, hour=14, reason="returned", note="Not needed")

    def _order(self, day: int) -> None:
        """Order what is short; some vendors let us wait, and a few never send."""
        for good in self.goods:
            if good.is_short and self.rng.random() < 0.3:  # noqa: PLR2004
                good.is_coming = True
                delay = self.rng.choice((0, 0, 0, 1, 2, 5, 9, DAYS))
                self.deliveries[day + good.lead_time + delay].append(
                    (good, good.order_quantity)
                )

    def _sample(self, number: int) -> list[DemoProduct]:
        """Choose goods by how well they sell, each once."""
        chosen = self.rng.choices(self.goods, self.weights, k=number)
        return [*{good.product.id: good for good in chosen}.values()]

    def _move(
        self, good: DemoProduct, quantity: int, start: Location, end: Location
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
        minute = self.rng.randrange(60)
        moment = self.first + timedelta(days=day, hours=hour, minutes=minute)
        if lines:
            entries = [kind(**line, **event, occurred_at=moment) for line in lines]
            post(entries, key=f"demo-{next(self.numbers)}")
