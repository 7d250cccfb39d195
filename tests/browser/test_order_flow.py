"""An order from the first letter typed to what comes back of it, in real browsers."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.db import db
from app.orders import services
from app.orders.models import SalesOrder
from tests.browser.conftest import Open
from tests.factories import CustomerFactory, LocationFactory, ProductFactory
from tests.orders.conftest import drafted, stocked

pytestmark = pytest.mark.committed


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


def totals(page: Page) -> Locator:
    return page.locator("#lines .totals")


def cell(page: Page, sku: str, column: str) -> Locator:
    """What the line of a product says in a column."""
    return page.get_by_role("row").filter(has_text=sku).locator(f'td[data-label="{column}"]')


def state(page: Page, order: Any) -> Locator:
    return page.locator(f"#order-{order.id}-state")


def menu(page: Page, name: str, item: str) -> None:
    opened = page.locator("#record details.menu", has=page.locator(f'summary[title="{name}"]'))
    opened.locator("summary").click()
    opened.get_by_text(item, exact=True).click()


def press(page: Page, *keys: str) -> None:
    for one in keys:
        page.keyboard.press(one)


def made() -> Any:
    return db.session.scalars(select(SalesOrder).order_by(SalesOrder.id.desc())).first()


def test_an_order_is_typed_with_the_keyboard_alone(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    page = open_page("/orders/new")
    expect(page.get_by_label("Customer")).to_be_focused()

    page.keyboard.type("lovel")
    offered = page.locator(".combobox-list [data-value]")
    expect(offered).to_have_attribute("data-value", "C-ADA")
    page.get_by_label("Customer").press("Control+a")
    page.keyboard.type("C-ADA")
    page.locator("#items-0-sku").focus()  # a reader's shortcut past the dates
    expect(page.get_by_text("Lines for Ada Lovelace")).to_be_visible()

    page.keyboard.type("filter")
    expect(offered).to_have_attribute("data-value", "FIL-100")
    expect(offered).to_contain_text("Paper filters")
    expect(offered).to_contain_text("10 available")
    press(page, "Control+a")
    for number, sku in enumerate(("FIL-100", "GRI-200", "KET-300")):
        page.keyboard.type(sku)
        press(page, "Enter")
        expect(page.locator(f"#items-{number + 1}-sku")).to_be_focused()
    expect(page.locator(f"#product-{goods[0].id}-available")).to_have_text(re.compile("^10"))
    expect(totals(page)).to_contain_text("134.90")

    page.locator("#items-0-quantity").focus()
    press(page, "Control+a")
    page.keyboard.type("3")
    expect(totals(page)).to_contain_text("144.90")
    press(page, "Enter")
    expect(page.locator("#items-0-quantity")).to_have_value("3")
    page.get_by_role("button", name="Save draft").focus()
    press(page, "Enter")

    expect(page.locator("#messages")).to_contain_text("is a draft")
    assert made().total == Decimal("144.90")


def test_an_order_is_confirmed_and_its_rest_is_backordered(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    order = drafted((goods[0], 3), (goods[1], 6), customer=customer)
    page = open_page(f"/orders/{order.id}")

    page.get_by_role("button", name="Confirm").click()
    expect(state(page, order)).to_have_text("Partly allocated")
    expect(page.get_by_text("B-01: 4")).to_be_visible()
    expect(cell(page, "GRI-200", "Backordered")).to_have_text(re.compile("2"))

    menu(page, "More", "Backorder the rest")
    page.get_by_role("dialog").get_by_role("button", name="Backorder").click()

    expect(state(page, order)).to_have_text("Allocated")
    expect(page.get_by_role("link", name=f"{order.number}-1")).to_be_visible()


def test_an_order_is_split_and_cancelled(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    order = drafted((goods[0], 5), (goods[1], 2), customer=customer)
    services.confirm_order(order.id)
    page = open_page(f"/orders/{order.id}")

    menu(page, "More", "Split")
    page.get_by_role("dialog").get_by_label("Quantity of GRI-200").fill("2")
    page.get_by_role("dialog").get_by_role("button", name="Split").click()
    expect(page.get_by_role("link", name=f"{order.number}-1")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()

    menu(page, "More", "Cancel order")
    page.get_by_role("dialog").get_by_label("Reason").fill("Changed their mind")
    page.get_by_role("dialog").get_by_role("button", name="Cancel order").click()

    expect(state(page, order)).to_have_text("Cancelled")
    expect(page.get_by_text("Changed their mind").first).to_be_visible()
    expect(page.get_by_text("B-01: 5")).to_be_hidden()


def test_goods_ship_and_come_back(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    order = drafted((goods[0], 5), customer=customer)
    services.confirm_order(order.id)
    page = open_page(f"/orders/{order.id}")

    page.get_by_role("link", name="Ship", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Ship", exact=True).click()
    expect(state(page, order)).to_have_text("Shipped")
    page.get_by_role("link", name="Return items").click()
    page.get_by_role("dialog").get_by_label("Quantity of FIL-100").fill("2")
    page.get_by_role("dialog").get_by_label("Put where").fill("B-01")
    page.get_by_role("dialog").get_by_role("button", name="Return items").click()

    expect(page.get_by_text("2 returned")).to_be_visible()
    expect(page.get_by_text("2 × FIL-100")).to_be_visible()


def test_who_saves_later_sees_both_values(
    open_page: Open, customer: Customer, goods: list[Product]
) -> None:
    order = drafted((goods[0], 1), customer=customer)
    page = open_page(f"/orders/{order.id}/edit")
    services.change_order(order.id, version=order.version, customer_po="THEIRS-1")

    page.get_by_label("Their order number").fill("YOURS-2")
    page.get_by_role("button", name="Save").click()

    warning = page.get_by_role("alert").first
    expect(warning).to_contain_text("THEIRS-1")
    expect(warning).to_contain_text("YOURS-2")
    warning.get_by_role("radio", name="Their order number: yours").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("saved")
    expect(page.locator("#record")).to_contain_text("YOURS-2")


def test_what_one_confirms_the_others_see(
    open_page: Open, customer: Customer, goods: list[Product], colleague: User
) -> None:
    order = drafted((goods[0], 5), customer=customer)
    mine = open_page(f"/orders/{order.id}")
    theirs, listed = (
        open_page(place, who=colleague) for place in (f"/orders/{order.id}", "/orders")
    )
    shelf = open_page(f"/stock/{goods[0].id}")
    for page in (mine, theirs):
        expect(page.get_by_text("2 here")).to_be_visible()
    expect(listed.get_by_text("1 here")).to_be_visible()
    expect(shelf.get_by_text("1 here")).to_be_visible()

    mine.get_by_role("button", name="Confirm").click()

    for page in (mine, theirs, listed):
        expect(state(page, order)).to_have_text("Allocated")
    expect(cell(theirs, "FIL-100", "Reserved")).to_have_text(re.compile("5"))
    expect(theirs.get_by_role("button", name="Confirm")).to_be_hidden()
    expect(shelf.locator(f"#product-{goods[0].id}-available")).to_have_text(re.compile("^5"))


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
    expect(page.locator("#messages")).to_contain_text("is a draft")
    page.get_by_role("button", name="Confirm").click()

    expect(page.locator("#messages")).to_contain_text("is allocated")
    expect(page.get_by_text("B-01: 2")).to_be_visible()
    assert made().total == Decimal("155.00")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_questions_are_for_everybody(
    open_page: Open,
    customer: Customer,
    goods: list[Product],
    violations: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    order = drafted((goods[0], 5), (goods[1], 6), customer=customer)
    services.confirm_order(order.id)
    options = {"color_scheme": theme, "viewport": {"width": width, "height": 900}}
    page = open_page(f"/orders/{order.id}", **options)

    for item in ("Hold", "Split", "Close short", "Cancel order"):
        menu(page, "More", item)
        expect(page.get_by_role("dialog").get_by_role("heading")).to_be_visible()
        assert violations(page) == [], item
        page.get_by_role("dialog").get_by_text("Cancel", exact=True).click()
        expect(page.get_by_role("dialog")).to_be_hidden()
