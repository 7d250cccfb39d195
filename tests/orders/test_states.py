"""The table of states is the only way from one to another."""

from itertools import product

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.documents.errors import NotAllowed
from app.orders.models import STATUSES, TRANSITIONS, SalesOrder
from tests.factories import SalesOrderFactory

EXPECTED = {
    "draft": "confirmed part_allocated allocated on_hold cancelled",
    # Shipped by a vendor, while nothing of it was ever reserved here.
    "confirmed": "part_allocated allocated shipped on_hold cancelled",
    "part_allocated": "confirmed allocated on_hold cancelled picking shipped",
    "allocated": "confirmed part_allocated on_hold cancelled picking shipped",
    "on_hold": "draft confirmed part_allocated allocated shipped cancelled",
    "picking": "confirmed part_allocated allocated picked short on_hold cancelled",
    "picked": "confirmed part_allocated allocated picking packing shipped on_hold cancelled",
    "short": (
        "confirmed part_allocated allocated picking picked packing shipped on_hold cancelled"
    ),
    "packing": "picked short packed on_hold cancelled",
    "packed": "confirmed part_allocated allocated packing shipped on_hold cancelled",
    "shipped": "confirmed part_allocated allocated",
    "cancelled": "",
}
PAIRS = [*product(STATUSES, STATUSES)]


def test_every_state_says_what_may_follow_it() -> None:
    assert TRANSITIONS.keys() == STATUSES.keys() == EXPECTED.keys()


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_step_is_taken_if_the_table_has_it_and_refused_otherwise(
    before: str, after: str
) -> None:
    order = SalesOrder(number="SO-000001", status=before, version=1)
    if after in EXPECTED[before].split():
        order.move_to(after)
        assert (order.status, order.version) == (after, 2)
        return

    with pytest.raises(NotAllowed) as refusal:
        order.move_to(after)
    assert (order.status, order.version) == (before, 1)
    assert refusal.value.status == 409


def test_the_database_knows_no_other_state(session: Session) -> None:
    with pytest.raises(IntegrityError, match="ck_sales_order_status"):
        SalesOrderFactory.create(status="lost")
