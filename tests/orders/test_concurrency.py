"""Many people at once: no piece is reserved or shipped twice, nobody waits in a circle."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.documents.errors import NotAllowed
from app.orders import services
from app.orders.models import OrderLine, SalesOrder
from app.stock.models import Balance
from app.stock.services import check_ledger
from tests.factories import LocationFactory, ProductFactory
from tests.orders.conftest import again, confirmed, drafted, held, on_hand, stocked
from tests.stock.conftest import deadlocks  # noqa: F401  (a fixture)
from tests.stock.test_concurrency import at_once

pytestmark = pytest.mark.committed

Deadlocks = Callable[[], int]


def test_orders_confirmed_at_once_never_reserve_the_same_piece(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    goods = [ProductFactory.create() for _ in range(3)]
    bins = [LocationFactory.create() for _ in range(3)]
    for product in goods:
        for bin_ in bins:
            stocked(5, product, bin_)
    # Each names the products in another order, which the locks must not follow.
    wanted = [goods[n % 3 :] + goods[: n % 3] for n in range(12)]
    ids = [drafted(*((product, 2) for product in some)).id for some in wanted]

    results = at_once(app, lambda number: services.confirm_order(ids[number]).status, 12)

    assert Counter(results) == {"allocated": 7, "part_allocated": 1, "confirmed": 4}
    sums = select(func.sum(Balance.on_hand), func.sum(Balance.reserved))
    assert [*db.session.execute(sums).one()] == [Decimal(45), Decimal(45)]
    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)  # raises, if they do not agree


def test_one_order_confirmed_by_many_is_confirmed_once(app: Flask, session: Session) -> None:
    product = stocked(50)
    order = drafted((product, 2))

    results = at_once(app, lambda _n: services.confirm_order(order.id).status, 8)

    assert results.count("allocated") == 1
    assert sum(isinstance(one, NotAllowed) for one in results) == 7
    assert held(product) == (50, 2)


def test_a_key_that_comes_at_once_ships_once(app: Flask, session: Session) -> None:
    product = stocked(10)
    order = confirmed((product, 6))
    part = {order.lines[0].id: Decimal(2)}

    results = at_once(app, lambda _n: services.ship_order(order.id, part, key="one").id, 8)

    assert len(set(results)) == 1
    assert (on_hand(product), again(order).lines[0].quantity_shipped) == (8, 2)


def test_people_who_ship_confirm_cancel_and_change_at_once_leave_it_proven(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    goods = [stocked(40), stocked(40)]
    orders = [confirmed((goods[0], 2), (goods[1], 2)) for _ in range(12)]
    drafts = [drafted((goods[1], 1), (goods[0], 1)) for _ in range(12)]

    def work(number: int) -> Any:
        one = number // 4
        steps: list[Callable[[], Any]] = [
            lambda: services.ship_order(orders[one].id, key=f"ship {one}"),
            lambda: services.cancel_order(orders[one].id),
            lambda: services.confirm_order(drafts[one].id),
            lambda: services.close_short(orders[one].id, {orders[one].lines[0].id: Decimal(1)}),
        ]
        steps[number % 4]()

    results = at_once(app, work, 48)

    strange = [one for one in results if one is not None and not isinstance(one, NotAllowed)]
    assert [one for one in strange if type(one).__name__ != "Invalid"] == []
    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)  # raises, if they do not agree
    shipped = db.session.scalar(select(func.sum(OrderLine.quantity_shipped))) or 0
    assert sum(on_hand(product) for product in goods) == 80 - shipped


def test_twenty_orders_for_one_scarce_product_are_served_in_the_order_of_time(
    app: Flask, session: Session
) -> None:
    product = stocked(25)
    ids = [drafted((product, 3)).id for _ in range(20)]

    results = at_once(app, lambda number: services.confirm_order(ids[number]).status, 20)

    assert Counter(results) == {"allocated": 8, "part_allocated": 1, "confirmed": 11}
    assert held(product) == (25, 25)
    by_time = select(SalesOrder.status).order_by(SalesOrder.confirmed_at, SalesOrder.id)
    served = [*db.session.scalars(by_time)]
    assert served == ["allocated"] * 8 + ["part_allocated"] + ["confirmed"] * 11
