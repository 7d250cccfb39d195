"""Picking: scans, what they refuse, short picks, and what the ledger says of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.catalog.models import Product
from app.core.db import db
from app.core.settings import set_settings
from app.core.uses import InUse
from app.documents.errors import NotAllowed
from app.fulfilment import queries, services
from app.orders import services as orders
from app.scanning.models import Scan
from app.stock.models import Location, Movement
from app.stock.services import check_ledger, deactivate_location
from tests.factories import BarcodeFactory, UserFactory
from tests.fulfilment.conftest import Hand, bin_, confirmed, fresh, goods, stocked
from tests.orders.conftest import again, held, on_hand, reserved

pytestmark = pytest.mark.usefixtures("totes")


def agree() -> None:
    check_ledger(lambda _done, _total: None)  # raises, if they do not


def test_each_piece_is_posted_into_the_tote_and_stays_reserved(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()

    result = hand.scan(task, "A-01", "FILTER1", "FILTER1")

    assert result.outcome == "ok"
    assert held(filters, shelf) == (8, 1)
    assert sorted(reserved(order)) == [("A-01", 1), ("TOTE-1", 2)]
    assert again(order).lines[0].quantity_picked == 2
    assert again(order).status == "picking"
    agree()


def test_a_tote_that_is_on_its_way_stays_in_use(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()

    with pytest.raises(InUse, match=f"tote of {order.number}"):
        deactivate_location(task.orders[0].tote_id)


def test_the_last_piece_ends_the_pick_task(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 2))
    task = hand.claim()

    result = hand.scan(task, "A-01", "FILTER1", "FILTER1")

    assert result.outcome == "done"
    assert fresh(task.id).state == "picked"
    assert again(order).status == "picked"


def test_a_pack_counts_its_units(hand: Hand, filters: Product) -> None:
    BarcodeFactory.create(product=filters, code="SIXPACK", units=Decimal(6))
    confirmed((filters, 7))
    task = hand.claim()

    assert hand.scan(task, "A-01", "SIXPACK").outcome == "ok"
    assert fresh(task.id).lines[0].picked == 6
    assert "only 1 are wanted" in hand.scan(task, "SIXPACK").message
    assert fresh(task.id).lines[0].picked == 6


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["FILTER1"], "Scan the bin first"),
        (["A-01", "NOBODY"], "Nobody knows this code"),
        (["A-01", "OTHER"], "in no order of this pick task"),
        (["Z-99"], "Expected bin A-01"),
        (["TOTE-3"], "This tote is not yours"),
        (["A-01", "FILTER1", "FILTER1", "FILTER1"], "This pick task is picked"),
    ],
)
def test_a_wrong_scan_says_so_and_changes_nothing(
    hand: Hand, filters: Product, codes: list[str], message: str
) -> None:
    goods(5, bin_("Z-99", 9), "O-1", "OTHER")
    confirmed((filters, 2))
    task = hand.claim()

    result = hand.scan(task, *codes)

    assert result.is_wrong
    assert message in result.message
    assert fresh(task.id).lines[0].picked == codes[:-1].count("FILTER1")


def test_a_full_line_takes_no_more(hand: Hand, filters: Product, shelf: Location) -> None:
    other = goods(5, shelf, "O-1", "OTHER")
    confirmed((filters, 1), (other, 1))
    task = hand.claim()

    result = hand.scan(task, "A-01", "FILTER1", "FILTER1")

    assert result.is_wrong
    assert "The line is full" in result.message


def test_the_same_scan_id_counts_once(hand: Hand, filters: Product) -> None:
    confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01")
    scan_id = uuid4()

    with hand.acting():
        first = services.scan(task.id, hand.picker, scan_id=scan_id, code="FILTER1")
        second = services.scan(task.id, hand.picker, scan_id=scan_id, code="FILTER1")

    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert first.message == second.message
    assert fresh(task.id).lines[0].picked == 1
    assert db.session.scalar(select(func.count()).where(Scan.id == scan_id)) == 1


def test_another_person_is_told_that_it_is_taken(hand: Hand, filters: Product) -> None:
    confirmed((filters, 3))
    task = hand.claim()

    result = Hand(UserFactory.create()).scan(task, "A-01")

    assert f"{hand.user.name} has taken this pick task" in result.message


def test_another_tablet_goes_on_at_the_same_piece(hand: Hand, filters: Product) -> None:
    confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    other = Hand(hand.user, "second tablet")

    assert other.claim().id == task.id
    assert hand.scan(task, "FILTER1").is_wrong
    assert "2 of 3" in other.scan(task, "FILTER1").message


def test_taking_over_needs_to_be_allowed(hand: Hand, filters: Product) -> None:
    confirmed((filters, 3))
    task = hand.claim()
    other = Hand(UserFactory.create())

    with pytest.raises(NotAllowed):
        services.resume(task.id, other.picker, may_take_over=False)
    services.resume(task.id, other.picker, may_take_over=True)

    assert other.scan(task, "A-01").outcome == "ok"
    assert hand.scan(task, "A-01").is_wrong


def test_a_wave_asks_for_the_tote_of_each_line(hand: Hand, filters: Product) -> None:
    set_settings(pick_wave=2)
    first, second = confirmed((filters, 1)), confirmed((filters, 1))
    task = hand.claim()

    result = hand.scan(task, "A-01", "FILTER1")
    assert result.outcome == "line"
    assert "Expected tote TOTE-1" in hand.scan(task, "FILTER1").message
    assert "Expected tote TOTE-1" in hand.scan(task, "TOTE-2").message
    assert hand.scan(task, "TOTE-1").outcome == "line"
    assert hand.scan(task, "FILTER1", "TOTE-2").outcome == "done"
    assert [again(order).status for order in (first, second)] == ["picked", "picked"]
    agree()


def test_undo_puts_the_last_piece_back(hand: Hand, filters: Product, shelf: Location) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1")

    hand.tap(services.undo, task)

    assert fresh(task.id).lines[0].picked == 1
    assert held(filters, shelf) == (9, 2)
    assert again(order).lines[0].quantity_picked == 1
    agree()


def test_a_quantity_is_typed_at_once(hand: Hand, filters: Product) -> None:
    confirmed((filters, 5))
    task = hand.claim()
    line_id = task.lines[0].id

    too_many = hand.tap(services.pick_quantity, task, line_id=line_id, quantity=Decimal(6))
    result = hand.tap(services.pick_quantity, task, line_id=line_id, quantity=Decimal(5))

    assert too_many.is_wrong
    assert result.outcome == "done"


def test_goods_of_the_next_bin_ask_for_that_bin_first(hand: Hand, filters: Product) -> None:
    other = goods(5, bin_("B-01", 2), "O-1", "OTHER")
    confirmed((filters, 1), (other, 1))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")

    result = hand.scan(task, "OTHER")

    assert result.is_wrong
    assert "Scan the bin first." in result.message
    assert "B-01" in result.message


def test_a_skipped_line_comes_last(hand: Hand, filters: Product) -> None:
    other = goods(5, bin_("B-01", 2), "O-1", "OTHER")
    confirmed((filters, 1), (other, 1))
    task = hand.claim()

    hand.tap(services.skip, task, line_id=task.lines[0].id)

    line = services.current_line(fresh(task.id))
    assert line is not None
    assert line.product_id == other.id


def test_a_short_line_is_reserved_in_another_bin(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 3))
    second = bin_("B-01", 2)
    stocked(5, filters, second)
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")

    result = hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")

    assert "More of it is at B-01" in result.message
    assert sorted(reserved(order)) == [("B-01", 2), ("TOTE-1", 1)]
    assert [(line.state, line.picked) for line in fresh(task.id).lines] == [
        ("partial", 1),
        ("open", 0),
    ]
    assert hand.scan(task, "B-01", "FILTER1", "FILTER1").outcome == "done"
    assert again(order).status == "picked"
    agree()


def test_a_short_line_without_another_bin_is_on_backorder(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")

    result = hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="damaged")

    assert "backorder" in result.message
    assert again(order).status == "short"
    assert reserved(order) == [("TOTE-1", 1)]


def test_nothing_found_at_all_leaves_the_order_waiting(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()

    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")

    assert again(order).status == "confirmed"
    assert fresh(task.id).state == "done"


def test_the_last_piece_of_a_bin_asks_whether_it_is_empty(hand: Hand, filters: Product) -> None:
    other = goods(5, bin_("B-01", 2), "O-1", "OTHER")
    confirmed((filters, 10), (other, 1))
    task = hand.claim()
    hand.tap(services.pick_quantity, task, line_id=task.lines[0].id, quantity=Decimal(10))

    assert fresh(task.id).empty_check_line_id == task.lines[0].id
    result = hand.tap(services.answer_empty, task, is_empty=False)

    assert "will be counted" in result.message
    assert fresh(task.id).empty_check_line_id is None


def test_a_pick_task_that_is_given_back_goes_on_where_it_was(
    hand: Hand, filters: Product
) -> None:
    confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    services.release(task.id, user_id=hand.user.id)

    other = Hand(UserFactory.create())

    assert other.claim().id == task.id
    assert "2 of 3" in (other.scan(task, "A-01", "FILTER1")).message


def test_an_untouched_order_is_free_again(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()

    services.release(task.id, user_id=hand.user.id)

    assert again(order).status == "allocated"
    assert fresh(task.id).state == "released"
    assert hand.claim().id != task.id


def test_the_first_cut_off_is_picked_first(hand: Hand, filters: Product) -> None:
    now = datetime.now(UTC)
    confirmed((filters, 1))
    confirmed((filters, 1), ship_by=now + timedelta(hours=2))
    urgent = confirmed((filters, 1), ship_by=now + timedelta(hours=1))

    assert hand.claim().orders[0].order_id == urgent.id


def test_no_free_tote_is_said(hand: Hand, filters: Product) -> None:
    hands = [Hand(UserFactory.create()) for _ in range(3)]
    for _ in range(4):
        confirmed((filters, 1))
    for one in hands:
        one.claim()

    with pytest.raises(NotAllowed, match="tote"):
        hand.claim()


def test_a_cancelled_order_freezes_its_pick_task_and_goes_back(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1")
    orders.cancel_order(order.id, reason="Customer rang")

    result = hand.scan(task, "FILTER1")

    assert result.is_wrong
    assert "was cancelled" in result.message
    assert fresh(task.id).state == "frozen"
    row: Any = db.session.scalars(queries.putbacks()).one()
    assert (row.quantity, row.tote.code, row.location.code) == (2, "TOTE-1", "A-01")
    with hand.acting():
        assert services.put_back(row.id, scan_id=uuid4(), code="TOTE-1").is_wrong
        assert services.put_back(row.id, scan_id=uuid4(), code="A-01").outcome == "done"
    assert held(filters, shelf) == (10, 0)
    agree()


def test_freezing_twice_changes_nothing(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    orders.cancel_order(order.id)

    assert services.freeze(order.id)
    assert not services.freeze(order.id)
    assert len(db.session.scalars(queries.putbacks()).all()) == 1
    assert "frozen" in hand.scan(task, "FILTER1").message


def test_one_order_of_a_wave_is_cancelled_and_the_other_goes_on(
    hand: Hand, filters: Product
) -> None:
    set_settings(pick_wave=2)
    first, second = confirmed((filters, 1)), confirmed((filters, 1))
    task = hand.claim()
    orders.cancel_order(first.id)
    services.freeze(first.id)

    stopped = hand.scan(task, "A-01")
    assert f"Stop: {first.number} was cancelled. Put tote TOTE-1 aside" in stopped.message
    assert "Tote TOTE-1 is put aside." in hand.scan(task, "TOTE-1").message
    result = hand.scan(task, "A-01", "FILTER1")

    assert result.outcome == "done"
    assert again(second).status == "picked"


def test_parcels_take_each_piece_and_ship_them_once(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 2))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1")
    part = services.find_packable("TOTE-1")

    hand.pack(part.id, "FILTER1")
    with pytest.raises(NotAllowed, match="Not in a parcel yet: F-1"):
        services.ship_parcels(part.id)
    assert hand.pack(part.id, "FILTER1").outcome == "done"
    assert "one is too many" in hand.pack(part.id, "FILTER1").message
    first = services.ship_parcels(part.id)
    second = services.ship_parcels(part.id)

    assert first.id == second.id
    assert again(order).status == "shipped"
    assert fresh(task.id).state == "done"
    assert on_hand(filters, fresh(task.id).orders[0].tote) == 0
    shipped = select(func.sum(Movement.quantity)).where(Movement.reason == "shipped")
    assert db.session.scalar(shipped) == 2
    agree()


def test_a_shortage_is_accepted_before_it_ships(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 2))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="damaged")
    part = services.find_packable(order.number)
    hand.pack(part.id, "FILTER1")

    with pytest.raises(NotAllowed, match="accept the shortage"):
        services.ship_parcels(part.id)
    services.ship_parcels(part.id, accepts_short=True)

    line = again(order).lines[0]
    assert (line.quantity_shipped, line.quantity_picked) == (1, 1)
    assert again(order).is_open


def test_several_parcels_hold_what_was_scanned_into_each(hand: Hand, filters: Product) -> None:
    confirmed((filters, 2))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1")
    part = services.find_packable("TOTE-1")

    hand.pack(part.id, "FILTER1")
    services.add_parcel(part.id)
    hand.pack(part.id, "FILTER1")

    parcels = db.session.scalars(queries.parcels_of(part.id)).all()
    assert [[inside.quantity for inside in parcel.lines] for parcel in parcels] == [[1], [1]]
