"""Two people receive one line at once: never a doubled piece."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.purchasing import services
from app.purchasing.services import ReceivedItem
from app.stock.services import check_ledger
from tests.factories import ProductFactory
from tests.purchasing.conftest import again, number, on_hand, sent
from tests.stock.conftest import deadlocks  # noqa: F401  (a fixture)
from tests.stock.test_concurrency import at_once

pytestmark = pytest.mark.committed

Deadlocks = Callable[[], int]


def test_many_who_receive_one_line_at_once_never_take_in_more_than_was_ordered(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    product = ProductFactory.create()
    order = sent((product, 10))
    line_id = order.lines[0].id

    def receive(person: int) -> str:
        item = ReceivedItem(number(3), line_id=line_id)
        return services.receive_goods(order.id, [item], key=f"person {person}").number

    results = at_once(app, receive, 6)

    assert sum(isinstance(one, str) for one in results) == 3
    assert sum(isinstance(one, Invalid) for one in results) == 3
    assert (on_hand(product), again(order).lines[0].units_received) == (9, 9)
    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)  # raises, if they do not agree


def test_one_receipt_sent_by_many_is_taken_in_once(app: Flask, session: Session) -> None:
    product = ProductFactory.create()
    order = sent((product, 10))
    item = ReceivedItem(number(3), line_id=order.lines[0].id)

    def receive(_person: int) -> int:
        return services.receive_goods(order.id, [item], key="the same").id

    results = at_once(app, receive, 6)

    assert len(set(results)) == 1
    assert on_hand(product) == 3
