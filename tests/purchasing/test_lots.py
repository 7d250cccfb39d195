"""Deliveries of what is tracked: lots, expiry dates and serial numbers."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.purchasing import services
from app.purchasing.services import Decision, Delivery, ReceivedItem
from app.stock import services as stock
from app.stock.errors import SerialOnHand
from app.stock.models import Lot
from app.stock.services import LotDraft
from tests.factories import BarcodeFactory, ProductFactory, UserFactory
from tests.purchasing.conftest import Call, again, key, number, sent
from tests.purchasing.test_tablet import Dock
from tests.stock.test_lots import lots_of

LATE = date(2099, 12, 31)
GTIN = "4006381333931"
FNC1 = "\x1d"


@pytest.fixture
def milk() -> Product:
    return ProductFactory.create(sku="MILK", tracking="lot", has_expiry=True, currency="EUR")


@pytest.fixture
def drill() -> Product:
    return ProductFactory.create(sku="DRILL", tracking="serial", currency="EUR")


def some(quantity: object, order: Any, code: str = "", **more: Any) -> ReceivedItem:
    expires_on = more.pop("expires_on", None)
    lot = LotDraft(code, expires_on)
    return ReceivedItem(number(quantity), line_id=order.lines[0].id, lot=lot, **more)


def received(order: Any, *items: ReceivedItem, **delivery: Any) -> Any:
    return services.receive_goods(order.id, items, Delivery(**delivery), key=key())


def test_a_delivery_of_two_lots_keeps_them_apart(milk: Product) -> None:
    order = sent((milk, 10))

    receipt = received(
        order,
        some(6, order, "A", expires_on=LATE),
        some(4, order, "B", expires_on=LATE - timedelta(1)),
    )

    assert lots_of(milk) == {"A": 6, "B": 4}
    assert [line.lot.code for line in receipt.lines] == ["A", "B"]
    assert {line.lot.vendor_id for line in receipt.lines} == {order.vendor_id}


@pytest.mark.parametrize(
    ("code", "expires_on", "reason"),
    [("", None, "say the lot"), ("A", None, "Say when lot A expires")],
)
def test_what_does_not_say_its_lot_is_not_taken_in(
    milk: Product, code: str, expires_on: date | None, reason: str
) -> None:
    order = sent((milk, 10))

    with pytest.raises(Invalid, match=reason):
        received(order, some(6, order, code, expires_on=expires_on))

    assert lots_of(milk) == {}


def test_a_lot_that_has_expired_is_put_aside_and_not_taken_in(milk: Product) -> None:
    order = sent((milk, 10))
    old = today() - timedelta(days=1)

    with pytest.raises(Invalid, match=r"has expired on .*: put it aside"):
        received(order, some(6, order, "OLD", expires_on=old))

    order = again(order)
    receipt = received(order, some(6, order, "OLD", expires_on=old, condition="aside"))
    assert [line.condition for line in receipt.lines] == ["excess"]
    assert lots_of(milk) == {"OLD": 6}


def test_pieces_come_by_their_serial_numbers(drill: Product) -> None:
    order = sent((drill, 3))

    received(order, some(3, order, "S1\nS2\nS3"))

    assert lots_of(drill) == {"S1": 1, "S2": 1, "S3": 1}


def test_fewer_numbers_than_pieces_are_refused(drill: Product) -> None:
    order = sent((drill, 3))

    with pytest.raises(Invalid, match="3 of DRILL take as many serial numbers: 2 are there"):
        received(order, some(3, order, "S1 S2"))


def test_a_serial_that_is_on_hand_is_refused(drill: Product) -> None:
    order = sent((drill, 3))
    received(order, some(1, order, "S1"))

    with pytest.raises(SerialOnHand, match="S1 of DRILL is on hand at MAIN-01"):
        received(order, some(1, order, "S1"))


def test_an_undo_says_what_of_each_lot_is_left(milk: Product) -> None:
    order = sent((milk, 10))
    receipt = received(
        order, some(6, order, "A", expires_on=LATE), some(4, order, "B", expires_on=LATE)
    )
    target = stock.find_target(
        reason="used", product_id=milk.id, location="MAIN-01", lot=LotDraft("B")
    )
    stock.write_off(target, quantity=number(3), reason="used", key=key())

    with pytest.raises(NotAllowed, match="of 4 MILK, lot B, only 1 still lies at MAIN-01"):
        services.undo_receipt(receipt.id)


def test_a_whole_receipt_of_lots_is_undone(milk: Product, drill: Product) -> None:
    order = sent((drill, 2))
    receipt = received(order, some(2, order, "S1 S2"))

    services.undo_receipt(receipt.id)

    assert lots_of(drill) == {}


def test_what_was_put_aside_keeps_its_lot_when_it_is_taken_in(milk: Product) -> None:
    order = sent((milk, 10))
    damaged = some(2, order, "A", expires_on=LATE, condition="damaged")
    receipt = received(order, damaged)

    services.decide_aside(receipt.id, [Decision(receipt.lines[0].id, "taken_in")])

    assert lots_of(milk) == {"A": 2}


def test_a_program_receives_lots_and_serials(call: Call, milk: Product, drill: Product) -> None:
    order = sent((milk, 10), (drill, 2))
    items = [
        {"sku": "MILK", "quantity": "4", "lot": "A", "expires_on": "2099-01-31"},
        {"sku": "DRILL", "quantity": "2", "serials": ["S1", "S2"]},
    ]

    path = f"/api/v1/purchase-orders/{order.id}/receive"
    answer = call("POST", path, {"items": items})

    assert answer.status_code == 201
    assert answer.json
    assert [one["lot"] for one in answer.json["items"]] == ["A", "S1", "S2"]


def test_a_program_that_says_too_few_serials_hears_so(call: Call, drill: Product) -> None:
    order = sent((drill, 2))
    body = {"items": [{"sku": "DRILL", "quantity": "2", "serials": ["S1"]}]}

    answer = call("POST", f"/api/v1/purchase-orders/{order.id}/receive", body)

    assert answer.status_code == 422


class Hand(Dock):
    """Somebody who takes in an order at the dock."""

    def __init__(self, order: Any) -> None:
        super().__init__(UserFactory.create())
        self.begin(order.number)

    def say(self, lot: str, expires_on: date | None = None) -> Any:
        return self.tap(services.say_lot, lot=lot, expires_on=expires_on)

    def put_aside(self) -> Any:
        return self.tap(services.put_refused_aside)

    def finish(self) -> Any:
        return self.tap(services.finish_receiving)

    @property
    def holds(self) -> list[tuple[str, Any]]:
        return [(line.lot.code, line.quantity) for line in self.task.in_hand if line.lot]


def test_a_gs1_code_says_lot_and_expiry_at_the_dock(milk: Product) -> None:
    BarcodeFactory.create(product=milk, code=GTIN)
    hand = Hand(sent((milk, 10)))

    hand.scan(f"010{GTIN}17350131" + "10A")
    hand.scan(f"010{GTIN}17350131" + "10B")

    assert hand.holds == [("A", 1), ("B", 1)]
    hand.scan("MAIN-01")
    assert lots_of(milk) == {"A": 1, "B": 1}


def test_the_dock_asks_for_the_lot_and_when_it_expires(milk: Product) -> None:
    BarcodeFactory.create(product=milk, code=GTIN)
    hand = Hand(sent((milk, 10)))

    assert hand.scan(GTIN).message == "Which lot of MILK?"
    assert "Say when lot A expires" in hand.say("A").message
    assert hand.task.asked_lot == "A"
    assert hand.holds == []

    assert hand.say("A", LATE).message == "MILK, lot A: 1 in hand."
    hand.scan(GTIN)  # of the same lot, which the screen shows
    assert hand.holds == [("A", 2)]


def test_a_date_that_was_mistyped_is_put_right_at_the_dock(milk: Product) -> None:
    BarcodeFactory.create(product=milk, code=GTIN)
    hand = Hand(sent((milk, 10)))
    hand.scan(GTIN)
    assert hand.say("A", today() - timedelta(days=1)).is_wrong
    hand.scan(GTIN)

    assert hand.say("A", LATE).message == "MILK, lot A: 1 in hand."

    hand.scan(GTIN)
    hand.finish()
    other = Hand(sent((milk, 10)))
    other.scan(GTIN)
    assert "which is right?" in other.say("A", LATE + timedelta(days=1)).message


def test_nothing_is_put_away_while_something_waits_for_its_lot(milk: Product) -> None:
    BarcodeFactory.create(product=milk, code=GTIN)
    hand = Hand(sent((milk, 10)))
    hand.scan(GTIN)

    assert "Which lot is it?" in hand.scan("MAIN-01").message
    assert "Which lot is it?" in hand.finish().message


def test_a_serial_on_a_label_of_its_own_is_scanned_after_the_goods(drill: Product) -> None:
    BarcodeFactory.create(product=drill, code=GTIN)
    hand = Hand(sent((drill, 3)))

    for serial in ("S-1001", "S-1002"):
        assert hand.scan(GTIN).message == "Which piece of DRILL?"
        hand.scan(serial)

    assert hand.holds == [("S-1001", 1), ("S-1002", 1)]


def test_the_same_serial_twice_is_refused_and_may_be_put_aside(drill: Product) -> None:
    BarcodeFactory.create(product=drill, code=GTIN)
    hand = Hand(sent((drill, 3)))
    hand.scan(f"010{GTIN}21S1")

    wrong = hand.scan(f"010{GTIN}21S1")

    assert wrong.is_wrong
    assert "S1 of DRILL is in hand already" in wrong.message
    hand.put_aside()
    assert [(line.called, line.condition) for line in hand.task.in_hand] == [
        ("DRILL", "good"),
        ("DRILL serial S1", "aside"),
    ]
    hand.finish()
    assert lots_of(drill) == {"S1": 1}


def test_what_has_expired_is_refused_at_the_dock_and_may_be_put_aside(milk: Product) -> None:
    BarcodeFactory.create(product=milk, code=GTIN)
    hand = Hand(sent((milk, 10)))
    hand.scan(GTIN)

    wrong = hand.say("OLD", today() - timedelta(days=1))

    assert wrong.is_wrong
    assert "has expired" in wrong.message
    hand.put_aside()
    hand.finish()
    assert lots_of(milk) == {"OLD": 1}
    balance = db.session.query(Lot).filter_by(code="OLD").one()
    assert balance.expires_on == today() - timedelta(days=1)
