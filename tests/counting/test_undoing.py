"""A posted count is undone by its own verb: the differences go back, and nothing else."""

from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.counting import queries, services
from app.counting.errors import NotAllowed
from app.stock import services as stock
from app.stock.errors import CannotReverse, InsufficientStock
from app.stock.models import Balance, Location, Movement
from app.stock.services import check_ledger
from tests.conftest import SignIn
from tests.core.conftest import bearer
from tests.counting.conftest import Hand, asked, corrections, fresh, goods
from tests.orders.conftest import confirmed
from tests.stock.conftest import on_hand

__all__ = ["bearer"]

MAY = ("counting.view", "counting.manage", "counting.approve", "stock.view")


@pytest.fixture
def posted(hand: Hand, other: Hand, filters: Product, shelf: Location) -> Any:
    """Of ten filters seven were found, and three cups that nobody knew of."""
    goods(0, shelf, "C-1", "CUP1", cost=1)
    seen = ["FILTER1"] * 7 + ["CUP1"] * 3
    task = hand.count(asked(shelf), *seen)
    if task.state == "recount":
        task = other.count(task, *seen)
    task = hand.approve(task)
    assert (task.state, corrections()) == ("done", [("F-1", -3), ("C-1", 3)])
    return task


def undone(task: Any, reason: str = "Wrong bin") -> Any:
    services.undo_count(task.id, reason=reason)
    return fresh(task.id)


def last_counted(product: Product) -> Any:
    query = select(Balance.counted_at).where(Balance.product_id == product.id)
    return db.session.scalars(query).one()


def test_each_difference_goes_back_once(posted: Any, filters: Product, shelf: Location) -> None:
    task = undone(undone(posted))

    assert on_hand(filters, shelf) == 10
    assert (task.state, task.state_label) == ("undone", "Undone")
    assert {line.state for line in task.results} == {"dropped"}
    back = db.session.scalars(select(Movement).where(Movement.reason == "reversed")).all()
    assert len(back) == 2
    assert {(one.document_type, one.document_id, one.note) for one in back} == {
        ("count", task.id, "Wrong bin")
    }
    assert last_counted(filters) is None  # it counts as not counted: it is due again
    assert check_ledger(lambda _done, _total: None)["differences"] == 0


def test_what_has_moved_since_stays_moved(
    posted: Any, filters: Product, shelf: Location, move: Any, adjustments: Location
) -> None:
    move(filters, 2, from_location_id=shelf.id, to_location_id=adjustments.id)

    undone(posted)

    assert on_hand(filters, shelf) == 8


def test_what_it_had_found_and_is_gone_is_refused_whole(
    posted: Any, filters: Product, shelf: Location
) -> None:
    cup = db.session.scalars(select(Product).where(Product.sku == "C-1")).one()
    confirmed((cup, 2))

    with pytest.raises(InsufficientStock):
        services.undo_count(posted.id, reason="Wrong bin")

    assert on_hand(filters, shelf) == 7
    assert fresh(posted.id).state == "done"


@pytest.mark.committed  # each posting has a time of its own
def test_a_later_count_of_the_same_goods_stands(
    posted: Any, hand: Hand, other: Hand, filters: Product, shelf: Location
) -> None:
    later = other.count(asked(shelf), *["FILTER1"] * 7, *["CUP1"] * 3)
    assert later.state == "done"

    with pytest.raises(NotAllowed, match="F-1, C-1: counted again since"):
        services.undo_count(posted.id, reason="Wrong bin")

    assert on_hand(filters, shelf) == 7


def test_a_count_that_moved_nothing_has_nothing_to_undo(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    task = hand.count(asked(shelf), *["FILTER1"] * 10)

    with pytest.raises(NotAllowed, match="nothing to undo"):
        services.undo_count(task.id, reason="Wrong bin")


def test_what_is_not_posted_is_refused_before_anybody_writes_a_reason(
    sign_in: SignIn, hand: Hand, filters: Product, shelf: Location
) -> None:
    task = asked(shelf)
    at = f"/counts/{task.id}/reversal/new"

    waiting = sign_in(*MAY).get(at)
    hand.count(task, *["FILTER1"] * 10)
    agreeing = sign_in(*MAY).get(at)

    assert (waiting.status_code, agreeing.status_code) == (409, 409)
    assert "it is not posted but to count" in waiting.text
    assert "what it found is what the books said" in agreeing.text


def test_the_ledger_leads_to_the_count(posted: Any) -> None:
    [first, *_] = db.session.scalars(queries.posted_by(posted.id)).all()

    with pytest.raises(CannotReverse, match="undo it there"):
        stock.reverse_posting(first.posting_id, key="by hand")


def test_the_page_shows_every_line_first(sign_in: SignIn, posted: Any) -> None:
    client = sign_in(*MAY)
    at = f"/counts/{posted.id}"

    asked_first = client.get(f"{at}/reversal/new").text
    assert "F-1" in asked_first
    assert "C-1" in asked_first
    assert client.post(f"{at}/reversal", data={"reason": ""}).status_code == 422
    answer = client.post(f"{at}/reversal", data={"reason": "Wrong bin"}, follow_redirects=True)

    assert f"Count {posted.id} is undone." in answer.text
    assert "create_reversal" not in answer.text
    assert (answer.text.count("Undone<"), answer.text.count("Cancelled")) == (
        3,
        0,
    )  # both lines
    assert f'/counts/{posted.id}"' in client.get("/counts?state=undone").text
    again = client.get(f"{at}/reversal/new")
    assert (again.status_code, "is undone already" in again.text) == (409, True)
    assert sign_in("counting.view").get(f"{at}/reversal/new").status_code == 403


def test_a_program_can_do_it_too(bearer: Any, posted: Any) -> None:
    program = bearer(*MAY)
    at = f"/api/v1/counts/{posted.id}/reversal"

    assert program.post(at, json={}).status_code == 422
    answer = program.post(at, json={"reason": "Wrong bin"})

    assert (answer.status_code, answer.json["state"]) == (200, "undone")
    assert {line["state"] for line in answer.json["lines"]} == {"recount", "dropped"}
