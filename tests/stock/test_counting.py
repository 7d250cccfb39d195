"""What was counted is believed."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.stock.errors import BalanceChanged, InsufficientStock
from app.stock.ledger import Count, post
from app.stock.models import Balance, Location, Movement
from app.stock.reservations import ReservedQuantity
from app.stock.services import reserve
from tests.factories import ProductFactory
from tests.stock.conftest import Mover, held, on_hand, place, stocked


def count(product_id: int, counted: object, **changes: Any) -> Count:
    return Count(
        product_id=product_id,
        location_id=place("MAIN-01").id,
        against_id=place("ADJUSTMENTS").id,
        counted=Decimal(str(counted)),
        **changes,
    )


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


def test_a_count_of_reserved_goods_is_refused(main: Location) -> None:
    product = stocked(10)
    reserve(ReservedQuantity(product.id, main.id, None, Decimal(4)), key="r")

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


def test_a_reservation_does_not_disturb_a_count(session: Session, main: Location) -> None:
    product = stocked(10)
    version = session.query(Balance.version).scalar()
    reserve(ReservedQuantity(product.id, main.id, None, Decimal(4)), key="r")

    post([count(product.id, 8, expected_version=version)], key="count")

    assert held(product) == (8, 4)


def test_a_count_that_is_posted_later_changes_by_what_differed_then(move: Mover) -> None:
    product = stocked(10)
    move(product, 5)

    posted = post([count(product.id, 8, seen=Decimal(10))], key="count")

    assert on_hand(product) == 13  # 15 less the 2 that were missing
    assert posted.balances[0].change == -2


def test_a_count_that_agreed_then_moves_nothing_later(session: Session, move: Mover) -> None:
    product = stocked(10)
    move(product, 5)

    posted = post([count(product.id, 10, seen=Decimal(10))], key="count")

    assert posted.movement_ids == ()
    assert session.query(Balance.counted_at).scalar() is not None
