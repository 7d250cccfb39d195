"""Undoing: the goods go back, once."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.stock import services
from app.stock.errors import (
    CannotReverse,
    InsufficientStock,
)
from app.stock.models import Location, Movement
from tests.factories import ProductFactory
from tests.stock.conftest import Mover, on_hand, stocked


def test_undoing_sends_the_goods_back_and_says_of_what(
    session: Session, move: Mover, second: Location, main: Location
) -> None:
    product = stocked(10)
    moved = move(
        product,
        4,
        from_location_id=main.id,
        to_location_id=second.id,
        reason="moved",
        document_type="order",
        document_id=7,
        unit_cost=Decimal(3),
    )

    undone = services.reverse_document_posting(
        moved.id, document=("order", 7), key="undo", note="wrong bin"
    )

    back = session.get_one(Movement, undone.movement_ids[0])
    assert (on_hand(product), on_hand(product, second)) == (10, 0)
    assert (back.reverses_id, back.reason, back.note) == (
        moved.movement_ids[0],
        "reversed",
        "wrong bin",
    )
    assert (back.document_type, back.document_id, back.unit_cost) == ("order", 7, Decimal(3))


def test_what_a_document_caused_is_undone_by_it_alone(
    move: Mover, second: Location, main: Location
) -> None:
    ends = {"from_location_id": main.id, "to_location_id": second.id, "reason": "moved"}
    moved = move(stocked(10), 4, **ends, document_type="crate", document_id=7)
    by_hand = move(stocked(10), 4, **ends)

    with pytest.raises(CannotReverse, match="caused by crate 7: undo it there"):
        services.reverse_posting(moved.id, key="by hand")
    with pytest.raises(CannotReverse, match="caused by crate 7"):
        services.reverse_document_posting(moved.id, document=("crate", 8), key="other")
    services.reverse_posting(by_hand.id, key="mine")


def test_a_posting_is_undone_once(move: Mover) -> None:
    moved = move(stocked(10))
    undone = services.reverse_posting(moved.id, key="first")

    assert services.reverse_posting(moved.id, key="first").id == undone.id
    with pytest.raises(CannotReverse, match="undone already"):
        services.reverse_posting(moved.id, key="second")


def test_an_undo_is_not_undone(move: Mover) -> None:
    undone = services.reverse_posting(move(stocked(10)).id, key="first")

    with pytest.raises(CannotReverse, match="itself an undo"):
        services.reverse_posting(undone.id, key="second")


def test_goods_that_have_gone_do_not_come_back(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = ProductFactory.create()
    moved = move(product, 4)
    move(product, 3, from_location_id=main.id, to_location_id=adjustments.id)

    with pytest.raises(InsufficientStock, match="Only 1"):
        services.reverse_posting(moved.id, key="undo")


def test_what_moved_nothing_cannot_be_undone() -> None:
    product = stocked(10)
    target = services.find_target(product_id=product.id, reason="counted")
    counted = services.count_stock(target, counted=Decimal(10), key="count")

    with pytest.raises(CannotReverse, match="nothing to undo"):
        services.reverse_posting(counted.id, key="undo")
