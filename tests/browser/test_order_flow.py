"""Orders in real browsers: live while somebody types, and without any script."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.catalog.models import Customer, Product
from app.core.db import db
from app.orders.models import SalesOrder
from tests.browser.conftest import Open
from tests.factories import CustomerFactory, LocationFactory, ProductFactory
from tests.orders.conftest import drafted, stocked

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]


@pytest.fixture
def customer() -> Customer:
    return CustomerFactory.create(code="C-ADA", name="Ada Lovelace", currency="EUR")


@pytest.fixture
def goods() -> list[Product]:
    """Three products with 10, 4 and none of them in a bin."""
    made = [
        ProductFactory.create(sku=sku, name=name, currency="EUR", price=Decimal(price))
        for sku, name, price in [
            ("FIL-100", "Paper filters", "5"),
            ("GRI-200", "Hand grinder", "80"),
            ("KET-300", "Gooseneck kettle", "49.90"),
        ]
    ]
    place = LocationFactory.create(code="B-01", path="B-01/")
    for quantity, product in zip((10, 4), made, strict=False):
        stocked(quantity, product, place)
    return made


def made() -> Any:
    return db.session.scalars(select(SalesOrder).order_by(SalesOrder.id.desc())).first()


def test_what_is_available_changes_beside_the_line_that_is_typed(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    order = drafted((goods[0], 5), customer=customer)
    page = open_page(f"/orders/{order.id}/edit")
    available = page.locator(f"#product-{goods[0].id}-available")
    expect(available).to_have_text(re.compile("^10"))
    other = open_page(f"/orders/{drafted((goods[0], 4), customer=customer).id}")

    other.get_by_role("button", name="Confirm").click()

    expect(available).to_have_text(re.compile("^6"))


def test_an_order_needs_no_javascript(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    page = open_page("/orders/new", java_script_enabled=False)
    page.get_by_label("Customer").fill("C-ADA")
    page.locator("#items-0-sku").fill("FIL-100")
    page.get_by_role("button", name="Add line").last.click()
    expect(page.locator("#items-0-unit_price")).to_have_value("5")
    page.locator("#items-1-sku").fill("GRI-200")
    page.locator("#items-1-quantity").fill("2")
    page.locator("#items-1-unit_price").fill("75")

    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status")).to_contain_text("is a draft")
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("status")).to_contain_text("is allocated")
    expect(page.get_by_text("B-01: 2")).to_be_visible()
    assert made().total == Decimal("155.00")
