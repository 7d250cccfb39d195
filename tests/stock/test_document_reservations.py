"""Reservations of a document's lines: carried into totes, trimmed, used up."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import db, transaction
from app.core.errors import Invalid
from app.stock import services
from app.stock.errors import InsufficientStock, ReservationEnded
from app.stock.models import Location, Reservation
from app.stock.services import Demand, Purpose, ReservationPart
from tests.factories import LocationFactory
from tests.stock.conftest import held, place, stocked

PICKED = Purpose("moved", ("pick", 7))
SHIPPED = Purpose("shipped", ("order", 7))


@pytest.fixture
def tote(session: Session) -> Location:
    return LocationFactory.create(code="TOTE-1", kind="tote", path="TOTE-1/")


def reserved(quantity: object, *, there: object = 10) -> Reservation:
    product = stocked(there)
    demand = Demand(product.id, Decimal(str(quantity)))
    return services.reserve_available({1: demand}, document_type="order_line")[0]


def active() -> list[tuple[int, Any]]:
    rows = select(Reservation).where(Reservation.state == "active").order_by(Reservation.id)
    return [(row.location_id, row.quantity) for row in db.session.scalars(rows)]


def test_a_part_that_is_picked_into_a_tote_stays_reserved_there(tote: Location) -> None:
    reservation = reserved(5)
    product = reservation.product_id
    part = ReservationPart(reservation.id, Decimal(2))

    posted = services.move_reserved([part], to_location_id=tote.id, key="k", purpose=PICKED)

    assert active() == [(place("MAIN-01").id, 3), (tote.id, 2)]
    assert posted.at(product, tote.id).reserved == 2
    assert posted.at(product, tote.id).available == 0
    services.check_ledger(lambda _done, _total: None)


def test_all_that_is_picked_takes_its_reservation_along(tote: Location) -> None:
    reservation = reserved(5)
    part = ReservationPart(reservation.id, Decimal(5))

    for _again in range(2):
        services.move_reserved([part], to_location_id=tote.id, key="k", purpose=PICKED)

    assert active() == [(tote.id, 5)]
    assert reservation.location_id == tote.id


def test_what_is_used_is_not_reserved_any_more() -> None:
    reservation = reserved(5)
    customers = services.virtual_location("customer")

    for number in (2, 3):
        part = ReservationPart(reservation.id, Decimal(number))
        services.consume_reserved(
            [part], to_location_id=customers, key=f"k{number}", purpose=SHIPPED
        )

    assert reservation.state == "fulfilled"
    assert active() == []
    services.check_ledger(lambda _done, _total: None)


@pytest.mark.parametrize("quantity", [6, 5.5])
def test_no_more_is_used_than_is_reserved(quantity: float) -> None:
    part = ReservationPart(reserved(5).id, Decimal(str(quantity)))

    with pytest.raises(InsufficientStock, match="Only 5"):
        services.consume_reserved(
            [part],
            to_location_id=services.virtual_location("customer"),
            key="k",
            purpose=SHIPPED,
        )


def test_what_was_released_is_not_used(tote: Location) -> None:
    reservation = reserved(5)
    services.release(reservation.id)

    with pytest.raises(ReservationEnded, match="released"):
        services.move_reserved(
            [ReservationPart(reservation.id, Decimal(1))],
            to_location_id=tote.id,
            key="k",
            purpose=PICKED,
        )


def test_a_reservation_is_named_once(tote: Location) -> None:
    part = ReservationPart(reserved(5).id, Decimal(1))

    with pytest.raises(Invalid, match="named once"):
        services.move_reserved([part, part], to_location_id=tote.id, key="k", purpose=PICKED)


def test_trimming_releases_the_latest_first(session: Session) -> None:
    product = stocked(3)
    stocked(9, product, LocationFactory.create(code="ZZ"))
    services.reserve_available({1: Demand(product.id, Decimal(5))}, document_type="order_line")

    services.reduce_reservations({1: Decimal(4)}, document_type="order_line")

    assert [quantity for _place, quantity in active()] == [3, 1]
    services.reduce_reservations({1: Decimal(0)}, document_type="order_line")
    assert active() == []
    assert held(product)[1] == 0


def test_nothing_of_a_demand_is_kept_if_its_unit_of_work_fails(session: Session) -> None:
    product = stocked(3)

    def fail() -> None:
        with transaction():
            services.reserve_available(
                {1: Demand(product.id, Decimal(2))}, document_type="order_line"
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert held(product) == (3, 0)


def test_a_demand_is_for_more_than_nothing(session: Session) -> None:
    with pytest.raises(Invalid, match="above zero"):
        services.reserve_available(
            {1: Demand(stocked(1).id, Decimal(0))}, document_type="order_line"
        )


def test_what_lies_in_a_tote_is_on_its_way_to_somebody(tote: Location) -> None:
    product = stocked(5, at=tote)

    assert (
        services.reserve_available(
            {1: Demand(product.id, Decimal(2))}, document_type="order_line"
        )
        == []
    )
