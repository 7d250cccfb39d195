"""Orders from files: whole or not at all, twice the same, only drafts change."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product
from app.core.db import db
from app.core.sheets import Format
from app.imports.definition import importers
from app.imports.exports import exported
from app.orders import queries, services
from app.orders.models import SalesOrder
from tests.factories import CustomerFactory
from tests.imports.samples import counts, errors, imported
from tests.imports.test_round_trip import taken_back
from tests.orders.conftest import again, confirmed, drafted

HEADER = ("Order number", "Customer", "Order date", "SKU", "Quantity", "Unit price")


@pytest.fixture(autouse=True)
def ada(session: Session, product: Product) -> Customer:
    return CustomerFactory.create(code="C-ADA", name="Ada", currency="EUR")


def made() -> list[Any]:
    found = queries.with_lines(select(SalesOrder)).order_by(SalesOrder.id)
    return [*db.session.scalars(found.execution_options(populate_existing=True))]


def test_rows_with_one_number_are_one_order() -> None:
    result = imported(
        "orders",
        HEADER,
        ("A-1", "C-ADA", "2026-03-01", "P-1", "2", ""),
        ("A-2", "Ada", "", "P-1", "1", "3.5"),
        ("A-1", "", "", "P-1", "4", "9"),
    )

    first, second = made()
    assert counts(result) == (3, 0, 0, 0)
    assert (first.external_number, first.channel, first.status) == ("A-1", "import", "draft")
    assert [(line.quantity, line.unit_price) for line in first.lines] == [(2, 5), (4, 9)]
    assert (first.order_date, first.total) == (date(2026, 3, 1), 46)
    assert (second.customer_name, second.total) == ("Ada", 3.5)


def test_the_same_file_twice_changes_nothing() -> None:
    rows = HEADER, ("A-1", "C-ADA", "2026-03-01", "P-1", "2", "7")
    imported("orders", *rows)
    before = made()[0].version

    result = imported("orders", *rows)

    assert counts(result) == (0, 0, 1, 0)
    assert [order.version for order in made()] == [before]


def test_a_draft_follows_the_file() -> None:
    imported("orders", HEADER, ("A-1", "C-ADA", "", "P-1", "2", "7"))

    result = imported("orders", HEADER, ("A-1", "C-ADA", "", "P-1", "3", "7"))

    assert counts(result) == (0, 1, 0, 0)
    assert made()[0].total == 21


def test_what_is_known_is_left_alone_if_asked() -> None:
    imported("orders", HEADER, ("A-1", "C-ADA", "", "P-1", "2", "7"))

    result = imported("orders", HEADER, ("A-1", "C-ADA", "", "P-1", "3", "7"), update=False)

    assert counts(result) == (0, 0, 1, 0)
    assert made()[0].total == 14


def test_a_confirmed_order_does_not_follow_a_file() -> None:
    rows = HEADER, ("A-1", "C-ADA", "", "P-1", "2", "7")
    imported("orders", *rows)
    services.confirm_order(made()[0].id)

    same = imported("orders", *rows)
    other = imported("orders", HEADER, ("A-1", "C-ADA", "", "P-1", "3", "7"))

    assert counts(same) == (0, 0, 1, 0)
    assert counts(other) == (0, 0, 0, 1)
    assert "a file changes drafts only" in errors(other)[0][2]


def test_a_dry_run_writes_nothing() -> None:
    result = imported(
        "orders",
        HEADER,
        ("A-1", "C-ADA", "", "P-1", "2", ""),
        ("A-2", "nobody", "", "P-1", "2", ""),
        dry_run=True,
    )

    assert counts(result) == (1, 0, 0, 1)
    assert errors(result) == [(3, "customer", "No customer has this code or this name.")]
    assert made() == []


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (("", "C-ADA", "", "P-1", "2", ""), "number", "missing"),
        (("A-1", "C-ADA", "", "", "2", ""), "sku", "missing"),
        (("A-1", "C-ADA", "", "P-1", "", ""), "quantity", "missing"),
        (("A-1", "C-ADA", "", "P-1", "0", ""), "number", "above zero"),
        (("A-1", "C-ADA", "", "P-1", "x", ""), "quantity", "not a number"),
        (
            ("A-1", "C-ADA", "", "GHOST", "1", ""),
            "number",
            "GHOST is no SKU or barcode",
        ),
        (("A-1", "C-ADA", "1.4.26", "P-1", "1", ""), "order_date", "year with four digits"),
        (("A-1", "C-ADA", "soon", "P-1", "1", ""), "order_date", "2026-03-31"),
        (("A-1", "", "", "P-1", "1", ""), "customer", "No customer"),
    ],
)
def test_a_wrong_row_is_listed_with_its_reason(
    row: tuple[str, ...], field: str, reason: str
) -> None:
    result = imported("orders", HEADER, row)

    [(number, wrong, why)] = errors(result)
    assert (number, wrong) == (2, field)
    assert reason in why
    assert made() == []


def test_an_order_with_a_wrong_row_is_not_taken_in_part_and_the_others_are() -> None:
    result = imported(
        "orders",
        HEADER,
        ("A-1", "C-ADA", "", "P-1", "2", ""),
        ("A-1", "C-ADA", "", "P-1", "two", ""),
        ("A-2", "C-ADA", "", "P-1", "1", ""),
        ("A-2", "C-ADA", "", "P-1", "1", ""),
        ("A-3", "C-ADA", "", "P-1", "1", ""),
    )

    assert [order.external_number for order in made()] == ["A-2", "A-3"]
    assert counts(result) == (3, 0, 0, 2)


def test_rows_of_an_order_say_one_thing() -> None:
    result = imported(
        "orders",
        HEADER,
        ("A-1", "C-ADA", "2026-03-01", "P-1", "2", ""),
        ("A-1", "C-ADA", "2026-03-02", "P-1", "1", ""),
    )

    assert {(field, why) for _row, field, why in errors(result)} == {
        ("order_date", "The rows of this order differ here.")
    }


@pytest.mark.parametrize("form", [Format.CSV, Format.EXCEL])
def test_what_we_export_we_take_back(product: Product, form: Format) -> None:
    draft = drafted((product, "1.5"), (product, 2), notes="=SUM(1)", customer_po="PO 7")
    fixed = confirmed((product, 3), ship_street="1 Quay\nDock 4", ship_country="DE")
    with exported(importers()["orders"], form, {}) as file:
        content = file.read()

    result = taken_back("orders", content)

    assert result["errors"] == []
    assert counts(result) == (0, 0, 3, 0)
    assert (again(draft).version, again(fixed).version) == (draft.version, fixed.version)


def test_an_export_holds_what_the_filters_let_through(product: Product) -> None:
    drafted((product, 1), customer_po="KEEP")
    drafted((product, 1), customer_po="OTHER")
    confirmed((product, 1), customer_po="KEEP")

    filters = {"status": "draft", "search": "keep", "customer": "x", "from": "never"}
    with exported(importers()["orders"], Format.CSV, filters) as file:
        lines = file.read().decode().splitlines()

    assert len(lines) == 2
    assert "KEEP" in lines[1]


def test_discounts_shipping_and_free_lines_come_and_go_by_file(product: Product) -> None:
    head = (*HEADER, "Discount", "Order discount", "Shipping", "Tax on shipping", "Free line")
    first = ("A-1", "C-ADA", "", "P-1", "2", "10", "10%", "2,50", "4.95", "19%", "")
    result = imported(
        "orders", head, first, ("A-1", "", "", "ENGRAVING", "1", "7", "1", "", "", "", "yes")
    )

    [order] = made()
    assert counts(result) == (2, 0, 0, 0)
    assert [(one.discount, one.is_free) for one in order.lines] == [("10%", False), ("1", True)]
    assert (order.discount, order.shipping_amount, order.shipping_tax_rate) == (
        *("2.5", Decimal("4.95")),
        19,
    )
    with exported(importers()["orders"], Format.CSV, {}) as file:
        assert taken_back("orders", file.read())["unchanged"] == 2
    wrong = imported("orders", head, ("A-2", *first[1:6], "half", "", "", "", ""))
    assert [field for _row, field, _error in errors(wrong)] == ["line_discount"]
