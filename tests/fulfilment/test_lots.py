"""Picking and packing what is tracked: the lot on the screen, or another if that is meant."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.fulfilment import queries, services
from app.fulfilment.models import PutBack
from app.orders import queries as orders_queries
from app.orders import services as orders
from app.orders.papers import SALES_ORDERS
from app.stock import services as stock
from app.stock.models import Location, Lot, Movement
from tests.factories import BarcodeFactory, ProductFactory
from tests.fulfilment.conftest import Hand, confirmed, fresh
from tests.orders.conftest import key, number
from tests.stock.conftest import place
from tests.stock.test_lots import come, lots_of

SOON, LATE = date(2099, 1, 31), date(2099, 12, 31)
GTIN = "4006381333931"
GS1 = f"]C1010{GTIN}"


@pytest.fixture
def milk(shelf: Location) -> Product:
    """Three of lot A, which expires first, and five of lot B, in A-01."""
    product = ProductFactory.create(sku="MILK", tracking="lot", currency="EUR")
    BarcodeFactory.create(product=product, code=GTIN)
    come(product, 3, "A", SOON, at=shelf.code)
    come(product, 5, "B", LATE, at=shelf.code)
    return product


@pytest.fixture
def drill(shelf: Location) -> Product:
    """Pieces S1, S2 and S3 in A-01."""
    product = ProductFactory.create(sku="DRILL", tracking="serial", currency="EUR")
    BarcodeFactory.create(product=product, code=GTIN)
    for serial in ("S1", "S2", "S3"):
        come(product, 1, serial, at=shelf.code)
    return product


def lot_of(product: Product, code: str) -> Lot:
    return db.session.query(Lot).filter_by(product_id=product.id, code=code).one()


def shipped(product: Product) -> set[tuple[str, Any]]:
    """What customers have of a product, by lot."""
    rows = (
        db.session.query(Lot.code, Movement.quantity)
        .join(Movement, Movement.lot_id == Lot.id)
        .filter(Movement.reason == "shipped", Movement.product_id == product.id)
    )
    return set(rows)


def lines(task: Any) -> list[tuple[str, Any, Any]]:
    return [(one.lot.code, one.picked, one.quantity) for one in fresh(task.id).lines]


def test_the_picker_is_told_the_lot_that_expires_first(
    hand: Hand, milk: Product, totes: list[Location]
) -> None:
    confirmed((milk, 4))

    task = hand.claim()

    assert lines(task) == [("A", 0, 3), ("B", 0, 1)]


def test_a_label_that_names_the_lot_counts_for_its_line(
    hand: Hand, milk: Product, totes: list[Location]
) -> None:
    confirmed((milk, 4))
    task = hand.claim()

    hand.scan(task, "A-01", f"{GS1}10B", f"{GS1}10a", GTIN)

    assert lines(task) == [("A", 2, 3), ("B", 1, 1)]


def test_another_lot_is_refused_once_and_then_meant(
    hand: Hand, milk: Product, totes: list[Location]
) -> None:
    confirmed((milk, 2))
    task = hand.claim()
    hand.scan(task, "A-01", GTIN)

    wrong = hand.scan(task, f"{GS1}10B")
    assert wrong.is_wrong
    assert "Another lot is reserved: lot A. This is lot B" in wrong.message
    assert lines(task) == [("A", 1, 2)]

    hand.scan(task, f"{GS1}10B")
    assert lines(task) == [("A", 1, 1), ("B", 1, 1)]


def test_another_scan_between_the_two_forgets_the_choice(
    hand: Hand, milk: Product, totes: list[Location]
) -> None:
    confirmed((milk, 3))
    task = hand.claim()

    hand.scan(task, "A-01", f"{GS1}10B", GTIN)

    assert hand.scan(task, f"{GS1}10B").is_wrong
    assert lines(task) == [("A", 1, 3)]


def test_what_of_the_other_lot_is_reserved_for_others_is_not_taken(
    hand: Hand, milk: Product, totes: list[Location]
) -> None:
    confirmed((milk, 2))
    task = hand.claim()
    confirmed((milk, 6))

    wrong = hand.scan(task, "A-01", f"{GS1}10B", f"{GS1}10B")

    assert "reserved for others" in wrong.message
    assert lines(task) == [("A", 0, 2)]


@pytest.mark.parametrize("fault", ["blocked", "expired"])
def test_what_is_blocked_or_has_expired_meanwhile_is_not_picked(
    hand: Hand, milk: Product, totes: list[Location], fault: str
) -> None:
    confirmed((milk, 2))
    task = hand.claim()
    lot = lot_of(milk, "A")
    if fault == "blocked":
        stock.block_lot(lot.id, reason="Recalled by the maker")
    else:
        yesterday = today() - timedelta(days=1)
        stock.revise_lot(lot.id, version=None, expires_on=yesterday, made_on=None)

    wrong = hand.scan(task, "A-01", GTIN)

    assert wrong.is_wrong
    assert f"Lot A {'is blocked: Recalled' if fault == 'blocked' else 'has expired'}" in (
        wrong.message
    )
    hand.scan(task, f"{GS1}10B", f"{GS1}10B")
    assert lines(task) == [("B", 1, 2)]


def test_any_piece_in_the_bin_is_as_good_and_is_what_is_shipped(
    hand: Hand, drill: Product, totes: list[Location]
) -> None:
    order = confirmed((drill, 1))
    task = hand.claim()

    assert "serial number" in hand.scan(task, "A-01", GTIN).message
    assert hand.scan(task, "S3").message == "DRILL, serial S3: 1 of 1."

    orders.ship_order(order.id, key=key())
    assert shipped(drill) == {("S3", 1)}
    assert lots_of(drill) == {"S1": 1, "S2": 1}


def test_a_piece_that_was_not_picked_is_not_packed(
    hand: Hand, drill: Product, totes: list[Location]
) -> None:
    confirmed((drill, 1))
    task = hand.claim()
    hand.scan(task, "A-01", "S2")
    part = fresh(task.id).orders[0].id

    wrong = hand.pack(part, "S1")

    assert "was not picked for the order" in wrong.message
    assert hand.pack(part, "S2").outcome == "done"


def back(order: Any, quantity: object, lot: str = "") -> Any:
    fresh_order = orders_queries.order(order.id).execution_options(populate_existing=True)
    order = db.session.scalars(fresh_order).one()
    [line] = order.lines
    receipt = orders.ReturnReceipt("defective", "good", place("MAIN-01").id)
    lots = {line.id: lot} if lot else {}
    return orders.return_goods(
        order.id, {line.id: number(quantity)}, receipt, key=key(), lots=lots
    )


def _out(order: Any, product: Product) -> Any:
    return db.session.execute(orders_queries.lots_shipped(order.id, product.id)).all()


def test_the_only_lot_that_was_shipped_is_the_one_that_comes_back(milk: Product) -> None:
    order = confirmed((milk, 2))
    orders.ship_order(order.id, key=key())

    back(order, 1)

    net = [lot for _id, lot, out in _out(order, milk) if out == 1]
    assert [lot.code for lot in net] == ["A"]


def test_of_several_lots_somebody_says_which_came_back(milk: Product) -> None:
    order = confirmed((milk, 4))
    orders.ship_order(order.id, key=key())

    with pytest.raises(Invalid, match="Say the lot of MILK that came back: A, B"):
        back(order, 1)
    with pytest.raises(Invalid, match="Lot B of MILK was not shipped"):
        back(order, 2, "B")

    back(order, 1, "b")
    with pytest.raises(Invalid, match="has come back already"):
        back(order, 1, "B")


def test_a_piece_comes_back_once(drill: Product) -> None:
    order = confirmed((drill, 2))
    orders.ship_order(order.id, key=key())

    back(order, 1, "S1")

    with pytest.raises(Invalid, match="Serial S1 of DRILL was not shipped"):
        back(order, 1, "S1")
    back(order, 1)  # it can be but the other
    assert lots_of(drill) == {"S1": 1, "S2": 1, "S3": 1}


def test_a_slip_names_the_lots_that_leave_and_later_those_that_have_left(milk: Product) -> None:
    order = confirmed((milk, 4))

    def named() -> list[tuple[str, Any]]:
        found = orders_queries.order_page(order.id).execution_options(populate_existing=True)
        shown = db.session.scalars(found).one()
        [lots] = SALES_ORDERS.printing(shown, "packing-slip")["lots"].values()
        return [(lot.code, quantity) for lot, quantity in lots]

    assert named() == [("A", 3), ("B", 1)]
    orders.ship_order(order.id, key=key())
    assert named() == [("A", 3), ("B", 1)]
    back(order, 1, "B")
    assert named() == [("A", 3)]


def test_what_goes_back_to_its_bin_is_the_piece_that_was_picked(
    hand: Hand, drill: Product, totes: list[Location]
) -> None:
    order = confirmed((drill, 1))
    task = hand.claim()
    hand.scan(task, "A-01", "S2")
    orders.cancel_order(order.id)
    services.freeze(order.id)
    row = db.session.query(PutBack).one()

    def scan(code: str) -> Any:
        with hand.acting():
            return services.put_back(row.id, scan_id=uuid4(), code=code)

    wrong = scan("S1")
    assert wrong.is_wrong
    assert "serial S2" in wrong.message
    assert "Right" in scan("S2").message
    assert scan("A-01").message == "1 x DRILL, serial S2 into A-01."
    assert lots_of(drill) == {"S1": 1, "S2": 1, "S3": 1}


def in_parcels(part: int) -> list[tuple[str, Any]]:
    """Which lots lie in the parcels of an order, and how much of each."""
    parcels = db.session.scalars(
        queries.parcels_of(part).execution_options(populate_existing=True)
    )
    inside: list[Any] = [one for parcel in parcels for one in parcel.lines]
    return [(one.lot.code, one.quantity) for one in inside]


def test_one_piece_scanned_twice_does_not_count_for_two(
    hand: Hand, drill: Product, totes: list[Location]
) -> None:
    order = confirmed((drill, 2))
    task = hand.claim()
    hand.scan(task, "A-01", "S1", "S2")
    part = fresh(task.id).orders[0].id

    assert hand.pack(part, "S1").outcome == "ok"
    twice = hand.pack(part, "S1")
    nameless = hand.pack(part, GTIN)

    assert twice.outcome == "wrong"
    assert "It is in a parcel already: scan another." in twice.message
    assert "Scan the serial number of the piece." in nameless.message
    assert in_parcels(part) == [("S1", 1)]
    assert hand.pack(part, "S2").outcome == "done"
    assert in_parcels(part) == [("S1", 1), ("S2", 1)]
    assert order.id


def test_no_more_of_a_lot_is_packed_than_was_picked_of_it(
    hand: Hand, milk: Product, totes: list[Location]
) -> None:
    confirmed((milk, 4))
    task = hand.claim()
    hand.scan(task, "A-01", *[f"{GS1}10A"] * 3, f"{GS1}10B")
    part = fresh(task.id).orders[0].id
    for _ in range(3):
        hand.pack(part, f"{GS1}10A")

    wrong = hand.pack(part, f"{GS1}10A")

    assert "All 3 of it are packed already: scan another." in wrong.message
    assert hand.pack(part, GTIN).outcome == "done"  # what has no lot on it is what is left
    assert in_parcels(part) == [("A", 3), ("B", 1)]


def test_a_piece_taken_out_of_a_parcel_is_to_be_packed_again(
    hand: Hand, drill: Product, totes: list[Location]
) -> None:
    confirmed((drill, 2))
    task = hand.claim()
    hand.scan(task, "A-01", "S1", "S2")
    part = fresh(task.id).orders[0].id
    hand.pack(part, "S1")
    hand.pack(part, "S2")
    [parcel] = db.session.scalars(queries.parcels_of(part))
    line = next(one for one in parcel.lines if one.lot and one.lot.code == "S1")

    wanted = services.Repacking(parcel_line_id=line.id, quantity=Decimal(1), to="out")
    with hand.acting():
        out = services.repack(part, wanted, scan_id=uuid4())

    assert "serial S1" in out.message
    assert in_parcels(part) == [("S2", 1)]
    assert hand.pack(part, "S2").outcome == "wrong"
    assert hand.pack(part, "S1").outcome == "done"
