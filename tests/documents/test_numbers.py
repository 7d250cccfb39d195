"""Numbers of documents: never the same twice, and a gap harms nobody."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.documents.models import Numbering
from app.documents.services import next_number, number_of_part
from app.orders.models import SalesOrder
from tests.factories import SalesOrderFactory
from tests.stock.test_concurrency import at_once


def test_a_number_has_its_prefix_and_its_width() -> None:
    numbering = Numbering("PO-", "purchase_order_number_seq", 4)

    assert [numbering.write(n) for n in (7, 45, 123456)] == ["PO-0007", "PO-0045", "PO-123456"]


def test_a_number_that_a_file_has_brought_is_passed_over(session: Session) -> None:
    session.execute(text("SELECT setval('sales_order_number_seq', 900100)"))
    SalesOrderFactory.create(number="SO-900101")
    SalesOrderFactory.create(number="SO-900102")

    assert next_number(SalesOrder) == "SO-900103"


def test_a_number_that_is_not_used_leaves_a_gap(session: Session) -> None:
    first, second = next_number(SalesOrder), next_number(SalesOrder)

    assert int(second.removeprefix("SO-")) == int(first.removeprefix("SO-")) + 1


@pytest.mark.committed
def test_many_at_once_get_a_number_each(app: Flask) -> None:
    drawn = at_once(app, lambda _n: [next_number(SalesOrder) for _ in range(20)], 4)

    assert len({number for numbers in drawn for number in numbers}) == 80


def test_a_part_of_a_part_is_numbered_below_the_first(session: Session) -> None:
    first = SalesOrderFactory.create(number="SO-900200")
    part = SalesOrderFactory.create(number="SO-900200-1", split_from_id=first.id)
    SalesOrderFactory.create(number="SO-9002001")  # same key, other order

    assert number_of_part(first) == "SO-900200-2"
    assert number_of_part(part) == "SO-900200-2"


def test_a_number_of_the_company_may_hold_a_dash(session: Session) -> None:
    assert number_of_part(SalesOrderFactory.create(number="2026-17")) == "2026-17-1"
