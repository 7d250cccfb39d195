"""The posting function: what it does."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.actors import Actor, acting_as
from app.core.broker import broker, live_channel
from app.core.idempotency import KeyReused
from app.stock.errors import InsufficientStock
from app.stock.ledger import Count, Move, post
from app.stock.models import Balance, Location, Lot, Movement
from app.stock.reservations import ReservedQuantity
from app.stock.services import reserve
from tests.factories import LocationFactory, ProductFactory, UserFactory
from tests.stock.conftest import Mover, on_hand, place, stocked


def count(product_id: int, counted: object, **changes: Any) -> Count:
    return Count(
        product_id=product_id,
        location_id=place("MAIN-01").id,
        against_id=place("ADJUSTMENTS").id,
        counted=Decimal(str(counted)),
        **changes,
    )


def test_goods_leave_one_place_and_lie_at_the_other(
    move: Mover, main: Location, second: Location
) -> None:
    product = stocked(10)

    move(product, "2.5", from_location_id=main.id, to_location_id=second.id)

    assert (on_hand(product), on_hand(product, second)) == (Decimal("7.5"), Decimal("2.5"))


def test_a_movement_says_everything_about_itself(
    session: Session, move: Mover, main: Location, adjustments: Location
) -> None:
    user, moment = UserFactory.create(), datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    product = ProductFactory.create()
    said: dict[str, Any] = {
        "reason": "received",
        "note": "first delivery",
        "document_type": "order",
        "document_id": 7,
        "device": "tablet 3",
        "unit_cost": Decimal("1.2345"),
        "occurred_at": moment,
    }

    with acting_as(Actor(user.id, user.name, None)):
        posted = move(product, 3, **said)

    movement = session.query(Movement).filter_by(product_id=product.id).one()
    assert posted.movement_ids == (movement.id,)
    assert movement.posting_id == posted.id
    assert {name: getattr(movement, name) for name in said} == said
    assert (movement.actor_id, movement.quantity) == (user.id, Decimal(3))
    assert (movement.from_location_id, movement.to_location_id) == (adjustments.id, main.id)


def test_a_movement_happens_now_unless_said(session: Session, move: Mover) -> None:
    move(ProductFactory.create())

    occurred_at = session.query(Movement.occurred_at).scalar()
    assert abs((datetime.now(UTC) - occurred_at).total_seconds()) < 60


def test_the_answer_tells_the_balances_afterwards(move: Mover, main: Location) -> None:
    product = stocked(10)
    reserve(ReservedQuantity(product.id, main.id, None, Decimal(4)), key="r")

    after = move(product, "2.5").at(product.id, main.id)

    assert (after.on_hand, after.change) == (Decimal("12.5"), Decimal("2.5"))
    assert after.reserved == 4
    assert after.available == Decimal("8.5")


def test_all_that_is_there_may_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(2)

    move(product, 2, from_location_id=main.id, to_location_id=adjustments.id)

    assert on_hand(product) == 0


def test_the_database_is_trusted_over_memory(
    session: Session, move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(10)
    session.query(Balance).all()
    session.execute(text("UPDATE stock_balance SET on_hand = 1"))

    with pytest.raises(InsufficientStock, match="Only 1 of"):
        move(product, 5, from_location_id=main.id, to_location_id=adjustments.id)


def test_lines_are_done_in_their_order(
    main: Location, second: Location, adjustments: Location
) -> None:
    product = ProductFactory.create()

    def line(start: Location, end: Location) -> Move:
        ends: dict[str, Any] = {"from_location_id": start.id, "to_location_id": end.id}
        return Move(product_id=product.id, quantity=Decimal(3), reason="found", **ends)

    post([line(adjustments, main), line(main, second)], key="there first")
    assert (on_hand(product), on_hand(product, second)) == (0, 3)

    with pytest.raises(InsufficientStock):
        post([line(main, adjustments), line(second, main)], key="too early")


def test_a_thousand_lines_take_as_many_statements_as_two(
    session: Session, statements: list[str], main: Location, adjustments: Location
) -> None:
    products = ProductFactory.create_batch(1000)
    ends: dict[str, Any] = {"from_location_id": adjustments.id, "to_location_id": main.id}
    lines = [
        Move(product_id=p.id, quantity=Decimal(n), reason="opening", **ends)
        for n, p in enumerate(products, start=1)
    ]
    statements.clear()
    post(lines[:2], key="two")
    for_two = len(statements)
    statements.clear()

    posted = post(lines[2:], key="the rest")

    assert len(statements) == for_two
    assert on_hand(products[-1]) == 1000
    ids = session.query(Movement.product_id).order_by(Movement.id).all()
    assert [p.id for p in products] == [product_id for (product_id,) in ids]
    assert posted.movement_ids == tuple(sorted(posted.movement_ids))


def test_one_line_takes_two_statements(
    statements: list[str], move: Mover, main: Location
) -> None:
    product = stocked(5)
    statements.clear()

    move(product)

    assert "webhook_endpoint" in statements.pop()  # who listens: asked once in some seconds
    assert "sales_order" in statements.pop()  # who is told asks whether anybody waits for it
    assert len(statements) == 2  # all that is locked, all that is written


@pytest.mark.parametrize("key", ["same", "x" * 300])
def test_the_same_key_counts_once_and_hears_the_same(
    session: Session, move: Mover, key: str
) -> None:
    product = stocked(10)

    first = move(product, 5, key=key)
    move(product, 1)
    again = move(product, "5.000", key=key)

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert (first.id, first.movement_ids, first.balances) == (
        again.id,
        again.movement_ids,
        again.balances,
    )
    assert on_hand(product) == 16


def test_a_request_may_be_named_where_its_lines_follow_from_more(
    adjustments: Location, main: Location
) -> None:
    product = stocked(1)
    ends: dict[str, Any] = {"from_location_id": adjustments.id, "to_location_id": main.id}
    lines = [
        Move(product_id=product.id, quantity=Decimal(q), reason="found", **ends) for q in (1, 2)
    ]

    post(lines[:1], key="k", request="the same")

    assert post(lines[1:], key="k", request="the same").is_repeat
    with pytest.raises(KeyReused):
        post(lines[:1], key="k", request="another")


@pytest.mark.parametrize("kind", ["bin", "tote", "staging", "transit"])
def test_goods_lie_in_our_own_places(move: Mover, kind: str) -> None:
    here, product = LocationFactory.create(kind=kind), ProductFactory.create()

    move(product, 2, to_location_id=here.id)

    assert on_hand(product, here) == 2


@pytest.mark.parametrize("kind", ["supplier", "customer", "adjustment"])
def test_of_places_outside_no_balance_is_kept(session: Session, move: Mover, kind: str) -> None:
    there, product = LocationFactory.create(kind=kind), stocked(2)

    move(product, 50, from_location_id=there.id)
    move(product, 3, from_location_id=place("MAIN-01").id, to_location_id=there.id)

    assert session.query(Balance).count() == 1
    assert on_hand(product) == 49


def test_lots_lie_apart(session: Session, move: Mover, main: Location) -> None:
    product = stocked(5)
    lot = Lot(product_id=product.id, code="L1")
    session.add(lot)
    session.flush()

    after = move(product, 2, lot_id=lot.id).balances

    assert [(b.lot_id, b.on_hand) for b in after] == [(lot.id, Decimal(2))]
    rows = session.query(Balance.lot_id, Balance.on_hand).order_by(Balance.on_hand)
    assert rows.all() == [(lot.id, 2), (None, 5)]


def test_open_pages_hear_what_moved(move: Mover, main: Location, second: Location) -> None:
    product = stocked(5)
    ears = broker().pubsub(ignore_subscribe_messages=True)
    ears.subscribe(live_channel())
    ears.get_message(timeout=1)

    move(product, 2, from_location_id=main.id, to_location_id=second.id)

    heard = json.loads(ears.get_message(timeout=1)["data"])
    ears.close()
    assert heard == {
        "event": "StockMoved",
        "fields": {
            "product_ids": [product.id],
            "location_ids": sorted([main.id, second.id]),
        },
    }
