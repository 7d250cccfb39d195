"""Many hands at once: one wins, the others are told, and the ledger agrees to the piece."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.counting import services
from app.counting.errors import NotAllowed
from app.counting.models import CountTask
from app.counting.services import Counter
from app.stock import services as stock
from app.stock.ledger import Move
from app.stock.models import Location
from app.stock.services import check_ledger
from tests.counting.conftest import Hand, asked, bin_, corrections, fresh, goods
from tests.factories import UserFactory
from tests.stock.conftest import deadlocks, on_hand, place  # noqa: F401  (a fixture)
from tests.stock.test_concurrency import at_once

pytestmark = pytest.mark.committed

NINE = ["FILTER1"] * 9


@pytest.fixture
def task(session: Session) -> Any:
    """The count of ten paper filters in A-01."""
    shelf = bin_("A-01", 1)
    goods(10, shelf, "F-1", "FILTER1")
    return asked(shelf)


def test_of_two_tablets_that_take_a_count_one_wins(app: Flask, task: Any) -> None:
    people = [UserFactory.create(name=f"Person {number}").id for number in range(6)]

    def claim(number: int) -> int:
        counter = Counter(user_id=people[number], device=f"tablet {number}")
        return services.claim(task.id, counter).claimed_by_id or 0

    results = at_once(app, claim, 6)

    [winner] = [one for one in results if isinstance(one, int)]
    told = [str(one) for one in results if isinstance(one, NotAllowed)]
    assert len(told) == 5
    assert all("is counting A-01" in one for one in told)
    assert fresh(task.id).claimed_by_id == winner


def test_one_person_on_two_tablets_takes_one_bin(app: Flask, task: Any) -> None:
    second = bin_("B-01")
    tasks = [task.id, services.count_location(second.id).counts[0].id]
    user_id = UserFactory.create().id

    def claim(number: int) -> int:
        counter = Counter(user_id=user_id, device=f"tablet {number}")
        return services.claim(tasks[number], counter).id

    results = at_once(app, claim, 2)

    assert len([one for one in results if isinstance(one, NotAllowed)]) == 1


def test_one_scan_sent_many_times_at_once_counts_once(app: Flask, task: Any) -> None:
    hand = Hand(UserFactory.create())
    hand.claim(task)
    hand.scan(task, "A-01")
    scan_id = uuid4()

    results = at_once(app, lambda _n: hand.scan_as(scan_id, task, "FILTER1").is_repeat, 6)

    assert sorted(map(str, results)) == ["False"] + ["True"] * 5
    assert fresh(task.id).lines[0].counted == 1


def test_many_approvals_at_once_post_once(app: Flask, task: Any) -> None:
    Hand(UserFactory.create()).count(task, *NINE)
    hands = [Hand(UserFactory.create()) for _ in range(6)]

    results = at_once(app, lambda n: hands[n].approve(task).state, 6)

    assert results.count("done") == 1
    assert len([one for one in results if isinstance(one, NotAllowed)]) == 5
    db.session.rollback()
    assert corrections() == [("F-1", -1)]


def test_a_doubt_from_many_pickers_at_once_makes_one_count(
    app: Flask, session: Session
) -> None:
    shelf = bin_("A-01", 1)
    product = goods(10, shelf, "F-1", "FILTER1")

    def doubt(_number: int) -> int | None:
        return services.count_discrepancy(shelf.id, product.id, cause="short", note="")

    results = at_once(app, doubt, 6)

    assert sorted(one is None for one in results) == [False] + [True] * 5
    assert db.session.scalar(select(func.count()).select_from(CountTask)) == 1


def test_counting_while_goods_come_and_go_loses_nothing(
    app: Flask,
    session: Session,
    deadlocks: Callable[[], int],  # noqa: F811
) -> None:
    bins = [bin_(f"A-{number}", number) for number in range(4)]
    products = [goods(100, one, f"P-{n}", f"CODE{n}") for n, one in enumerate(bins)]
    tasks = [asked(one) for one in bins]
    hands = [Hand(UserFactory.create()) for _ in bins]
    outside = place("ADJUSTMENTS")

    def work(number: int) -> Any:
        if number >= 40:
            return _count(hands[number - 40], tasks[number - 40], f"CODE{number - 40}")
        start, end = bins[number % 4], bins[(number + 1) % 4]
        return stock.post(
            _moves(products[number % 4].id, start, end, outside), key=f"m{number}"
        )

    # The four that count are the last to begin, and work among those that move.
    results = at_once(app, work, 44)

    assert [one for one in results if isinstance(one, Exception)] == []
    session.rollback()
    for task, hand in zip(tasks, hands, strict=True):
        if fresh(task.id).state == "review":
            hand.approve(task)
    assert check_ledger(lambda _done, _total: None)["differences"] == 0
    posted = sum(quantity for _sku, quantity in corrections())
    total = sum(on_hand(product, one) for product in products for one in bins)
    assert total == 400 + 40 + posted


def _moves(product_id: int, start: Location, end: Location, outside: Location) -> list[Move]:
    values: dict[str, Any] = {"product_id": product_id, "quantity": Decimal(1)}
    return [
        Move(from_location_id=outside.id, to_location_id=start.id, reason="found", **values),
        Move(from_location_id=start.id, to_location_id=end.id, reason="moved", **values),
    ]


def _count(hand: Hand, task: Any, code: str) -> str:
    hand.claim(task)
    hand.scan(task, fresh(task.id).location.code, code)
    hand.set(task, 98)
    hand.tap(services.finish, task)
    return str(fresh(task.id).state)
