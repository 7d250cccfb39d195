"""Many tablets at once: duplicates, delays and reloads; it all agrees to the piece."""

import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog.models import Product
from app.core.actors import Actor, acting_as
from app.core.db import db
from app.fulfilment import services
from app.fulfilment.models import PickLine, PickTask, PickTaskOrder
from app.fulfilment.services import Picker
from app.orders.models import SalesOrder
from app.stock.models import Balance, Movement, Reservation
from app.stock.services import check_ledger
from tests.conftest import client_of
from tests.factories import ProductFactory, RoleFactory, UserFactory
from tests.fulfilment.conftest import Hand, bin_, confirmed, fresh, goods, tote
from tests.fulfilment.tablets import Tablet
from tests.stock.conftest import deadlocks  # noqa: F401  (a fixture)
from tests.stock.test_concurrency import at_once
from tests.stock.test_lots import come

pytestmark = pytest.mark.committed

Deadlocks = Callable[[], int]
TABLETS, ORDERS = 6, 18


def test_many_claims_at_once_share_out_the_orders(app: Flask, session: Session) -> None:
    product = goods(50, bin_("A-01"), "F-1", "FILTER1")
    for number in range(8):
        tote(f"T-{number}")
        confirmed((product, 1))
    people = [UserFactory.create().id for _ in range(8)]

    def claim(number: int) -> Any:
        task = services.next_task(Picker(user_id=people[number], device="x"))
        return task.id if task else None

    results = at_once(app, claim, 8)

    assert len(set(results)) == 8
    taken = db.session.scalars(select(PickTaskOrder.order_id)).all()
    assert len(set(taken)) == len(taken) == 8


def test_one_person_on_two_tablets_gets_one_pick_task(app: Flask, session: Session) -> None:
    product = goods(50, bin_("A-01"), "F-1", "FILTER1")
    for number in range(4):
        tote(f"T-{number}")
        confirmed((product, 1))
    user_id = UserFactory.create().id

    def claim(number: int) -> Any:
        task = services.next_task(Picker(user_id=user_id, device=f"tablet {number}"))
        assert task is not None
        return task.id

    results = at_once(app, claim, 4)

    assert len(set(results)) == 1


def test_one_scan_sent_twice_at_once_counts_once(app: Flask, session: Session) -> None:
    product = goods(50, bin_("A-01"), "F-1", "FILTER1")
    tote("T-1")
    confirmed((product, 9))
    hand = Hand(UserFactory.create())
    task = hand.claim()
    hand.scan(task, "A-01")
    scan_id = uuid4()

    def send(_number: int) -> bool:
        with hand.acting():
            result = services.scan(task.id, hand.picker, scan_id=scan_id, code="FILTER1")
        return result.is_repeat

    results = at_once(app, send, 6)

    assert sorted(map(str, results)) == ["False"] + ["True"] * 5
    assert fresh(task.id).lines[0].picked == 1


def test_of_two_tablets_on_one_pick_task_one_wins(app: Flask, session: Session) -> None:
    product = goods(50, bin_("A-01"), "F-1", "FILTER1")
    tote("T-1")
    confirmed((product, 9))
    hand = Hand(UserFactory.create())
    task = hand.claim()
    hand.scan(task, "A-01")
    hands = [hand, Hand(hand.user, "other tablet")]

    results = at_once(app, lambda n: hands[n].scan(task, "FILTER1").outcome, 2)

    assert sorted(results) == ["ok", "wrong"]
    assert fresh(task.id).lines[0].picked == 1


def in_app(app: Flask, work: Callable[[], Any]) -> Any:
    with app.app_context():
        return work()


def stocked_house() -> list[Product]:
    bins = [bin_(f"B-{number}", number) for number in range(4)]
    for number in range(TABLETS * 2):
        tote(f"T-{number}")
    return [goods(60, at, f"P-{n}", f"CODE-P-{n}") for n, at in enumerate(bins)]


def pickers() -> list[User]:
    permissions = ["fulfilment.pick", "fulfilment.pack"]
    role = RoleFactory.create(permissions=permissions)
    return [UserFactory.create(role=role) for _ in range(TABLETS)]


def all_at_work(app: Flask) -> list[BaseException]:
    """Let six people pick, pack and ship until nothing is ready; give what went wrong."""
    tablets = [Tablet(client_of(app, user), seed) for seed, user in enumerate(pickers())]
    failures: list[BaseException] = []

    def run(tablet: Tablet) -> None:
        try:
            in_app(app, tablet.work)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(tablet,)) for tablet in tablets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return failures


def test_tablets_that_repeat_and_reload_ship_each_piece_once(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    products, chance = stocked_house(), random.Random(7)
    ordered = Decimal(0)
    for _ in range(ORDERS):
        wanted = [(one, chance.randint(1, 3)) for one in chance.sample(products, 2)]
        ordered += sum(quantity for _product, quantity in wanted)
        confirmed(*wanted)

    assert all_at_work(app) == []

    db.session.expire_all()
    statuses = db.session.execute(select(SalesOrder.status, func.count()).group_by("status"))
    assert dict(statuses.all()) == {"shipped": ORDERS}
    assert total(Movement.quantity, Movement.reason == "shipped") == ordered
    assert total(PickLine.picked, PickLine.state == "picked") == ordered
    assert total(Reservation.quantity, Reservation.state == "active") == 0
    assert total(Balance.on_hand) == 240 - ordered
    assert {*db.session.scalars(select(PickTask.state))} == {"done"}
    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)  # raises, if they do not agree


def total(column: Any, *where: Any) -> Any:
    return db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where))


def test_two_pickers_who_take_one_piece_do_not_both_have_it(
    app: Flask,
    session: Session,
    deadlocks: Deadlocks,  # noqa: F811
) -> None:
    shelf = bin_("A-01")
    drill = ProductFactory.create(sku="DRILL", tracking="serial")
    for serial in ("S1", "S2", "S3"):
        come(drill, 1, serial, at=shelf.code)
    hands = [Hand(UserFactory.create()) for _ in range(2)]
    tasks = []
    for number, hand in enumerate(hands):
        tote(f"T-{number}")
        confirmed((drill, 1))
        tasks.append(hand.claim().id)
        hand.scan(fresh(tasks[-1]), "A-01")
    pickers = [(hand.picker, Actor(hand.user.id, hand.user.name, None)) for hand in hands]

    def scan(number: int) -> Any:
        picker, actor = pickers[number]
        with acting_as(actor):
            return services.scan(tasks[number], picker, scan_id=uuid4(), code="S3")

    results = at_once(app, scan, 2)

    assert sorted(one.is_wrong for one in results) == [False, True], results
    [wrong] = [one for one in results if one.is_wrong]
    assert "Serial S3 is reserved for others" in wrong.message
    taken = [line.lot.code for task in tasks for line in fresh(task).lines if line.picked]
    assert taken == ["S3"]
    active = select(Reservation.lot_id).where(Reservation.state == "active")
    reserved = session.scalars(active).all()
    assert len({*reserved}) == len(reserved) == 2
    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)
