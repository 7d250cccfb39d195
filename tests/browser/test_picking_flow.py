"""Picking on a tablet with a scanner that types, from the queue to the packing table."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.core.settings import set_settings
from app.fulfilment.models import PickTask
from tests.browser.conftest import Open
from tests.browser.tablets import (
    OpenTablet,
    Violations,
    agree,
    claim,
    lying,
    picked,
    refuses,
    says,
    scan,
)
from tests.fulfilment.conftest import confirmed
from tests.orders.conftest import again

pytestmark = pytest.mark.committed


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wrong_scan_is_said_and_heard_and_does_no_harm(
    tablet: OpenTablet, violations: Violations, order: Any, theme: str
) -> None:
    page = tablet("/pick", color_scheme=theme)
    assert violations(page) == []
    task_id = claim(page)
    expect(page.locator(".bin")).to_have_text("A-01")
    assert violations(page) == []

    scan(page, "FILTER1")
    refuses(page, "Scan the bin first.")
    scan(page, "A-01")
    says(page, "Bin A-01.")
    scan(page, "KETTLE1")
    refuses(page, "Scanned KETTLE. Expected FILTERS. Wrong product")

    assert violations(page) == []
    assert picked(task_id) == [("open", 0), ("open", 0)]
    scan(page, "FILTER1")
    says(page, "FILTERS: 1 of 2.")
    expect(page.locator(".red-bar:visible")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_pick_task_goes_from_bin_to_bin_to_its_end(
    tablet: OpenTablet, violations: Violations, order: Any, theme: str
) -> None:
    page = tablet("/pick", color_scheme=theme)
    task_id = claim(page)

    scan(page, "A-01", "FILTER1")
    says(page, "FILTERS: 1 of 2.")
    page.get_by_role("button", name="Undo").tap()
    says(page, "Put 1 x FILTERS back into A-01.")
    assert picked(task_id) == [("open", 0), ("open", 0)]
    scan(page, "FILTER1", "FILTER1", "B-01", "MUG0001")
    says(page, "MUG: 1 of 2.")
    page.get_by_text("Short", exact=True).tap()
    assert violations(page) == []
    page.get_by_role("button", name="Damaged").tap()

    expect(page.get_by_role("heading", name="All picked")).to_be_visible()
    expect(page.get_by_text("TOTE-1 goes to the packing table")).to_be_visible()
    assert page.evaluate("window.sounds.at(-1)") == "done"
    assert violations(page) == []
    assert picked(task_id) == [("picked", 2), ("partial", 1)]
    assert again(order).status == "short"
    agree()


def test_an_empty_bin_is_asked_for_and_the_tote_after_it(
    tablet: OpenTablet, violations: Violations, order: Any
) -> None:
    page = tablet("/pick")
    claim(page)
    page.get_by_role("button", name="Skip").tap()
    expect(page.locator(".bin")).to_have_text("B-01")

    scan(page, "B-01", "MUG0001", "MUG0001")
    expect(page.get_by_role("heading", name="Is bin B-01 empty now?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Yes, empty").tap()

    says(page, "B-01 is empty.")
    expect(page.get_by_text("Is bin B-01 empty now?")).to_have_count(0)


def test_a_scan_without_connection_is_held_shown_and_sent_once(
    tablet: OpenTablet, violations: Violations, order: Any
) -> None:
    page = tablet("/pick")
    task_id = claim(page)
    scan(page, "A-01")
    says(page, "Bin A-01.")

    page.context.set_offline(True)
    scan(page, "FILTER1")
    expect(page.locator("#connection")).to_contain_text("No connection: 1 scan waits")
    assert violations(page) == []
    scan(page, "FILTER1")
    expect(page.locator("#connection")).to_contain_text("No connection: 2 scans wait")
    assert picked(task_id) == [("open", 0), ("open", 0)]
    page.context.set_offline(False)

    expect(page.locator("#connection")).to_contain_text("Connected")
    expect(page.locator(".bin")).to_have_text("B-01")
    assert picked(task_id) == [("picked", 2), ("open", 0)]
    agree()


def test_an_order_that_is_cancelled_freezes_the_screen_and_goes_back(
    open_page: Open,
    tablet: OpenTablet,
    violations: Violations,
    order: Any,
    work: Callable[[], None],
) -> None:
    page = tablet("/pick")
    task_id = claim(page)
    scan(page, "A-01", "FILTER1", "FILTER1")
    says(page, "FILTERS: 2 of 2.")

    office = open_page(f"/orders/{order.id}/cancellation/new")
    office.get_by_label("Reason").fill("The customer has changed their mind")
    office.get_by_role("button", name="Cancel order").click()
    office.wait_for_url(f"**/orders/{order.id}")
    work()

    expect(page.get_by_role("heading", name=f"{order.number} was cancelled")).to_be_visible()
    expect(page.get_by_text("Put TOTE-1 aside")).to_be_visible()
    assert page.evaluate("window.sounds.at(-1)") == "wrong"
    assert violations(page) == []
    page.get_by_role("link", name="Put back").tap()
    expect(page.locator(".bin")).to_have_text("A-01")
    assert violations(page) == []
    scan(page, "MUG0001")
    refuses(page, "Expected bin A-01")
    scan(page, "A-01")
    expect(page.get_by_text("Nothing to put back.")).to_be_visible()
    assert violations(page) == []

    db.session.rollback()
    assert db.session.get_one(PickTask, task_id, populate_existing=True).state == "frozen"
    assert lying("FILTERS", "A-01") == 10
    agree()


def test_of_two_tablets_on_one_pick_task_the_second_asks_and_the_first_is_told(
    tablet: OpenTablet, violations: Violations, order: Any
) -> None:
    first = tablet("/pick")
    task_id = claim(first)
    scan(first, "A-01", "FILTER1")
    says(first, "FILTERS: 1 of 2.")

    second = tablet(f"/pick/{task_id}")
    expect(second.get_by_role("heading", name="Continue here?")).to_be_visible()
    assert violations(second) == []
    second.get_by_role("button", name="Continue here").tap()
    expect(second.locator(".counter")).to_contain_text("1")

    scan(first, "FILTER1")
    refuses(first, "You went on with this on another tablet.")
    assert picked(task_id) == [("open", 1), ("open", 0)]
    scan(second, "FILTER1")
    says(second, "FILTERS: 2 of 2.")
    agree()


@pytest.mark.parametrize("width", [768, 390])
def test_the_board_fits_the_screen_and_its_tiles_open_lists(
    tablet: OpenTablet, open_page: Open, violations: Violations, order: Any, width: int
) -> None:
    claim(tablet("/pick"))
    board = open_page("/picking", viewport={"width": width, "height": 900})

    scrolls = ".scroll"
    assert board.locator(scrolls).first.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert violations(board) == []
    board.locator(".stats a").nth(2).click()
    expect(board.get_by_role("heading", name="Scan a tote or an order")).to_be_visible()


def test_a_cancelled_order_of_several_stops_the_screen_until_its_tote_is_aside(
    open_page: Open,
    tablet: OpenTablet,
    violations: Violations,
    order: Any,
    work: Callable[[], None],
) -> None:
    set_settings(pick_wave=2)
    other = confirmed((product("KETTLE"), 1))
    db.session.commit()
    page = tablet("/pick")
    task_id = claim(page)
    scan(page, "A-01", "FILTER1")
    says(page, "FILTERS: 1 of 2.")

    office = open_page(f"/orders/{order.id}/cancellation/new")
    office.get_by_label("Reason").fill("The customer has changed their mind")
    office.get_by_role("button", name="Cancel order").click()
    office.wait_for_url(f"**/orders/{order.id}")
    work()

    expect(page.get_by_role("heading", name="Stop")).to_be_visible()
    expect(
        page.get_by_text(f"{order.number} was cancelled. Put this tote aside:")
    ).to_be_visible()
    assert page.evaluate("window.sounds.at(-1)") == "wrong"
    assert violations(page) == []
    scan(page, "C-01")
    refuses(page, f"Stop: {order.number} was cancelled.")
    page.get_by_role("button", name="Put aside").tap()
    expect(page.locator(".bin")).to_have_text("C-01")
    scan(page, "C-01", "KETTLE1")

    expect(page.get_by_text(f"goes to the packing table ({other.number})")).to_be_visible()
    assert ("picked", 1) in picked(task_id)
    agree()


def product(sku: str) -> Any:
    return db.session.scalars(select(Product).where(Product.sku == sku)).one()
