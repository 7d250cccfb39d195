"""Receiving with 20 tablets: the answer to a scan, each at an order of its own.

What was scanned has to lie in the bins afterwards, to the piece, or the bench fails.
"""

import random
import threading
import time
from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import func, insert, select

from app.catalog.models import Vendor
from app.core.db import db
from app.purchasing import services as purchasing
from app.purchasing.models import PurchaseDraft
from app.stock.models import Balance, Location
from bench.clients import Measured
from bench.report import Row
from bench.servers import complaints
from bench.tablets import Answer, Tablet
from bench.warehouse import House

TABLETS, LINES, EACH, MOST = 20, 5, 1000, 200
PACE = 1.0, 2.0  # seconds between two scans
PIECES = 8  # scanned before they are put into a bin
SECONDS = 25
OK, SEE_OTHER = 200, 303
BIN = "DOCK-1"


class Receiver(threading.Thread):
    """Somebody who scans pieces of their order, and a bin after every few of them."""

    def __init__(self, port: int, cookie: str, order: str, codes: Sequence[str]) -> None:
        super().__init__()
        self.tablet, self.order, self.codes = Tablet(port, cookie), order, codes
        self.rng = random.Random(order)  # noqa: S311
        self.latencies: list[float] = []
        self.pieces, self.failure = 0, ""

    def run(self) -> None:
        """Work for so many seconds; what went wrong is told where all threads end."""
        try:
            self._work()
        except Exception as error:
            self.failure = f"{self.order}: {error!r}"
        finally:
            self.tablet.close()

    def _work(self) -> None:
        self.tablet.open("/receive")
        answer = self.tablet.submit("/receive", code=self.order, id=str(uuid4()))
        self._expect(answer, SEE_OTHER)
        page, end = answer.place, time.perf_counter() + SECONDS
        self.tablet.open(page)
        time.sleep(self.rng.uniform(0, PACE[1]))
        while time.perf_counter() < end:
            for _ in range(PIECES):
                self._scan(page, self.rng.choice(self.codes))
                self.pieces += 1
            self._scan(page, BIN)

    def _scan(self, page: str, code: str) -> None:
        [answer] = self.tablet.scan(f"{page}/scans", code)
        self._expect(answer, OK)
        if answer.sound == "wrong":
            raise RuntimeError(f"{code} was refused.")
        self.latencies.append(answer.seconds)
        time.sleep(max(self.rng.uniform(*PACE) - answer.seconds, 0))

    def _expect(self, answer: Answer, *statuses: int) -> None:
        if answer.status not in statuses:
            raise RuntimeError(f"{answer.status}: {answer.text[:300]}")


def rows(port: int, house: House) -> list[Row]:
    """Receive with 20 tablets at a pace.

    Raises:
        RuntimeError: The server answered what it never should, or the bin holds something else.
    """
    codes = [*house.codes.values()][:LINES]
    orders = _ordered(house)
    people = [
        Receiver(port, cookies[0], order, codes)
        for cookies, order in zip(house.people, orders, strict=False)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    if failures := [person.failure for person in people if person.failure]:
        raise RuntimeError(f"{len(failures)} failed: {failures[0]} {complaints()}")
    _prove(house, sum(person.pieces for person in people))
    done = Measured([one for person in people for one in person.latencies], SECONDS, [])
    return [
        Row(
            f"Scan a piece at receiving, {TABLETS} tablets, each every 1-2 s",
            f"p95 <= {MOST} ms",
            "",
            f"{done.per_second:.0f}/s",
            "",
            f"{done.percentile(0.5):.1f} ms",
            f"{done.percentile(0.95):.1f} ms",
            is_reached=done.percentile(0.95) <= MOST,
        )
    ]


def _ordered(house: House) -> list[str]:
    """Send an order for each tablet, and have a bin at the dock; gives the numbers."""
    with house.app.app_context():
        main = db.session.scalars(select(Location).where(Location.code == "MAIN")).one()
        at_dock = {"code": BIN, "kind": "bin", "parent_id": main.id}
        db.session.execute(insert(Location), [at_dock | {"path": f"{main.path}{BIN}/"}])
        db.session.commit()
        vendor_id = db.session.scalar(select(func.min(Vendor.id))) or 0
        numbers = []
        for _ in range(TABLETS):
            items = [
                PurchaseDraft(Decimal(EACH), product_id=one, unit_price=Decimal(2))
                for one in house.product_ids[:LINES]
            ]
            order = purchasing.create_order(vendor_id=vendor_id, items=items)
            purchasing.approve_order(order.id)
            numbers.append(purchasing.mark_sent(order.id).number)
        db.session.remove()
    return numbers


def _prove(house: House, pieces: int) -> None:
    with house.app.app_context():
        at_bin = select(func.coalesce(func.sum(Balance.on_hand), 0)).join(
            Location, Location.id == Balance.location_id
        )
        there = db.session.scalar(at_bin.where(Location.code == BIN))
        db.session.remove()
    if there != pieces:
        raise RuntimeError(f"{pieces} pieces were put into the bin, which holds {there}.")
