"""What becomes of a difference: recount, approval, reservations in the way, cancelling."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.audit import history
from app.core.db import db
from app.core.errors import Invalid
from app.core.jobs import JobRun
from app.core.settings.services import set_settings
from app.counting import services
from app.counting.errors import NotAllowed, ReservationsNotCovered
from app.fulfilment import services as fulfilment
from app.orders.jobs import allocate_waiting
from app.stock.models import Location, Movement, Posting, Reservation
from app.stock.reservations import ReservedQuantity
from app.stock.services import check_ledger, count_stock, find_target, release, reserve
from tests.counting.conftest import Hand, asked, bin_, corrections, fresh, goods
from tests.factories import UserFactory
from tests.fulfilment.conftest import Hand as PickingHand
from tests.fulfilment.conftest import tote
from tests.orders.conftest import again, confirmed, number, reserved
from tests.stock.conftest import held, on_hand, stocked

FIVE = ["FILTER1"] * 5
NINE = ["FILTER1"] * 9


def proven() -> bool:
    return check_ledger(lambda _done, _total: None)["differences"] == 0


def test_a_large_difference_is_counted_again_by_somebody_else(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *FIVE)
    assert (task.state, task.lines[0].recount_reason) == ("recount", "large")

    task = other.count(task, *FIVE)

    assert task.state == "review"
    assert [(r.user.name, r.is_same_person) for r in task.rounds] == [
        ("Sam", False),
        ("Kim", False),
    ]
    hand.approve(task)
    assert (on_hand(filters, shelf), corrections()) == (5, [("F-1", -5)])


def test_a_recount_by_the_same_person_is_said(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(hand.count(asked(shelf), *FIVE), *FIVE)

    assert [one.is_same_person for one in task.rounds] == [False, True]


def test_a_recount_that_agrees_with_the_books_closes_it(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = other.count(hand.count(asked(shelf), *FIVE), *["FILTER1"] * 10)

    assert (task.state, corrections()) == ("done", [])


def test_only_what_was_in_doubt_is_counted_again(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    goods(20, shelf, "C-1", "CUP1")
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *FIVE, "CUP1")
    hand.set(task, 20)
    hand.tap(services.finish, task)
    other.claim(task)
    other.scan(task, "A-01")

    assert "Only what the screen names" in other.scan(task, "CUP1").message
    assert [line.product.sku for line in fresh(task.id).current_lines] == ["F-1"]


@pytest.mark.parametrize(
    ("percent", "value", "state"), [(50, 250, "review"), (50, 9, "recount")]
)
def test_how_much_is_too_much_is_a_setting(
    hand: Hand, filters: Product, shelf: Location, percent: int, value: int, state: str
) -> None:
    set_settings(count_recount_percent=percent, count_recount_value=value)

    assert hand.count(asked(shelf), *FIVE).state == state  # 50 %, worth 10


def test_the_office_may_have_it_counted_again(
    hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *NINE)

    services.request_recount(task.id)

    assert fresh(task.id).state == "recount"
    task = other.count(task, *["FILTER1"] * 10)
    assert (task.state, corrections()) == ("done", [])
    with pytest.raises(NotAllowed, match="does not wait for approval"):
        services.request_recount(task.id)


def test_approving_twice_posts_once(
    session: Session, hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *NINE)

    hand.approve(task)
    hand.approve(task)

    assert corrections() == [("F-1", -1)]
    with pytest.raises(NotAllowed, match="Sam has approved"):
        other.approve(task)


def test_the_ledger_names_the_count_and_the_reason(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *NINE)
    hand.approve(task)

    row = session.query(Movement).filter_by(reason="counted").one()

    assert (row.document_type, row.document_id, row.note) == (
        "count",
        task.id,
        "Seen it myself",
    )
    assert (row.actor_id, row.unit_cost) == (hand.user.id, Decimal(2))
    key = session.query(Posting.key).filter_by(id=row.posting_id).scalar()
    assert key == f"count:{task.id}:1:approved"
    changes = [entry.changes for entry in session.scalars(history(task))]
    assert changes[0] == {"state": ["review", "done"], "reason": ["", "Seen it myself"]}
    assert changes[-2]["counter"] == ["", "Sam"]


def test_what_somebody_else_has_counted_since_is_counted_again(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    cups = goods(20, shelf, "C-1", "CUP1")
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", *NINE, "CUP1")
    hand.set(task, 19)
    hand.tap(services.finish, task)
    target = find_target(product_id=filters.id, location_id=shelf.id, reason="counted")
    db.session.commit()
    count_stock(target, counted=number(9), key="by hand")

    task = hand.approve(task)

    assert (task.state, corrections()) == ("recount", [("F-1", -1), ("C-1", -1)])
    assert (on_hand(filters, shelf), on_hand(cups, shelf)) == (9, 19)


def test_what_is_not_there_any_more_is_counted_again(
    hand: Hand, other: Hand, filters: Product, shelf: Location, move: Any
) -> None:
    task = other.count(hand.count(asked(shelf), *FIVE), *FIVE)
    move(filters, 8, from_location_id=shelf.id, to_location_id=bin_("B-01").id)

    assert hand.approve(task).state == "recount"
    assert on_hand(filters, shelf) == 2
    assert corrections() == []


def test_reservations_in_the_way_are_named(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 10))
    task = hand.count(asked(shelf), *NINE)

    with pytest.raises(
        ReservationsNotCovered, match=f"9 would be left, 10 are .* {order.number}"
    ):
        hand.approve(task)

    assert (fresh(task.id).state, held(filters, shelf)) == ("review", (10, 10))


def test_reservations_are_released_and_their_orders_wait(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    first, second = confirmed((filters, 6)), confirmed((filters, 4))
    task = hand.count(asked(shelf), *NINE)

    task = hand.approve(task, releases=True)

    assert task.state == "done"
    assert (again(first).status, again(second).status) == ("allocated", "confirmed")
    assert held(filters, shelf) == (9, 6)
    allocate_waiting(product_ids=[filters.id])
    assert reserved(second) == [("A-01", 3)]
    assert proven()


def test_who_waits_again_gets_what_lies_elsewhere(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 10))
    stocked(10, filters, bin_("B-01", 2))
    task = hand.count(asked(shelf), *NINE)

    hand.approve(task, releases=True)

    assert session.query(Reservation).filter_by(state="active").count() == 0
    allocate_waiting(product_ids=[filters.id])
    assert again(order).status == "allocated"
    assert reserved(order) == [("A-01", 9), ("B-01", 1)]


def test_a_picker_whose_goods_were_released_finds_another_bin(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    tote()
    order = confirmed((filters, 10))
    stocked(10, filters, bin_("B-01", 2))
    picker = PickingHand(UserFactory.create())
    pick_task = picker.claim()
    line_id = pick_task.lines[0].id
    picker.scan(pick_task, "A-01")
    task = hand.count(asked(shelf), *NINE)

    hand.approve(task, releases=True)

    assert again(order).status == "picking"
    assert "not reserved for this order any more" in picker.scan(pick_task, "FILTER1").message
    result = picker.tap(fulfilment.report_short, pick_task, line_id=line_id, reason="not_found")
    assert "More of it is at B-01." in result.message
    assert reserved(order) == [("B-01", 10)]
    assert proven()


def test_what_nobody_has_in_hand_is_released_first(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    tote()
    first = confirmed((filters, 4))
    PickingHand(UserFactory.create()).claim()  # it has the first order in hand
    later = confirmed((filters, 6))
    task = hand.count(asked(shelf), *NINE)

    hand.approve(task, releases=True)

    assert (again(first).status, again(later).status) == ("picking", "confirmed")
    assert held(filters, shelf) == (9, 4)


def test_a_reservation_by_hand_stands_in_the_way_too(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    reservation = reserve(
        ReservedQuantity(filters.id, shelf.id, None, number(10)), key="r", note="Ms Kay"
    )
    task = hand.count(asked(shelf), *NINE)

    with pytest.raises(ReservationsNotCovered, match="10 for Ms Kay"):
        hand.approve(task)
    release(reservation.id)
    assert hand.approve(task).state == "done"


def test_a_blocked_bin_takes_no_approval_until_it_is_free(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *NINE)
    shelf.is_blocked = True
    session.commit()

    with pytest.raises(Invalid, match="blocked"):
        hand.approve(task)

    assert fresh(task.id).state == "review"


def test_a_cancelled_count_posts_nothing(hand: Hand, filters: Product, shelf: Location) -> None:
    task = hand.count(asked(shelf), *NINE)

    services.cancel(task.id, reason="Wrong bin")

    task = fresh(task.id)
    assert (task.state, task.lines[0].state, corrections()) == ("cancelled", "dropped", [])
    with pytest.raises(NotAllowed):
        services.cancel(task.id)
    with pytest.raises(NotAllowed):
        hand.approve(task)


def test_half_a_count_is_forgotten_when_it_is_cancelled(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.claim(asked(shelf))
    hand.scan(task, "A-01", "FILTER1")

    services.cancel(task.id)

    assert fresh(task.id).lines == []
    assert "cancelled" in hand.scan(task, "FILTER1").message


def test_who_waits_again_is_served_by_the_usual_job(
    session: Session, hand: Hand, filters: Product, shelf: Location
) -> None:
    confirmed((filters, 10))
    task = hand.count(asked(shelf), *NINE)
    session.execute(delete(JobRun))

    hand.approve(task, releases=True)

    jobs = session.scalars(select(JobRun.job)).all()
    assert jobs == [allocate_waiting.path]
