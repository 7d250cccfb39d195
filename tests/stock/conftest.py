"""What the tests of stock have in common."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from psycopg2.errorcodes import DEADLOCK_DETECTED
from sqlalchemy import Engine, event, select
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import services as accounts
from app.catalog.models import Product
from app.core.db import db
from app.stock import services
from app.stock.ledger import Move, Posted
from app.stock.models import Balance, Location
from tests.factories import LocationFactory, ProductFactory, RoleFactory, UserFactory

NUMBERS = count(1)
ROOT = "/api/v1/inventory"
ADJUSTMENTS = f"{ROOT}/adjustments"
TRANSFERS = f"{ROOT}/transfers"
MOVEMENTS = f"{ROOT}/movements"
LOCATIONS = f"{ROOT}/locations"

Call = Callable[..., TestResponse]
ALL = ("stock.view", "stock.adjust", "stock.transfer", "locations.edit", "products.edit")


def place(code: str) -> Location:
    return db.session.scalars(select(Location).where(Location.code == code)).one()


def stocked(
    quantity: object, product: Product | None = None, at: Location | None = None
) -> Product:
    """A product of which so much lies in a bin: MAIN-01 unless said."""
    product = product or ProductFactory.create()
    bin_ = at or place("MAIN-01")
    services.post(
        [
            Move(
                product_id=product.id,
                from_location_id=place("ADJUSTMENTS").id,
                to_location_id=bin_.id,
                quantity=Decimal(str(quantity)),
                reason="opening",
            )
        ],
        key=f"stocked {next(NUMBERS)}",
    )
    return product


def held(product: Product, at: Location | None = None) -> tuple[Any, Any]:
    """What is on hand and reserved of a product in a bin, MAIN-01 unless said."""
    bin_ = at or place("MAIN-01")
    row = db.session.execute(
        select(Balance.on_hand, Balance.reserved).where(
            Balance.product_id == product.id, Balance.location_id == bin_.id
        )
    ).one_or_none()
    return (row.on_hand, row.reserved) if row else (Decimal(0), Decimal(0))


def on_hand(product: Product, at: Location | None = None) -> Any:
    return held(product, at)[0]


@pytest.fixture
def main(session: Session) -> Location:
    return place("MAIN-01")


@pytest.fixture
def adjustments(session: Session) -> Location:
    return place("ADJUSTMENTS")


Mover = Callable[..., Posted]


@pytest.fixture
def move(adjustments: Location, main: Location) -> Mover:
    """Post one move; into MAIN-01 unless said."""

    def move(
        product: Product, quantity: object = 1, *, key: str = "", **changes: object
    ) -> Posted:
        values: dict[str, object] = {
            "product_id": product.id,
            "from_location_id": adjustments.id,
            "to_location_id": main.id,
            "quantity": Decimal(str(quantity)),
            "reason": "found",
        }
        line = Move(**(values | changes))  # type: ignore[arg-type]
        return services.post([line], key=key or f"move {next(NUMBERS)}")

    return move


@pytest.fixture
def second(main: Location) -> Location:
    """Another bin of the main warehouse."""
    return LocationFactory.create(
        code="MAIN-02", path="MAIN/MAIN-02/", parent_id=main.parent_id
    )


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """Collect everything but savepoints that is sent to the database."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" not in statement:  # in tests every transaction is one
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield sent
    event.remove(Engine, "before_cursor_execute", listen)


@pytest.fixture
def deadlocks() -> Iterator[Callable[[], int]]:
    """Tell how many deadlocks PostgreSQL has had to end since the test began.

    They are counted where we are told: its own statistics come up to ten seconds late, when
    the next test has begun.
    """
    ended: list[BaseException | None] = []

    def note(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "pgcode", "") == DEADLOCK_DETECTED:
            ended.append(context.original_exception)

    event.listen(Engine, "handle_error", note)
    yield lambda: len(ended)
    event.remove(Engine, "handle_error", note)


@pytest.fixture
def call(app: Flask) -> Call:
    """Call the API as a program that may do everything with stock."""
    user = UserFactory.create(role=RoleFactory.create(permissions=list(ALL)))
    token = accounts.create_token(user, name="test")

    def call(method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token}", **named}
        return app.test_client().open(path, method=method, json=body, headers=bearer)

    return call


def data(response: TestResponse) -> Any:
    return response.json
