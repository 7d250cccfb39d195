"""What the tests of counting have in common: bins with goods, and people with scanners."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import User
from app.catalog.models import Product
from app.core.actors import Actor, acting_as
from app.core.db import db
from app.counting import queries, services
from app.counting.models import CountTask
from app.counting.services import Counter
from app.scanning.services import ActionResult
from app.stock.models import Location, Movement
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, UserFactory
from tests.stock.conftest import adjustments, main, move, stocked

__all__ = ["adjustments", "main", "move", "stocked"]


def bin_(code: str, sequence: int = 0, **values: Any) -> Location:
    return LocationFactory.create(
        code=code, **({"path": f"{code}/", "pick_sequence": sequence} | values)
    )


def goods(quantity: object, at: Location, sku: str, code: str, **values: Any) -> Product:
    product = ProductFactory.create(sku=sku, **values)
    BarcodeFactory.create(product=product, code=code)
    return stocked(quantity, product, at) if quantity else product


def fresh(count_id: int) -> Any:
    """The count as the database has it."""
    query = queries.count(count_id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def corrections() -> list[tuple[str, Any]]:
    """What counts have posted: SKU, and by how much more there is now."""
    rows = (
        db.session.query(Movement, Product.sku)
        .join(Product)
        .filter(Movement.reason == "counted")
    )
    adjustments = db.session.query(Location.id).filter_by(kind="adjustment").scalar()
    return [
        (sku, row.quantity if row.from_location_id == adjustments else -row.quantity)
        for row, sku in rows.order_by(Movement.id)
    ]


class Hand:
    """Somebody with a scanner, who counts."""

    def __init__(self, user: User, device: str = "tablet") -> None:
        self.user = user
        self.counter = Counter(user_id=user.id, device=device)

    def acting(self) -> Any:
        return acting_as(Actor(self.user.id, self.user.name, None))

    def claim(self, task: CountTask) -> Any:
        with self.acting():
            services.claim(task.id, self.counter)
        return fresh(task.id)

    def scan(self, task: CountTask, *codes: str) -> ActionResult:
        result = ActionResult()
        for code in codes:
            result = self.scan_as(uuid4(), task, code)
        return result

    def scan_as(self, scan_id: UUID, task: CountTask, code: str) -> ActionResult:
        with self.acting():
            return services.scan(task.id, self.counter, scan_id=scan_id, code=code)

    def set(self, task: CountTask, quantity: object) -> ActionResult:
        line_id = fresh(task.id).line_id
        with self.acting():
            return services.set_quantity(
                task.id,
                self.counter,
                scan_id=uuid4(),
                line_id=line_id,
                quantity=Decimal(str(quantity)),
            )

    def tap(self, verb: Any, task: CountTask) -> ActionResult:
        with self.acting():
            result: ActionResult = verb(task.id, self.counter, scan_id=uuid4())
        return result

    def count(self, task: CountTask, *codes: str) -> Any:
        """Count all of a bin: the codes, piece by piece; without any it is empty."""
        self.claim(task)
        self.scan(task, fresh(task.id).location.code, *codes)
        result = self.tap(services.finish if codes else services.report_empty, task)
        assert not result.is_wrong, result.message
        return fresh(task.id)

    def approve(self, task: CountTask, **values: Any) -> Any:
        with self.acting():
            services.approve(task.id, reason="Seen it myself", **values)
        return fresh(task.id)


def asked(place: Location, **values: Any) -> Any:
    """The count of a bin, made by hand."""
    return services.count_location(place.id, **values).counts[0]


@pytest.fixture
def hand() -> Hand:
    return Hand(UserFactory.create(name="Sam"))


@pytest.fixture
def other() -> Hand:
    return Hand(UserFactory.create(name="Kim"), "other tablet")


@pytest.fixture
def shelf() -> Location:
    return bin_("A-01", 1)


@pytest.fixture
def filters(shelf: Location) -> Product:
    """Ten paper filters in A-01, barcode FILTER1, at a cost of 2."""
    return goods(10, shelf, "F-1", "FILTER1", cost=Decimal(2))
