"""A shop whose paid orders are among those that are picked: its view has to agree with ours.

The stand-in runs in this process, which does nothing else while people pick.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from flask import Flask
from sqlalchemy import or_, select

from app.core.db import db
from app.core.jobs import JobRun, runner
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.services import start_sync
from app.integrations.systems.magento.connector import Magento as Connector
from tests.standins.magento import Magento
from tests.standins.magento.access import credential
from tests.standins.magento.products import kind_of, sku_of

THINGS = 60
NUMBERS = [number for number in range(1, THINGS + 1) if kind_of(number) == "simple"]
SKUS = [sku_of(number) for number in NUMBERS]
WORK = (
    "sync",
    "apply_changes",
    "queue_shipments",
    "deliver_outbox",
)  # what a worker would do for the shop


class Shopfront(NamedTuple):
    """The shop, and the orders that were placed there."""

    app: Flask
    shop: Magento
    keys: list[int]

    def place(self, count: int) -> None:
        """Let people order and pay, one to three pieces of one to three things; fetch it."""
        rng = random.Random(21)  # noqa: S311
        for _ in range(count):
            things = rng.sample(NUMBERS, rng.randint(1, 3))
            demand = [(number, rng.randint(1, 3)) for number in things]
            self.keys.append(self.shop.shop.place_paid(demand))
        with self.app.app_context():
            connection_id = db.session.scalars(select(Connection.id)).one()
            start_sync(connection_id, mode="changes", cause="person")
            _work()
            db.session.remove()

    def prove(self) -> None:
        """Tell what has left, and check that the shop knows of every piece once.

        Raises:
            RuntimeError: It does not.
        """
        with self.app.app_context():
            _work()
            db.session.remove()
        orders = [self.shop.shop.order(key) for key in self.keys]
        ordered = {
            item["item_id"]: item["qty_ordered"] for order in orders for item in order["items"]
        }
        told = self.shop.shop.pieces_shipped()
        open_ = [order["increment_id"] for order in orders if order["state"] != "complete"]
        if open_ or told != ordered:
            raise RuntimeError(f"The shop thinks otherwise: {open_}, {told} of {ordered}")


@contextmanager
def shopfront(app: Flask) -> Iterator[Shopfront]:
    """Open a shop without orders, and connect it; things with its codes are there already."""
    Connector.rate = Rate(1e6, 10**6)
    with Magento(products=THINGS, orders=0, record=False).running() as shop:
        with app.app_context():
            token = {"access_token": credential("accesstoken")}
            connect_with_credentials(
                "magento", address=shop.url, method="token", credentials=token
            )
            _work()
            db.session.remove()
        yield Shopfront(app, shop, [])


def _work() -> None:
    """Do what waits, as a worker does, and nothing else: others' jobs are not for the shop."""
    kinds = or_(*(JobRun.job.endswith(f":{name}") for name in WORK))
    waiting = select(JobRun.id).where(JobRun.state == "queued", kinds).order_by(JobRun.id)
    while (run_id := db.session.scalars(waiting.limit(1)).first()) is not None:
        db.session.commit()
        runner.perform(run_id)
