"""Many people at once: nothing is lost, nothing is counted twice, nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.stock import services
from app.stock.errors import CannotReverse, InsufficientStock
from app.stock.ledger import Move
from app.stock.models import Balance, Location, Movement, Posting, Reservation
from app.stock.reservations import ReservedQuantity
from tests.factories import LocationFactory, ProductFactory
from tests.stock.conftest import held, on_hand, place, stocked

pytestmark = pytest.mark.committed

Work = Callable[[int], Any]


def at_once(app: Flask, work: Work, times: int, *, threads: int = 12) -> list[Any]:
    """Do the work in threads with connections of their own; exceptions are results, too."""

    def one(number: int) -> Any:
        with app.app_context():
            try:
                return work(number)
            except Exception as error:
                return error

    with ThreadPoolExecutor(threads) as people:
        return list(people.map(one, range(times)))


def line(product_id: int, start: Location, end: Location, quantity: int = 1) -> Move:
    return Move(
        product_id=product_id,
        from_location_id=start.id,
        to_location_id=end.id,
        quantity=Decimal(quantity),
        reason="moved",
    )


def test_two_hundred_parallel_adjustments_of_one_product_add_up(
    app: Flask, session: Session, deadlocks: Callable[[], int]
) -> None:
    product = ProductFactory.create()
    adjustments, main = place("ADJUSTMENTS"), place("MAIN-01")

    def receive(number: int) -> None:
        services.post([line(product.id, adjustments, main, number + 1)], key=f"r{number}")

    results = at_once(app, receive, 200)

    assert results == [None] * 200
    moved = select(func.sum(Movement.quantity))
    assert on_hand(product) == db.session.scalar(moved) == sum(range(1, 201))
    assert deadlocks() == 0


def test_transfers_in_opposite_directions_do_not_wait_in_a_circle(
    app: Flask, session: Session, deadlocks: Callable[[], int]
) -> None:
    here, there = place("MAIN-01"), LocationFactory.create()
    goods = [stocked(50, ProductFactory.create(), at) for at in (here, there)]
    for product in goods:
        stocked(50, product, here)
        stocked(50, product, there)

    def carry(number: int) -> None:
        ends = (here, there) if number % 2 else (there, here)
        products = goods if number % 4 < 2 else goods[::-1]
        services.post([line(p.id, *ends) for p in products], key=f"carry {number}")

    results = at_once(app, carry, 120)

    assert results == [None] * 120
    for product, total in zip(goods, (150, 150), strict=True):
        assert on_hand(product, here) + on_hand(product, there) == total
    assert deadlocks() == 0


def test_balances_that_do_not_exist_yet_are_made_without_a_circle(
    app: Flask, session: Session, deadlocks: Callable[[], int]
) -> None:
    outside, bins = place("SUPPLIERS"), LocationFactory.create_batch(4)
    product = ProductFactory.create()

    def receive(number: int) -> None:
        order = bins[number % 4 :] + bins[: number % 4]
        services.post([line(product.id, outside, b) for b in order], key=f"r{number}")

    results = at_once(app, receive, 40)

    assert results == [None] * 40
    assert [on_hand(product, b) for b in bins] == [40] * 4
    assert deadlocks() == 0


def test_one_key_at_once_counts_once(app: Flask, session: Session) -> None:
    product = stocked(1)
    adjustments, main = place("ADJUSTMENTS"), place("MAIN-01")

    def click(_number: int) -> Any:
        return services.post([line(product.id, adjustments, main, 7)], key="one form")

    answers = at_once(app, click, 12)

    assert on_hand(product) == 8
    assert sorted(answer.is_repeat for answer in answers) == [False] + [True] * 11
    assert len({(answer.id, answer.movement_ids, answer.balances) for answer in answers}) == 1


def test_a_double_click_that_takes_the_last_piece_hears_of_no_shortage(
    app: Flask, session: Session
) -> None:
    product = stocked(1)
    adjustments, main = place("ADJUSTMENTS"), place("MAIN-01")

    def click(_number: int) -> Any:
        return services.post([line(product.id, main, adjustments)], key="one form").id

    answers = at_once(app, click, 8)

    assert len(set(answers)) == 1
    assert on_hand(product) == 0


def test_the_last_pieces_leave_once(app: Flask, session: Session) -> None:
    product = stocked(10)
    adjustments, main = place("ADJUSTMENTS"), place("MAIN-01")

    def take(number: int) -> Any:
        return services.post([line(product.id, main, adjustments)], key=f"t{number}").id

    results = at_once(app, take, 30)

    refused = [result for result in results if isinstance(result, InsufficientStock)]
    assert (len(refused), on_hand(product)) == (20, 0)


def test_what_is_reserved_at_once_is_never_more_than_there_is(
    app: Flask, session: Session
) -> None:
    product, main = stocked(10), place("MAIN-01")

    def reserved(number: int) -> Any:
        quantity = ReservedQuantity(product.id, main.id, None, Decimal(1))
        return services.reserve(quantity, key=f"p{number}").id

    results = at_once(app, reserved, 25)

    refused = [result for result in results if isinstance(result, InsufficientStock)]
    assert (len(refused), held(product)) == (15, (10, 10))
    assert session.query(Reservation).count() == 10


def test_one_reservation_form_sent_twice_at_once_reserves_once(
    app: Flask, session: Session
) -> None:
    product, main = stocked(10), place("MAIN-01")

    def click(_number: int) -> Any:
        quantity = ReservedQuantity(product.id, main.id, None, Decimal(4))
        return services.reserve(quantity, key="one form").id

    results = at_once(app, click, 8)

    assert len(set(results)) == 1
    assert held(product) == (10, 4)


def test_reserving_releasing_and_leaving_do_not_wait_in_a_circle(
    app: Flask, session: Session, deadlocks: Callable[[], int]
) -> None:
    product, main, customers = stocked(100), place("MAIN-01"), place("CUSTOMERS").id

    def live(number: int) -> Any:
        quantity = ReservedQuantity(product.id, main.id, None, Decimal(1))
        reservation = services.reserve(quantity, key=f"r{number}")
        if number % 2:
            return services.release(reservation.id).state
        return services.fulfil(
            [reservation.id], to_location_id=customers, key=f"f{number}"
        ).is_repeat

    results = at_once(app, live, 60)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert held(product) == (70, 0)
    assert deadlocks() == 0


def test_two_people_who_undo_one_posting_undo_it_once(app: Flask, session: Session) -> None:
    product = stocked(5)
    posting_id = session.query(Posting.id).scalar()

    def undo(number: int) -> Any:
        return services.reverse_posting(posting_id, key=f"undo {number}").id

    results = at_once(app, undo, 6)

    assert len([result for result in results if isinstance(result, CannotReverse)]) == 5
    assert on_hand(product) == 0


def test_nothing_is_put_into_a_location_that_goes_out_of_use(
    app: Flask, session: Session
) -> None:
    adjustments = place("ADJUSTMENTS")
    product, going = ProductFactory.create(), LocationFactory.create_batch(10)

    def race(number: int) -> Any:
        bin_ = going[number // 2]
        if number % 2:
            return services.deactivate_location(bin_.id).id
        return services.post([line(product.id, adjustments, bin_)], key=f"k{number}").id

    at_once(app, race, 20)

    session.rollback()
    lost = (
        select(func.count())
        .select_from(Balance)
        .join(Balance.location)
        .where(Balance.on_hand > 0, ~Location.is_active)
    )
    assert db.session.scalar(lost) == 0
