"""What the tests of orders have in common.

Orders are given as `Any`: then their quantities may be compared with plain numbers.
"""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Customer, Product
from app.core.db import db
from app.orders import queries, services
from app.orders.models import ItemDraft, SalesOrder
from app.stock.models import Location, Reservation
from tests.core.conftest import bearer
from tests.factories import CustomerFactory, LocationFactory, ProductFactory
from tests.stock.conftest import held, on_hand, place, stocked

__all__ = ["bearer", "held", "on_hand", "place", "stocked"]

KEYS = count(1)


def key() -> str:
    return f"test {next(KEYS)}"


def number(value: object) -> Decimal:
    return Decimal(str(value))


def drafted(
    *wanted: tuple[Product, object], customer: Customer | None = None, **values: Any
) -> Any:
    """A draft of an order of some products; at 10 each, without tax, unless said."""
    customer = customer or CustomerFactory.create(currency="EUR")
    price = number(values.pop("unit_price", 10))
    items = [
        ItemDraft(number(quantity), product_id=product.id, unit_price=price)
        for product, quantity in wanted
    ]
    return services.create_order(customer_id=customer.id, items=items, **values)


def confirmed(*wanted: tuple[Product, object], **values: Any) -> Any:
    return services.confirm_order(drafted(*wanted, **values).id)


def again(order: SalesOrder) -> Any:
    """The order as the database has it."""
    fresh = queries.order(order.id).execution_options(populate_existing=True)
    return db.session.scalars(fresh).one()


def reserved(order: SalesOrder) -> list[tuple[str, Any]]:
    """What is reserved for an order: place and quantity."""
    rows = db.session.scalars(queries.reservations_of([line.id for line in again(order).lines]))
    return [(row.location.code, row.quantity) for row in rows]


def reservations(state: str) -> int:
    return len(db.session.scalars(select(Reservation).where(Reservation.state == state)).all())


Bin = Callable[..., Location]


@pytest.fixture
def new_bin() -> Bin:
    """Another place in the main warehouse."""

    def new_bin(code: str, **values: Any) -> Location:
        parent = place("MAIN-01").parent_id
        known = {"code": code, "path": f"MAIN/{code}/", "parent_id": parent}
        return LocationFactory.create(**(known | values))

    return new_bin


@pytest.fixture
def product() -> Product:
    return ProductFactory.create(
        sku="P-1", name="Paper filters", currency="EUR", price=Decimal(5)
    )
