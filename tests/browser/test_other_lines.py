"""Moves and counts are typed and scanned with the line editor of orders."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.counting.models import CountTask
from app.stock.models import Location, Movement
from tests.browser.conftest import Open
from tests.browser.scanning import TYPE_INTO
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory
from tests.stock.conftest import place, stocked

pytestmark = pytest.mark.committed

HAND, SCANNER = 30, 4  # milliseconds a key


@pytest.fixture
def goods() -> list[Product]:
    """Three products, ten of each in MAIN-01, with barcodes."""
    made = []
    for number in (1, 2, 3):
        product = ProductFactory.create(sku=f"PART-{number}", name=f"Part {number}")
        BarcodeFactory.create(product=product, code=f"90000{number}")
        made.append(stocked(10, product))
    return made


@pytest.fixture
def shelf() -> Location:
    """A bin beside it."""
    main = place("MAIN-01")
    return LocationFactory.create(
        code="AISLE-01", path="MAIN/AISLE-01/", parent_id=main.parent_id
    )


def field(page: Page, number: int, name: str) -> Any:
    return page.locator(f"#lines-{number}-{name}")


def scan(page: Page, *codes: str) -> None:
    for one in codes:
        page.evaluate(TYPE_INTO, [one, SCANNER])
        page.wait_for_timeout(220)  # the same code sooner is the same reading


def test_several_products_are_moved_by_scanner_and_by_hand(
    open_page: Open, goods: list[Product], shelf: Location
) -> None:
    page = open_page("/transfers/new")
    expect(field(page, 0, "sku")).to_be_focused()
    scan(page, "900001", "900002", "900001", "900001")
    expect(field(page, 0, "quantity")).to_have_value("3")
    expect(field(page, 1, "source")).to_have_value("MAIN-01")
    field(page, 0, "destination").fill("AISLE-01")
    field(page, 1, "destination").fill("AISLE-01")
    page.keyboard.press("Enter")  # makes the next row at once
    expect(field(page, 2, "sku")).to_be_focused()
    page.keyboard.type("PART-3", delay=HAND)
    page.keyboard.press("Enter")
    field(page, 2, "quantity").click()
    page.keyboard.type("4", delay=HAND)

    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status")).to_contain_text("3 lines are moved")
    moved = db.session.execute(
        select(Product.sku, Movement.quantity)
        .join(Movement.product)
        .where(Movement.to_location_id == shelf.id)
        .order_by(Movement.id)
    )
    assert [tuple(row) for row in moved] == [
        ("PART-1", Decimal(3)),
        ("PART-2", Decimal(1)),
        ("PART-3", Decimal(4)),
    ]


def test_bins_and_products_are_scanned_to_be_counted(
    open_page: Open, goods: list[Product], shelf: Location
) -> None:
    page = open_page("/counts/lists/new")
    expect(field(page, 0, "code")).to_be_focused()
    scan(page, "AISLE-01", "900002", "AISLE-01", "NO-SUCH")  # a bin again is one line
    expect(page.locator("[data-row]")).to_have_count(4)  # and an empty one
    expect(page.locator('[data-row="2"]')).to_contain_text("No bin, zone or product")
    page.get_by_role("button", name="Remove line 3").click()

    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status")).to_contain_text("2 bins to be counted")
    made = db.session.scalars(select(CountTask.product_id).order_by(CountTask.id)).all()
    assert made == [None, goods[1].id]
