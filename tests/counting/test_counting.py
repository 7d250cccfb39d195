"""A bin is counted blind, and what differs goes into the ledger as the difference."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.settings.services import set_settings
from app.counting import services
from app.counting.errors import NotAllowed
from app.scanning.errors import ScanReused
from app.stock.models import Balance, Location, Lot
from app.stock.services import check_ledger
from tests.counting.conftest import Hand, asked, bin_, corrections, fresh, goods
from tests.factories import BarcodeFactory
from tests.stock.conftest import Mover, on_hand, stocked
from tests.stock.test_lots import come

NINE = ["FILTER1"] * 9
TEN = ["FILTER1"] * 10


def proven() -> bool:
    return check_ledger(lambda _done, _total: None)["differences"] == 0


def test_a_count_without_a_difference_closes_by_itself(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *TEN)

    assert (task.state, [line.state for line in task.lines]) == ("done", ["matched"])
    assert corrections() == []
    assert session.query(Balance.counted_at).filter_by(product_id=filters.id).scalar()


def test_unless_the_setting_wants_that_approved_too(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    set_settings(count_close_equal=False)

    task = hand.count(asked(shelf), *TEN)

    assert task.state == "review"
    assert hand.approve(task).state == "done"
    assert corrections() == []


def test_a_small_difference_waits_for_approval_and_is_posted(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *NINE)
    assert (task.state, on_hand(filters, shelf)) == ("review", 10)

    task = other.approve(task)

    assert (task.state, task.approved_by.name, task.reason) == ("done", "Kim", "Seen it myself")
    assert (on_hand(filters, shelf), corrections()) == (9, [("F-1", -1)])
    assert proven()


def test_what_moves_between_count_and_approval_is_not_lost(
    hand: Hand, filters: Product, shelf: Location, move: Mover
) -> None:
    task = hand.count(asked(shelf), *NINE)
    move(filters, 5, to_location_id=shelf.id)

    hand.approve(task)

    assert on_hand(filters, shelf) == 14  # 10 in the books + 5 came - 1 that was missing
    assert proven()


def test_what_moves_while_somebody_counts_is_counted_again_and_only_that(
    hand: Hand, other: Hand, filters: Product, shelf: Location, move: Mover
) -> None:
    cups = goods(20, shelf, "C-1", "CUP1")
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *NINE, "CUP1")
    hand.set(task, 19)
    move(filters, 5, to_location_id=shelf.id)

    hand.tap(services.finish, task)

    task = fresh(task.id)
    states = {line.product.sku: (line.state, line.recount_reason) for line in task.lines}
    assert states == {"F-1": ("recount", "moved"), "C-1": ("review", None)}
    assert task.state == "recount"
    task = other.count(task, *NINE, *["FILTER1"] * 6)
    assert task.state == "review"
    other.approve(task)
    assert (on_hand(filters, shelf), on_hand(cups, shelf)) == (15, 19)


def test_what_comes_into_the_bin_while_it_is_counted_is_looked_for_again(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *TEN)
    goods(3, shelf, "NEW", "NEW1")

    hand.tap(services.finish, task)

    states = {line.product.sku: line.state for line in fresh(task.id).lines}
    assert states == {"F-1": "matched", "NEW": "recount"}


def test_what_moved_but_agrees_is_no_conflict(
    hand: Hand, filters: Product, shelf: Location, move: Mover
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *TEN, "FILTER1")
    move(filters, 1, to_location_id=shelf.id)

    hand.tap(services.finish, task)

    assert fresh(task.id).state == "done"


def test_goods_that_nobody_expected_are_found(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    set_settings(count_recount_percent=100)
    cups = goods(0, shelf, "C-1", "CUP1")

    task = hand.count(asked(shelf), *TEN, "CUP1", "CUP1")

    assert [line.is_expected for line in task.lines] == [True, False]
    hand.approve(task)
    assert on_hand(cups, shelf) == 2


def test_an_empty_bin_that_should_hold_goods(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf))

    assert (task.state, task.round) == ("recount", 2)
    task = other.count(task)
    assert task.state == "review"
    other.approve(task)
    assert on_hand(filters, shelf) == 0
    assert proven()


def test_a_carton_counts_as_what_it_holds(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    BarcodeFactory.create(product=filters, code="CARTON", units=5)

    assert hand.count(asked(shelf), "CARTON", "CARTON").state == "done"


def test_a_typed_quantity_is_the_whole_and_can_be_taken_back(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", "FILTER1", "FILTER1")

    hand.set(task, 10)
    assert fresh(task.id).lines[0].counted == 10
    hand.tap(services.undo, task)
    assert fresh(task.id).lines[0].counted == 2
    assert hand.tap(services.undo, task).is_wrong
    assert hand.set(task, "99999999999").is_wrong


def test_wrong_scans_change_nothing(hand: Hand, filters: Product, shelf: Location) -> None:
    bin_("B-01")
    task = hand.claim(asked(shelf))

    assert "Scan the bin first." in hand.scan(task, "FILTER1").message
    assert "another bin" in hand.scan(task, "B-01").message
    assert "Nobody knows this code" in hand.scan(task, "RUBBISH").message
    assert "Scan the bin first." in hand.tap(services.finish, task).message
    hand.scan(task, "A-01")
    assert "Nothing is counted yet" in hand.tap(services.finish, task).message
    hand.scan(task, "FILTER1")
    assert "counted already" in hand.tap(services.report_empty, task).message
    assert [line.counted for line in fresh(task.id).lines] == [1]


def test_only_the_product_that_is_asked_for_is_counted(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    goods(3, shelf, "C-1", "CUP1")
    task = hand.claim(services.count_product(filters.id).counts[0])
    hand.scan(task, "A-01")

    assert "Only what the screen names" in hand.scan(task, "CUP1").message
    assert hand.scan(task, "FILTER1").outcome == "ok"


def test_a_scan_that_is_sent_twice_counts_once(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01")
    scan_id = uuid4()

    first = hand.scan_as(scan_id, task, "FILTER1")
    second = hand.scan_as(scan_id, task, "FILTER1")

    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert fresh(task.id).lines[0].counted == 1
    with pytest.raises(ScanReused):
        hand.scan_as(scan_id, task, "A-01")


def test_it_goes_on_on_another_tablet_at_the_same_piece(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *NINE)
    second = Hand(hand.user, "second tablet")

    assert second.scan(task, "FILTER1").is_wrong
    second.claim(task)
    assert second.scan(task, "FILTER1").outcome == "ok"
    assert "another tablet" in hand.scan(task, "FILTER1").message
    second.tap(services.finish, task)
    assert fresh(task.id).state == "done"


def test_what_somebody_else_counts_is_refused(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))

    with pytest.raises(NotAllowed, match="Sam is counting A-01"):
        other.claim(task)
    assert "Somebody else" in other.scan(task, "A-01").message
    with pytest.raises(NotAllowed, match="Somebody else"):
        services.release(task.id, user_id=other.user.id)


def test_what_nobody_scans_for_long_may_be_taken_over(
    session: Session, hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *NINE)
    fresh(task.id).lease_until = fresh(task.id).created_at.replace(year=2020)
    session.commit()

    task = other.claim(task)
    other.scan(task, "FILTER1")
    other.tap(services.finish, task)

    task = fresh(task.id)
    assert (task.state, task.rounds[0].user.name) == ("done", "Kim")


def test_one_person_counts_one_bin_at_a_time(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    second = bin_("B-01")
    stocked(1, filters, second)
    first = hand.claim(asked(shelf))

    with pytest.raises(NotAllowed, match=f"You have {first} in work"):
        hand.claim(asked(second))


def test_what_is_given_back_begins_anew(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *NINE)

    services.release(task.id, user_id=hand.user.id)

    assert (fresh(task.id).state, fresh(task.id).lines) == ("open", [])
    assert other.count(task, *TEN).state == "done"


def test_lots_are_counted_apart(
    session: Session, hand: Hand, filters: Product, shelf: Location, move: Mover
) -> None:
    milk = goods(0, shelf, "MILK", "4006381333931")
    lots = [Lot(product_id=milk.id, code=code) for code in ("L1", "L2")]
    session.add_all(lots)
    session.commit()
    for lot in lots:
        move(milk, 2, lot_id=lot.id, to_location_id=shelf.id)
    task = hand.claim(services.count_product(milk.id).counts[0])
    hand.scan(task, "A-01")

    assert "Several lots" in hand.scan(task, "4006381333931").message
    gs1 = "]C10104006381333931" + "10"
    assert hand.scan(task, f"{gs1}L1", f"{gs1}L1", f"{gs1}L2", f"{gs1}L2").outcome == "ok"
    assert "Nobody knows this lot" in hand.scan(task, f"{gs1}L9").message
    hand.tap(services.finish, task)
    assert fresh(task.id).state == "done"


def test_values_are_at_cost(hand: Hand, filters: Product, shelf: Location) -> None:
    task = hand.count(asked(shelf), *NINE)

    assert (task.lines[0].difference, task.lines[0].value) == (-1, Decimal(-2))


def test_what_is_tracked_is_counted_lot_by_lot_and_piece_by_piece(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    milk = goods(0, shelf, "MILK", "4006381333931", tracking="lot")
    drill = goods(0, shelf, "DRILL", "DRILL-BOX", tracking="serial")
    come(milk, 2, "L1", at=shelf.code)
    come(drill, 1, "S1", at=shelf.code)
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *TEN)

    assert "Scan the serial number" in hand.scan(task, "DRILL-BOX").message
    assert hand.scan(task, "S1").message == "DRILL, serial S1: 1."
    assert "counted already" in hand.scan(task, "S1").message
    gs1 = "]C10104006381333931" + "10"
    hand.scan(task, f"{gs1}l1", f"{gs1}NEW")
    hand.tap(services.finish, task)

    lots = {line.lot.code: line.counted for line in fresh(task.id).lines if line.lot}
    assert lots == {"L1": 1, "S1": 1, "NEW": 1}
