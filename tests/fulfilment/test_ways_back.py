"""No step without a way back: picks, shortages, parcels, put-backs, cancelled orders."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.core.settings import set_settings
from app.documents.errors import NotAllowed
from app.fulfilment import queries, services
from app.fulfilment.models import PickStep
from app.fulfilment.services import Repacking
from app.orders import services as orders
from app.scanning.services import ActionResult
from app.stock.models import Balance, Location
from tests.fulfilment.conftest import Hand, bin_, confirmed, fresh, goods, stocked
from tests.fulfilment.test_picking import agree
from tests.orders.conftest import again, held, reserved

pytestmark = pytest.mark.usefixtures("totes")


def states(task: Any) -> list[tuple[str, Any]]:
    return [(line.state, line.picked) for line in fresh(task.id).lines]


def undo(hand: Hand, task: Any, times: int = 1) -> ActionResult:
    result = ActionResult()
    for _ in range(times):
        result = hand.tap(services.undo, task)
    return result


def test_undo_goes_back_as_deep_as_the_pick_task(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    mugs = goods(4, bin_("B-01", 2), "MUG", "MUG0001")
    order = confirmed((filters, 2), (mugs, 2))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1", "B-01", "MUG0001")

    undo(hand, task, 3)

    assert states(task) == [("open", 0), ("open", 0)]
    assert held(filters, shelf) == (10, 2)
    assert sorted(reserved(order)) == [("A-01", 2), ("B-01", 2)]
    assert undo(hand, task).message == "There is nothing to undo."
    assert db.session.scalars(select(PickStep)).all() == []
    assert (
        hand.scan(task, "A-01", "FILTER1", "FILTER1", "B-01", "MUG0001", "MUG0001").outcome
        == "done"
    )
    agree()


def test_what_was_the_last_piece_can_be_undone_until_it_is_packed(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 2))
    task = hand.claim()
    assert hand.scan(task, "A-01", "FILTER1", "FILTER1").outcome == "done"

    undo(hand, task)

    assert fresh(task.id).state == "picking"
    assert again(order).status == "picking"
    assert states(task) == [("open", 1)]
    assert hand.scan(task, "FILTER1").outcome == "done"
    hand.pack(services.find_packable("TOTE-1").id, "FILTER1")
    assert "cannot be undone here" in undo(hand, task).message
    agree()


def test_a_skip_is_undone(hand: Hand, filters: Product) -> None:
    mugs = goods(4, bin_("B-01", 2), "MUG", "MUG0001")
    confirmed((filters, 1), (mugs, 1))
    task = hand.claim()
    hand.tap(services.skip, task, line_id=task.lines[0].id)
    assert [line.product.sku for line in fresh(task.id).lines] == ["MUG", "F-1"]

    undo(hand, task)

    assert [line.product.sku for line in fresh(task.id).lines] == ["F-1", "MUG"]
    assert states(task) == [("open", 0), ("open", 0)]


def test_short_by_mistake_is_undone_with_all_that_followed(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    second = bin_("B-01", 2)
    stocked(5, filters, second)
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")
    hand.scan(task, "B-01", "FILTER1")

    undo(hand, task)  # the piece from the other bin
    result = undo(hand, task)

    assert "A-01 again: F-1, 1 of 3." in result.message
    assert states(task) == [("open", 1)]
    assert sorted(reserved(order)) == [("A-01", 2), ("TOTE-1", 1)]
    assert held(filters, second) == (5, 0)
    here = Balance.product_id == filters.id, Balance.location_id == shelf.id
    assert not db.session.scalars(select(Balance.is_doubted).where(*here)).one()
    assert hand.scan(task, "FILTER1", "FILTER1").outcome == "done"
    agree()


def test_short_of_everything_is_undone_while_nobody_has_gone_on(
    hand: Hand, filters: Product
) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")
    assert again(order).status == "confirmed"

    undo(hand, task)

    assert again(order).status == "picking"
    assert fresh(task.id).state == "picking"
    assert reserved(order) == [("A-01", 3)]
    assert hand.scan(task, "A-01", "FILTER1", "FILTER1", "FILTER1").outcome == "done"
    agree()


def test_a_pick_task_is_given_back_after_a_shortage_with_all_its_lines(
    hand: Hand, filters: Product
) -> None:
    stocked(5, filters, bin_("B-01", 2))
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")

    services.release(task.id)

    assert fresh(task.id).lines == []
    assert again(order).status == "allocated"
    agree()


def test_others_who_have_gone_on_are_not_disturbed_by_an_undo(
    hand: Hand, filters: Product
) -> None:
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")
    stocked(5, filters, bin_("B-01", 2))
    orders.allocate_waiting([filters.id])

    result = undo(hand, task)

    assert result.is_wrong
    assert "is not yours any more" in result.message
    assert reserved(order) == [("B-01", 3)]
    agree()


def test_undo_needs_the_one_pick_task_in_hand(hand: Hand, filters: Product) -> None:
    confirmed((filters, 1))
    first = hand.claim()
    hand.scan(first, "A-01", "FILTER1")
    confirmed((filters, 1))
    second = hand.claim()

    result = undo(hand, first)

    assert f"You have {second} in work" in result.message


def test_half_a_kilogram_that_is_left_is_picked_and_packed_by_one_scan(
    hand: Hand, filters: Product
) -> None:
    confirmed((filters, "2.5"))
    task = hand.claim()

    assert hand.scan(task, "A-01", "FILTER1", "FILTER1").outcome == "ok"
    assert hand.scan(task, "FILTER1").outcome == "done"
    part = services.find_packable("TOTE-1")
    assert hand.pack(part.id, "FILTER1", "FILTER1", "FILTER1").outcome == "done"
    assert hand.pack(part.id, "FILTER1").is_wrong
    agree()


@pytest.fixture
def part(hand: Hand, filters: Product) -> Any:
    """Three paper filters in parcel 1."""
    confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1", "FILTER1")
    part = services.find_packable("TOTE-1")
    hand.pack(part.id, "FILTER1", "FILTER1", "FILTER1")
    return part


def parcels(part: Any) -> list[Any]:
    query = queries.parcels_of(part.id).execution_options(populate_existing=True)
    return [*db.session.scalars(query)]


def inside(part: Any) -> list[list[Any]]:
    return [[one.quantity for one in parcel.lines] for parcel in parcels(part)]


def repack(hand: Hand, part: Any, quantity: object, to: str, parcel: int = 0) -> ActionResult:
    wanted = Repacking(
        parcel_line_id=parcels(part)[parcel].lines[0].id,
        quantity=Decimal(str(quantity)),
        to=to,
    )
    with hand.acting():
        return services.repack(part.id, wanted, scan_id=uuid4())


def test_what_is_taken_out_of_a_parcel_is_packed_again(hand: Hand, part: Any) -> None:
    result = repack(hand, part, 1, "out")

    assert result.message == "1 x F-1 is out of parcel 1, and to be packed again."
    assert inside(part) == [[2]]
    with pytest.raises(NotAllowed, match="Not in a parcel yet: F-1"):
        services.ship_parcels(part.id)
    assert hand.pack(part.id, "FILTER1").outcome == "done"
    services.ship_parcels(part.id)
    agree()


def test_pieces_move_between_parcels(hand: Hand, part: Any) -> None:
    assert "in parcel 2 now" in repack(hand, part, 2, "new").message
    assert inside(part) == [[1], [2]]

    repack(hand, part, 1, str(parcels(part)[0].id), parcel=1)

    assert inside(part) == [[2], [1]]


@pytest.mark.parametrize("quantity", ["0", "-1", "4"])
def test_no_more_leaves_a_parcel_than_is_in_it(hand: Hand, part: Any, quantity: str) -> None:
    result = repack(hand, part, quantity, "out")

    assert "From 1 to 3: so many are in this parcel." in result.message
    assert inside(part) == [[3]]


def test_an_empty_parcel_does_not_ship_and_can_be_removed(hand: Hand, part: Any) -> None:
    repack(hand, part, 3, "new")
    with pytest.raises(NotAllowed, match="Parcel 1 is empty"):
        services.ship_parcels(part.id)

    with hand.acting():
        full = services.remove_parcel(part.id, parcels(part)[1].id, scan_id=uuid4())
        empty = services.remove_parcel(part.id, parcels(part)[0].id, scan_id=uuid4())

    assert "take it out first" in full.message
    assert empty.message == "Parcel 1 is gone."
    assert [(one.number, len(one.lines)) for one in parcels(part)] == [(1, 1)]
    services.ship_parcels(part.id)
    agree()


@pytest.fixture
def row(hand: Hand, filters: Product) -> Any:
    """Two paper filters of a cancelled order, to be put back into A-01."""
    order = confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1", "FILTER1")
    orders.cancel_order(order.id)
    services.freeze(order.id)
    return db.session.scalars(queries.putbacks()).one()


def put(hand: Hand, row: Any, code: str) -> ActionResult:
    with hand.acting():
        return services.put_back(row.id, scan_id=uuid4(), code=code)


def test_another_bin_is_meant_when_it_is_scanned_twice(
    hand: Hand, row: Any, filters: Product
) -> None:
    other = bin_("C-01", 3)

    first = put(hand, row, "C-01")
    assert first.is_wrong
    assert "Scan C-01 once more" in first.message
    assert held(filters, other) == (0, 0)
    second = put(hand, row, "C-01")

    assert second.outcome == "done"
    assert held(filters, other) == (2, 0)
    agree()


def test_two_other_bins_are_two_mistakes(hand: Hand, row: Any, filters: Product) -> None:
    bin_("C-01", 3)
    bin_("D-01", 4)

    assert put(hand, row, "C-01").is_wrong
    assert put(hand, row, "D-01").is_wrong
    assert put(hand, row, "A-01").outcome == "done"


def test_a_put_back_is_undone_and_done_again(
    hand: Hand, row: Any, filters: Product, shelf: Location
) -> None:
    put(hand, row, "A-01")

    with hand.acting():
        result = services.undo_put_back(row.id, scan_id=uuid4())
    assert "in tote TOTE-1 again" in result.message
    assert held(filters, shelf) == (8, 0)
    assert put(hand, row, "A-01").outcome == "done"
    assert held(filters, shelf) == (10, 0)
    agree()


def test_a_put_back_into_a_tote_in_use_is_not_undone(
    hand: Hand, row: Any, filters: Product
) -> None:
    put(hand, row, "A-01")
    confirmed((filters, 1))
    hand.claim()

    with hand.acting():
        result = services.undo_put_back(row.id, scan_id=uuid4())

    assert "Tote TOTE-1 is in use again" in result.message


def test_a_cancelled_order_in_hand_stops_the_pick_task_until_its_tote_is_aside(
    hand: Hand, filters: Product
) -> None:
    set_settings(pick_wave=2)
    first, second = confirmed((filters, 2)), confirmed((filters, 1))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    orders.cancel_order(first.id)
    services.freeze(first.id)

    for code in ("FILTER1", "TOTE-2", "A-01", "NOBODY"):
        refused = hand.scan(task, code)
        assert refused.is_wrong
        assert f"Stop: {first.number} was cancelled. Put tote TOTE-1 aside" in refused.message
    result = hand.tap(services.confirm_stop, task)

    assert result.message == "Tote TOTE-1 is put aside."
    assert fresh(task.id).stopped == []
    assert hand.scan(task, "A-01", "FILTER1").outcome == "done"
    assert again(second).status == "picked"
    agree()
