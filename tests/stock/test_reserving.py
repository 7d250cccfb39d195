"""Reservations: what is reserved stays, until it is released or leaves."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.errors import Invalid
from app.core.idempotency import KeyReused
from app.stock import services
from app.stock.errors import (
    InsufficientStock,
    ReservationEnded,
)
from app.stock.models import Movement, Reservation
from app.stock.reservations import ReservedQuantity
from tests.stock.conftest import held, place, stocked


def reserved(product: Any, quantity: int, key: str = "r", **rest: Any) -> Reservation:
    wanted = ReservedQuantity(product.id, place("MAIN-01").id, None, Decimal(quantity))
    return services.reserve(wanted, key=key, **rest)


def test_a_reservation_says_for_what(session: Session) -> None:
    product = stocked(10)

    reservation = reserved(product, 4, note="Fair", document=("order", 7))

    assert held(product) == (10, 4)
    assert (reservation.document_type, reservation.document_id) == ("order", 7)
    assert (reservation.state, str(reservation)) == ("active", "Fair")


def test_a_reservation_form_sent_twice_reserves_once() -> None:
    product = stocked(10)

    assert reserved(product, 4).id == reserved(product, 4).id
    with pytest.raises(KeyReused):
        reserved(product, 5)
    assert held(product) == (10, 4)


@pytest.mark.parametrize(("quantity", "reason"), [(0, "above zero"), (-1, "above zero")])
def test_nothing_is_no_reservation(quantity: int, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        reserved(stocked(10), quantity)


def test_more_decimals_than_are_kept_are_no_reservation() -> None:
    quantity = ReservedQuantity(stocked(10).id, place("MAIN-01").id, None, Decimal("0.0001"))

    with pytest.raises(Invalid, match="3 decimals"):
        services.reserve(quantity, key="r")


@pytest.mark.parametrize("code", ["CUSTOMERS", "MAIN"])
def test_nothing_is_reserved_where_nothing_lies(code: str) -> None:
    quantity = ReservedQuantity(stocked(10).id, place(code).id, None, Decimal(1))

    with pytest.raises(Invalid, match="bin"):
        services.reserve(quantity, key="r")


def test_a_foreign_lot_is_not_reserved() -> None:
    quantity = ReservedQuantity(stocked(10).id, place("MAIN-01").id, 404, Decimal(1))

    with pytest.raises(Invalid, match="no such lot"):
        services.reserve(quantity, key="r")


def test_released_goods_are_available_again(session: Session) -> None:
    product = stocked(10)
    reservation = reserved(product, 4)

    services.release(reservation.id)

    assert (held(product), reservation.state) == ((10, 0), "released")
    assert reservation.ended_at is not None
    with pytest.raises(ReservationEnded, match="released already"):
        services.release(reservation.id)


def test_a_reservation_is_released_also_where_nothing_may_move(session: Session) -> None:
    product = stocked(10)
    reservation = reserved(product, 4)
    place("MAIN-01").is_blocked = True

    services.release(reservation.id)

    assert held(product) == (10, 0)


def test_reserved_goods_leave_for_what_they_were_reserved_for(session: Session) -> None:
    product, customers = stocked(10), place("CUSTOMERS").id
    first = reserved(product, 4, "a", note="Fair", document=("order", 7))
    second = reserved(product, 6, "b")

    posted = services.fulfil([first.id, second.id], to_location_id=customers, key="f")
    again = services.fulfil([second.id, first.id], to_location_id=customers, key="f")

    assert (held(product), again.id, again.is_repeat) == ((0, 0), posted.id, True)
    assert {first.state, second.state} == {"fulfilled"}
    movement = session.get_one(Movement, posted.movement_ids[0])
    assert (movement.reason, movement.note, movement.document_id) == ("shipped", "Fair", 7)


def test_what_has_ended_is_not_fulfilled() -> None:
    product, customers = stocked(10), place("CUSTOMERS").id
    reservation = reserved(product, 4)
    services.release(reservation.id)

    for wanted in (reservation.id, 404):
        with pytest.raises(ReservationEnded):
            services.fulfil([wanted], to_location_id=customers, key="f")
    assert held(product) == (10, 0)


def test_more_than_was_reserved_is_not_taken_as_reserved(session: Session) -> None:
    product = stocked(10)
    reservation = reserved(product, 4)
    session.execute(text("UPDATE stock_balance SET reserved = 3"))

    with pytest.raises(InsufficientStock, match=r"Only 3 .* reserved"):
        services.release(reservation.id)


def test_a_reservation_is_in_the_audit(session: Session) -> None:
    reservation = reserved(stocked(10), 4)
    services.release(reservation.id)

    entries = session.scalars(audit.history(reservation)).all()

    assert entries[0].changes["state"] == ["active", "released"]
