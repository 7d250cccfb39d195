"""Lots and pieces with many people at once: a piece is one, and a lot is made once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.db import db
from app.purchasing import services as purchasing
from app.purchasing.services import ReceivedItem
from app.stock import services
from app.stock.errors import InsufficientStock, LotUnfit, SerialOnHand
from app.stock.models import Balance, Lot, Reservation
from app.stock.reservations import ReservedQuantity
from app.stock.services import LotDraft, check_ledger
from tests.factories import LocationFactory, ProductFactory
from tests.purchasing.conftest import sent
from tests.stock.conftest import deadlocks, place  # noqa: F401  (deadlocks is a fixture)
from tests.stock.test_concurrency import at_once
from tests.stock.test_lots import available, come, lots_of

pytestmark = pytest.mark.committed

Deadlocks = Callable[[], int]
PEOPLE = 8


def agree() -> None:
    check_ledger(lambda _done, _total: None)  # raises, if they do not


def found(product_id: int, where: str, code: str, quantity: int, key: str) -> None:
    target = services.find_target(
        reason="found", product_id=product_id, location=where, lot=LotDraft(code)
    )
    services.adjust_stock(target, quantity=Decimal(quantity), reason="found", key=key)


def test_one_serial_number_comes_to_one_place_and_the_others_are_told(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    drill = ProductFactory.create(tracking="serial")
    bins = [LocationFactory.create(code=f"B-{n}", path=f"B-{n}/").code for n in range(PEOPLE)]
    session.commit()

    def find(number: int) -> str:
        found(drill.id, bins[number], "S1", 1, f"found {number}")
        return bins[number]

    results = at_once(app, find, PEOPLE)

    told = [one for one in results if isinstance(one, SerialOnHand)]
    assert len(told) == PEOPLE - 1, results
    assert lots_of(drill) == {"S1": 1}
    assert deadlocks() == 0
    agree()


def test_a_lot_that_many_bring_at_once_is_made_once(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    milk = ProductFactory.create(tracking="lot")
    session.commit()

    def find(number: int) -> None:
        found(milk.id, "MAIN-01", "L-1" if number % 2 else "l-1", 1, f"found {number}")

    results = at_once(app, find, 3 * PEOPLE)

    assert results == [None] * 3 * PEOPLE
    assert db.session.scalar(select(func.count()).select_from(Lot)) == 1
    assert [*lots_of(milk).values()] == [3 * PEOPLE]
    assert deadlocks() == 0
    agree()


def test_two_deliveries_with_one_serial_number_take_the_piece_in_once(
    app: Flask, session: Session
) -> None:
    drill = ProductFactory.create(tracking="serial")
    orders = [sent((drill, 1)) for _ in range(4)]
    lines = [(order.id, order.lines[0].id) for order in orders]
    session.commit()

    def receive(number: int) -> str:
        order_id, line_id = lines[number]
        item = ReceivedItem(Decimal(1), line_id=line_id, lot=LotDraft("S1"))
        return purchasing.receive_goods(order_id, [item], key=f"dock {number}").number

    results = at_once(app, receive, len(lines))

    assert sum(isinstance(one, str) for one in results) == 1, results
    assert sum(isinstance(one, SerialOnHand) for one in results) == len(lines) - 1
    assert lots_of(drill) == {"S1": 1}
    agree()


def block(lot: Any) -> None:
    services.block_lot(lot.id, reason="Recalled by the maker")


def bring(lot: Any) -> None:
    found(lot.product_id, "MAIN-01", "NEW", 2, "cut off")


@pytest.mark.parametrize(
    ("work", "at"), [(block, "lots.withhold"), (bring, "adjusting.post_in_block")]
)
def test_who_is_cut_off_in_the_middle_leaves_nothing_half_done(
    session: Session, monkeypatch: pytest.MonkeyPatch, work: Callable[[Any], None], at: str
) -> None:
    milk = ProductFactory.create(tracking="lot")
    lot: Any = come(milk, 3, "A")
    session.commit()

    def cut_off(*_args: Any, **_more: Any) -> None:
        session.connection().exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(f"app.stock.services.{at}", cut_off)
    with pytest.raises(OperationalError):
        work(lot)
    session.rollback()

    assert available(milk) == (3, 3)
    assert db.session.scalars(select(Lot.blocked_at)).all() == [None]
    monkeypatch.undo()
    block(lot)
    bring(lot)
    assert available(milk) == (5, 2)
    agree()


def test_what_is_blocked_while_others_reserve_it_is_not_reserved_after_that(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    milk = ProductFactory.create(tracking="lot")
    lot: Any = come(milk, 100, "A")
    where = place("MAIN-01").id
    session.commit()

    def work(number: int) -> str:
        if number == PEOPLE:
            services.block_lot(lot.id, reason="Recalled by the maker")
            return "blocked"
        part = ReservedQuantity(milk.id, where, lot.id, Decimal(1))
        services.reserve(part, key=f"reserve {number}")
        return "reserved"

    results = at_once(app, work, 3 * PEOPLE)

    assert {type(one) for one in results} <= {str, LotUnfit, InsufficientStock}, results
    reserved = db.session.scalar(select(func.coalesce(func.sum(Reservation.quantity), 0)))
    assert reserved == results.count("reserved")
    assert available(milk) == (100, 0)
    assert db.session.scalar(select(Balance.is_withheld)) is True
    assert deadlocks() == 0
    agree()
