"""The posting function: what it does, and everything that it refuses."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from app.core.broker import broker, live_channel
from app.core.errors import Invalid
from app.core.idempotency import KeyReused
from app.core.people import Actor, acting_as
from app.stock.errors import BalanceChanged, InsufficientStock
from app.stock.ledger import Count, Move, Promise, post
from app.stock.models import Balance, Location, Lot, Movement, Posting
from app.stock.services import reserve
from tests.factories import LocationFactory, ProductFactory, UserFactory
from tests.stock.conftest import Mover, held, on_hand, place, stocked


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
        "source_type": "order",
        "source_id": 7,
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
    reserve(Promise(product.id, main.id, None, Decimal(4)), key="r")

    after = move(product, "2.5").at(product.id, main.id)

    assert (after.on_hand, after.change) == (Decimal("12.5"), Decimal("2.5"))
    assert after.reserved == 4
    assert after.available == Decimal("8.5")


def test_what_is_not_there_cannot_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(2)

    with pytest.raises(InsufficientStock, match=f"^Only 2 of {product.sku} .* MAIN-01.$"):
        move(product, "2.001", from_location_id=main.id, to_location_id=adjustments.id)

    assert on_hand(product) == 2


def test_all_that_is_there_may_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(2)

    move(product, 2, from_location_id=main.id, to_location_id=adjustments.id)

    assert on_hand(product) == 0


def test_promised_units_cannot_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(10)
    reserve(Promise(product.id, main.id, None, Decimal(8)), key="r")

    with pytest.raises(InsufficientStock, match=r"Only 2 .* 10 on hand, 8 reserved"):
        move(product, 3, from_location_id=main.id, to_location_id=adjustments.id)

    assert held(product) == (10, 8)


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


def test_one_refused_line_undoes_all(
    session: Session, main: Location, second: Location
) -> None:
    product = stocked(5)
    ends: dict[str, Any] = {"from_location_id": main.id, "to_location_id": second.id}
    lines = [
        Move(product_id=product.id, quantity=Decimal(q), reason="moved", **ends) for q in (4, 2)
    ]

    with pytest.raises(InsufficientStock, match="Only 1 of"):
        post(lines, key="both")

    assert on_hand(product) == 5
    assert session.query(Posting).filter_by(key="both").count() == 0


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


def test_one_line_takes_four_statements(
    statements: list[str], move: Mover, main: Location
) -> None:
    product = stocked(5)
    statements.clear()

    move(product)

    assert len(statements) == 4  # the key, the facts, the lock, all that is written


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


@pytest.mark.parametrize(
    "change",
    [
        {"product_id": 1},
        {"reason": "received"},
        {"note": "else"},
        {"source_id": 1},
        {"unit_cost": Decimal(1)},
    ],
)
def test_a_key_belongs_to_one_request(move: Mover, change: dict[str, Any]) -> None:
    product = stocked(10)
    move(product, 5, key="same")

    with pytest.raises(KeyReused):
        move(product, 5, key="same", **change)
    with pytest.raises(KeyReused):
        move(product, 6, key="same")

    assert on_hand(product) == 15


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


def test_a_refused_key_may_be_used_again(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(1)
    ends: dict[str, Any] = {"from_location_id": main.id, "to_location_id": adjustments.id}
    with pytest.raises(InsufficientStock):
        move(product, 2, key="k", **ends)

    assert not move(product, 1, key="k", **ends).is_repeat


@pytest.mark.parametrize("key", ["", "x" * 301])
def test_a_key_is_neither_empty_nor_a_payload(adjustments: Location, key: str) -> None:
    product = stocked(1)

    with pytest.raises(Invalid, match="A key has"):
        post([count(product.id, 1)], key=key)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"quantity": Decimal(0)}, "quantity", "above zero"),
        ({"quantity": Decimal(-1)}, "quantity", "above zero"),
        ({"quantity": Decimal("0.0001")}, "quantity", "3 decimals"),
        ({"quantity": Decimal("NaN")}, "quantity", "too large"),
        ({"quantity": Decimal(10**10)}, "quantity", "too large"),
        ({"reason": "whim"}, "reason", "no reason called whim"),
        ({"note": "x" * 501}, "note", "500 characters"),
        ({"product_id": 0}, "product", "no such product"),
        ({"from_location_id": 0}, "location", "no such location"),
        ({"to_location_id": 0}, "location", "no such location"),
        ({"lot_id": 0}, "lot", "no such lot"),
    ],
)
def test_nonsense_is_refused(
    session: Session, move: Mover, changes: dict[str, Any], field: str, reason: str
) -> None:
    product = ProductFactory.create()

    with pytest.raises(Invalid, match=reason) as refused:
        move(product, **changes)

    assert list(refused.value.fields) == [field]
    assert session.query(Movement).count() == session.query(Balance).count() == 0


def test_the_longest_note_and_the_largest_quantity_are_taken(move: Mover) -> None:
    product = ProductFactory.create()

    move(product, "9999999999.999", note="x" * 500)

    assert on_hand(product) == Decimal("9999999999.999")


def test_no_more_than_a_balance_can_say_is_put_down(move: Mover) -> None:
    product = stocked("9999999999.999")

    with pytest.raises(Invalid, match="cannot lie at MAIN-01"):
        move(product, "0.001")


def test_goods_cannot_go_where_they_are(move: Mover, main: Location) -> None:
    product = stocked(1)

    with pytest.raises(Invalid, match="another location"):
        move(product, from_location_id=main.id)


def test_nothing_at_all_is_no_posting(session: Session) -> None:
    with pytest.raises(Invalid, match="nothing to post"):
        post([], key="k")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"is_blocked": True}, "X-1 is blocked"),
        ({"is_active": False}, "X-1 is not in use"),
        ({"kind": "warehouse"}, "X-1 is a warehouse: choose a bin"),
        ({"kind": "zone"}, "X-1 is a zone: choose a bin"),
    ],
)
@pytest.mark.parametrize("end", ["from_location_id", "to_location_id"])
def test_an_unfit_location_takes_and_gives_nothing(
    move: Mover, state: dict[str, Any], reason: str, end: str
) -> None:
    unfit = LocationFactory.create(code="X-1", **state)

    with pytest.raises(Invalid, match=reason):
        move(stocked(5), **{end: unfit.id})


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


def test_an_inactive_product_does_not_move(move: Mover) -> None:
    product = ProductFactory.create(is_active=False, sku="OLD-1")

    with pytest.raises(Invalid, match="OLD-1 is not active"):
        move(product)


def test_lots_lie_apart(session: Session, move: Mover, main: Location) -> None:
    product = stocked(5)
    lot = Lot(product_id=product.id, code="L1")
    session.add(lot)
    session.flush()

    after = move(product, 2, lot_id=lot.id).balances

    assert [(b.lot_id, b.on_hand) for b in after] == [(lot.id, Decimal(2))]
    rows = session.query(Balance.lot_id, Balance.on_hand).order_by(Balance.on_hand)
    assert rows.all() == [(lot.id, 2), (None, 5)]


def test_a_lot_of_another_product_is_refused(session: Session, move: Mover) -> None:
    lot = Lot(product_id=ProductFactory.create().id, code="L1")
    session.add(lot)
    session.flush()

    with pytest.raises(Invalid, match="no such lot"):
        move(ProductFactory.create(), lot_id=lot.id)


@pytest.mark.parametrize(("counted", "change"), [(12, 2), ("7.5", "-2.5"), (0, -10)])
def test_a_count_makes_up_for_the_difference(
    session: Session, counted: object, change: object
) -> None:
    product = stocked(10)

    posted = post([count(product.id, counted)], key="count")

    movement = session.query(Movement).filter_by(reason="counted").one()
    assert movement.quantity == abs(Decimal(str(change)))
    assert posted.balances[0].change == Decimal(str(change))
    assert on_hand(product) == Decimal(str(counted))


def test_a_count_without_a_difference_is_only_remembered(session: Session) -> None:
    product = stocked(10)

    posted = post([count(product.id, 10)], key="count")

    assert posted.movement_ids == ()
    assert session.query(Movement).filter_by(reason="counted").count() == 0
    assert session.query(Balance.counted_at).scalar() is not None


def test_only_a_count_is_remembered_as_one(session: Session, move: Mover) -> None:
    product = stocked(10)
    post([count(product.id, 10)], key="count")
    counted_at = session.query(Balance.counted_at).scalar()

    move(product)

    assert counted_at is not None
    assert session.query(Balance.counted_at).scalar() == counted_at
    assert move(ProductFactory.create()).balances
    assert session.query(Balance).filter_by(counted_at=None).count() == 1


def test_a_count_of_promised_goods_is_refused(main: Location) -> None:
    product = stocked(10)
    reserve(Promise(product.id, main.id, None, Decimal(4)), key="r")

    with pytest.raises(InsufficientStock):
        post([count(product.id, 3)], key="count")


def test_a_count_of_what_has_moved_since_is_a_conflict(session: Session, move: Mover) -> None:
    product = stocked(10)
    version = session.query(Balance.version).scalar()
    move(product, 5)

    with pytest.raises(BalanceChanged, match="15 on hand now"):
        post([count(product.id, 10, expected_version=version)], key="count")

    assert on_hand(product) == 15


def test_a_count_of_what_has_not_moved_is_taken(session: Session) -> None:
    product = stocked(10)
    version = session.query(Balance.version).scalar()

    post([count(product.id, 8, expected_version=version)], key="count")
    new = ProductFactory.create()
    post([count(new.id, 2, expected_version=1)], key="the first ever")

    assert (on_hand(product), on_hand(new)) == (8, 2)


@pytest.mark.parametrize(
    ("counted", "reason"),
    [(-1, "zero or more"), ("0.0001", "3 decimals"), ("Inf", "too large")],
)
def test_an_impossible_count_is_refused(counted: object, reason: str) -> None:
    product = stocked(1)

    with pytest.raises(Invalid, match=reason):
        post([count(product.id, counted)], key="count")


def test_nothing_is_counted_outside_of_our_walls(adjustments: Location) -> None:
    product = stocked(1)
    customers = place("CUSTOMERS").id

    for where in (customers, adjustments.id):
        line = Count(
            product_id=product.id,
            location_id=where,
            against_id=adjustments.id,
            counted=Decimal(1),
        )
        with pytest.raises(Invalid, match="nothing is counted here"):
            post([line], key="count")


@pytest.mark.parametrize(
    "change", ["UPDATE stock_movement SET note = 'x'", "DELETE FROM stock_movement"]
)
def test_the_ledger_cannot_be_rewritten(session: Session, move: Mover, change: str) -> None:
    move(ProductFactory.create())

    with pytest.raises(InternalError, match="append-only"), session.begin_nested():
        session.execute(text(change))


def test_what_the_caller_has_not_written_yet_counts(
    session: Session, move: Mover, main: Location
) -> None:
    product = stocked(5)
    main.is_blocked = True  # in the session, not in the database

    with pytest.raises(Invalid, match="blocked"):
        move(product)


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
