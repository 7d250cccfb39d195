"""The main job from end to end, in real browsers."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from app.catalog.models import Product
from app.stock import services as stock
from tests.browser.conftest import Open
from tests.factories import ProductFactory

pytestmark = pytest.mark.committed


def stocked(quantity: int, **attributes: object) -> Product:
    product = ProductFactory.create(name="Paper filters", **attributes)
    target = stock.find_target(product_id=product.id, reason="found")
    stock.adjust_stock(target, quantity=Decimal(quantity), reason="found", key=product.sku)
    return product


def adjust(page: Page, quantity: str) -> None:
    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()
    page.get_by_role("dialog").get_by_label("Change").fill(quantity)
    page.keyboard.press("Enter")


def on_hand(page: Page, product: Product, quantity: int) -> None:
    """See how much the page says there is; it may take a moment."""
    figure = page.locator(f"#product-{product.id}-on_hand")
    expect(figure).to_have_text(re.compile(rf"^{quantity}\b"))


def test_a_change_shows_at_once_in_the_other_browser(open_page: Open) -> None:
    product = stocked(10)
    mine, theirs = open_page(f"/stock/{product.id}"), open_page("/stock")
    expect(theirs.get_by_text("1 here")).to_be_visible()

    adjust(mine, "-4")

    expect(mine.get_by_role("status")).to_contain_text("adjusted")
    on_hand(mine, product, 6)
    on_hand(theirs, product, 6)


def test_a_refusal_stays_in_the_dialog_and_can_be_put_right(open_page: Open) -> None:
    product = stocked(10)
    page = open_page(f"/stock/{product.id}")
    dialog = page.get_by_role("dialog")

    adjust(page, "-11")
    expect(dialog.get_by_text("Only 10 of")).to_be_visible()
    dialog.get_by_role("button", name="One more").click()
    dialog.get_by_role("button", name="Adjust").click()

    on_hand(page, product, 0)


def test_what_was_done_can_be_undone(open_page: Open) -> None:
    product = stocked(10)
    page = open_page(f"/stock/{product.id}")
    adjust(page, "-4")
    on_hand(page, product, 6)

    page.get_by_role("status").get_by_role("button", name="Undo").click()

    on_hand(page, product, 10)


def test_what_falls_below_the_reorder_point_is_listed(open_page: Open) -> None:
    product = stocked(10, reorder_point=Decimal(8))
    page = open_page(f"/stock/{product.id}")

    adjust(page, "-3")
    on_hand(page, product, 7)
    page.goto("/stock/low")

    expect(page.get_by_role("row", name=product.sku)).to_be_visible()


def test_an_adjustment_needs_no_javascript(open_page: Open) -> None:
    product = stocked(10)
    page = open_page(f"/stock/{product.id}", java_script_enabled=False)

    page.get_by_role("main").get_by_role("link", name="Adjust", exact=True).click()
    page.get_by_label("Change").fill("5")
    page.get_by_role("main").get_by_role("button", name="Adjust").click()

    on_hand(page, product, 15)
    expect(page.get_by_role("status")).to_contain_text("adjusted")
