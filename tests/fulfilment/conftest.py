"""What the tests of pick & pack have in common: totes, orders with goods, and a picker."""

from typing import Any
from uuid import uuid4

import pytest

from app.accounts.models import User
from app.catalog.models import Product
from app.core.actors import Actor, acting_as
from app.core.db import db
from app.fulfilment import queries, services
from app.fulfilment.models import PickTask
from app.fulfilment.services import Picker
from app.scanning.services import ActionResult
from app.stock.models import Location
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, UserFactory
from tests.orders.conftest import confirmed, stocked

__all__ = ["confirmed", "stocked"]


def tote(code: str = "TOTE-1") -> Location:
    return LocationFactory.create(code=code, kind="tote", path=f"{code}/")


def bin_(code: str, sequence: int = 0) -> Location:
    return LocationFactory.create(code=code, path=f"{code}/", pick_sequence=sequence)


def goods(quantity: object, at: Location, sku: str, code: str) -> Product:
    product = ProductFactory.create(sku=sku, currency="EUR")
    BarcodeFactory.create(product=product, code=code)
    return stocked(quantity, product, at)


def fresh(task_id: int) -> Any:
    """The task as the database has it."""
    query = queries.task(task_id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


class Hand:
    """Somebody with a scanner."""

    def __init__(self, user: User, device: str = "tablet") -> None:
        self.user = user
        self.picker = Picker(user_id=user.id, device=device)

    def acting(self) -> Any:
        return acting_as(Actor(self.user.id, self.user.name, None))

    def claim(self) -> Any:
        with self.acting():
            task = services.next_task(self.picker)
        return fresh(task.id) if task else None

    def scan(self, task: PickTask, *codes: str) -> ActionResult:
        result = ActionResult()
        with self.acting():
            for code in codes:
                result = services.scan(task.id, self.picker, scan_id=uuid4(), code=code)
        return result

    def tap(self, verb: Any, task: PickTask, **values: Any) -> ActionResult:
        with self.acting():
            return verb(task.id, self.picker, scan_id=uuid4(), **values)

    def pack(self, part_id: int, *codes: str) -> ActionResult:
        result = ActionResult()
        with self.acting():
            for code in codes:
                result = services.scan_into_parcel(part_id, scan_id=uuid4(), code=code)
        return result


@pytest.fixture
def hand() -> Hand:
    return Hand(UserFactory.create())


@pytest.fixture
def shelf() -> Location:
    return bin_("A-01", 1)


@pytest.fixture
def filters(shelf: Location) -> Product:
    """Ten paper filters in A-01, barcode FILTER1."""
    return goods(10, shelf, "F-1", "FILTER1")


@pytest.fixture
def totes() -> list[Location]:
    return [tote("TOTE-1"), tote("TOTE-2"), tote("TOTE-3")]
