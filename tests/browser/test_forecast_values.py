"""The grid of a forecast in value and margin: what is written there becomes quantities."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog.models import Product
from app.core.db import transaction
from app.core.settings import set_settings
from app.planning.models import Cycle
from tests.browser.conftest import Open, Violations
from tests.browser.test_forecast import cell, cycle, is_saved, written

__all__ = ["cycle"]  # a fixture

pytestmark = pytest.mark.committed


@pytest.fixture
def priced(session: Session, cycle: Cycle) -> Cycle:
    """The first is sold for 2.50 and costs 1.50, the second for 237, the third has no price."""
    set_settings(currency="EUR")
    prices = {"P-0": ("2.5", "1.5"), "P-1": ("237", "0"), "P-2": ("0", "0")}
    with transaction():
        for product in session.scalars(select(Product)):
            product.price, product.cost = map(Decimal, prices[product.sku])
            product.currency = "EUR"
    return cycle


@pytest.fixture
def page(priced: Cycle, open_page: Open) -> Page:
    page = open_page(
        f"/planning/cycles/{priced.id}/grid?measure=value",
        permissions=["clipboard-read", "clipboard-write"],
    )
    expect(page.locator("[data-ready]")).to_be_attached()
    return page


def state(page: Page, words: str) -> None:
    expect(page.locator("#forecast-state")).to_contain_text(words)


def test_what_is_typed_into_a_value_becomes_the_nearest_quantity(
    page: Page, session: Session, violations: Violations
) -> None:
    expect(cell(page, 0, 0)).to_have_text("25.00")
    expect(cell(page, 2, 0)).to_have_text("?")
    expect(page.locator("#forecast-measured")).to_have_text(
        "EUR, at list prices of today. 1 row is in no sum: price or cost is not known."
    )
    cell(page, 0, 0).click()
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    page.keyboard.type("1,000")
    page.keyboard.press("Enter")
    state(page, "The nearest to 1,000.00 is 4.219 pcs, 999.90.")
    page.keyboard.type("5")
    state(page, "Part 2 has no price: write its quantity.")
    expect(cell(page, 1, 0)).to_have_text(re.compile("999.90"))
    expect(page.locator(".is-saving")).to_have_count(0)

    assert written(session) == {("P-0", 0): 40, ("P-1", 0): Decimal("4.219")}
    assert violations(page) == []


def test_a_field_that_is_opened_and_left_keeps_the_very_quantity(
    page: Page, session: Session
) -> None:
    with transaction():
        product = session.scalars(select(Product).where(Product.sku == "P-0")).one()
        product.price = Decimal("0.0001")
    page.reload()
    expect(page.locator("[data-ready]")).to_be_attached()
    cell(page, 0, 0).click()
    page.keyboard.press("F2")
    page.keyboard.press("Enter")
    is_saved(page)

    assert written(session) == {("P-0", 0): 10}


def test_a_total_in_value_is_spread_over_what_has_a_price(page: Page, session: Session) -> None:
    cell(page, 0, 0).click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("4,790")  # twice what is there: 25 and 2,370
    page.keyboard.press("Enter")
    state(page, "1 cell is of goods without a price and stay.")
    expect(page.locator(".is-saving")).to_have_count(0)

    assert written(session) == {("P-0", 0): 20, ("P-1", 0): 20}
    page.keyboard.press("Control+z")
    expect(page.locator(".is-saving")).to_have_count(0)
    assert set(written(session).values()) == {None}


def test_a_block_of_values_comes_from_a_spreadsheet_and_goes_back(
    page: Page, session: Session
) -> None:
    page.evaluate("navigator.clipboard.writeText('50\\t75.5\\r\\n474\\t237\\r\\n5\\t5\\r\\n')")
    cell(page, 0, 1).click()
    page.keyboard.press("Control+v")
    dialog = page.locator("dialog.forecast-paste")
    expect(dialog).to_contain_text("4 cells change. 2 are of goods without a price and stay.")
    dialog.get_by_role("button", name="Paste").click()
    is_saved(page)
    assert written(session) == {
        ("P-0", 1): 20,
        ("P-0", 2): Decimal("30.2"),
        ("P-1", 1): 2,
        ("P-1", 2): 1,
    }

    cell(page, 0, 1).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines() == ["50\t75.5", "474\t237"]
    page.keyboard.press("Control+d")  # the same values, not the same quantities
    expect(cell(page, 1, 2)).to_have_text(re.compile(r"75\.60"))
    state(page, "2 cells are the nearest value that quantities give.")
    expect(page.locator(".is-saving")).to_have_count(0)
    assert written(session)["P-1", 2] == Decimal("0.319")


def test_more_and_less_follow_the_measure(page: Page, session: Session) -> None:
    cell(page, 0, 0).click()
    page.get_by_label("What to do with the selection").select_option("add")
    page.get_by_label("Number", exact=True).fill("5")
    page.get_by_role("button", name="Apply").click()
    is_saved(page)
    assert written(session) == {("P-0", 0): 12}  # 25 and 5

    page.get_by_label("What to do with the selection").select_option("percent")
    page.get_by_label("Number", exact=True).fill("-50%")
    page.get_by_role("button", name="Apply").click()
    is_saved(page)
    assert written(session) == {("P-0", 0): 6}


def test_the_address_and_the_file_follow_the_measure(page: Page, session: Session) -> None:
    choice = page.get_by_label("Figure")
    choice.select_option("margin")
    expect(page).to_have_url(re.compile("measure=margin"))
    expect(cell(page, 0, 0)).to_have_text("10.00")
    expect(cell(page, 1, 0)).to_have_text("?")  # its cost is not known
    file = page.locator("a[href*='/grid/file']")
    expect(file).to_have_attribute("href", re.compile("measure=margin"))
    cell(page, 0, 0).click()
    page.keyboard.type("1")
    state(page, "A margin follows from the quantity")
    page.evaluate("navigator.clipboard.writeText('1')")
    page.keyboard.press("Control+v")
    state(page, "A margin follows from the quantity")

    choice.select_option("quantity")
    expect(page).not_to_have_url(re.compile("measure"))
    expect(cell(page, 0, 0)).to_have_text("10")
    assert written(session) == {}


def test_values_wait_for_a_connection_as_quantities(page: Page, session: Session) -> None:
    page.context.set_offline(True)
    cell(page, 0, 0).click()
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    state(page, "No connection. 1 cell is kept here.")
    page.context.set_offline(False)
    page.reload()
    expect(cell(page, 0, 0)).to_have_text(re.compile(r"50\.00"))
    expect(cell(page, 0, 0)).not_to_have_class(re.compile("is-kept|is-saving"))

    assert written(session) == {("P-0", 0): 20}


def test_who_may_not_see_costs_is_offered_no_margin(
    priced: Cycle, colleague: User, open_page: Open, session: Session
) -> None:
    assert colleague.role is not None
    with transaction():
        colleague.role.permissions = ["forecasts.view", "forecasts.edit", "forecasts.manage"]
    page = open_page(f"/planning/cycles/{priced.id}/grid?measure=margin", who=colleague)
    expect(page.locator("[data-ready]")).to_be_attached()

    assert page.get_by_label("Figure").locator("option").all_inner_texts() == [
        "Quantity",
        "Value",
    ]
    expect(cell(page, 0, 0)).to_have_text("10")


CUT = """
[...document.querySelectorAll(".forecast-cell")]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)
"""


@pytest.mark.parametrize("width", [390, 1440])
def test_a_figure_is_never_cut(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    cell(page, 0, 0).click()
    page.keyboard.type("9,876,543,210")
    page.keyboard.press("Enter")

    expect(cell(page, 0, 0)).to_contain_text("9,876,543,210.00")
    assert page.evaluate(CUT) == []
    expect(page.locator(".is-saving")).to_have_count(0)
