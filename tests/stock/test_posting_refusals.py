"""Everything that the posting function refuses."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import KeyReused
from app.stock.errors import InsufficientStock
from app.stock.ledger import Count, Move, post
from app.stock.models import Balance, Location, Lot, Movement, Posting
from app.stock.reservations import ReservedQuantity
from app.stock.services import reserve
from tests.factories import LocationFactory, ProductFactory
from tests.stock.conftest import Mover, held, on_hand, place, stocked


def count(product_id: int, counted: object, **changes: Any) -> Count:
    return Count(
        product_id=product_id,
        location_id=place("MAIN-01").id,
        against_id=place("ADJUSTMENTS").id,
        counted=Decimal(str(counted)),
        **changes,
    )


def test_what_is_not_there_cannot_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(2)

    with pytest.raises(InsufficientStock, match=f"^Only 2 of {product.sku} .* MAIN-01.$"):
        move(product, "2.001", from_location_id=main.id, to_location_id=adjustments.id)

    assert on_hand(product) == 2


def test_reserved_units_cannot_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    product = stocked(10)
    reserve(ReservedQuantity(product.id, main.id, None, Decimal(8)), key="r")

    with pytest.raises(InsufficientStock, match=r"Only 2 .* 10 on hand, 8 reserved"):
        move(product, 3, from_location_id=main.id, to_location_id=adjustments.id)

    assert held(product) == (10, 8)


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


@pytest.mark.parametrize(
    "change",
    [
        {"product_id": 1},
        {"reason": "received"},
        {"note": "else"},
        {"document_id": 1},
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


def test_nothing_new_comes_of_an_inactive_product(move: Mover) -> None:
    product = ProductFactory.create(is_active=False, sku="OLD-1")

    with pytest.raises(Invalid, match="OLD-1 is not active"):
        move(product, from_location_id=place("SUPPLIERS").id, reason="received")


def test_what_there_is_of_an_inactive_product_may_still_leave(
    move: Mover, main: Location, adjustments: Location
) -> None:
    """Whoever has it in hand when it goes out of use has to be able to finish."""
    product = stocked(5)
    product.is_active = False
    db.session.flush()

    move(product, 2, from_location_id=main.id, to_location_id=adjustments.id)

    assert on_hand(product) == 3


def test_a_lot_of_another_product_is_refused(session: Session, move: Mover) -> None:
    lot = Lot(product_id=ProductFactory.create().id, code="L1")
    session.add(lot)
    session.flush()

    with pytest.raises(Invalid, match="no such lot"):
        move(ProductFactory.create(), lot_id=lot.id)


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
