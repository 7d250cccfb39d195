"""Packing on a tablet with a scanner that types, from the tote to the carrier."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.db import db
from tests.browser.conftest import Open
from tests.browser.tablets import OpenTablet, Violations, agree, claim, refuses, scan
from tests.orders.conftest import again, reserved

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]


@pytest.fixture
def packing(tablet: OpenTablet, order: Any) -> OpenTablet:
    """Pick all of the order, and go to the packing table."""

    def packing(**options: Any) -> Page:
        page = tablet("/pick", **options)
        claim(page)
        scan(page, "A-01", "FILTER1", "FILTER1", "B-01", "MUG0001", "MUG0001")
        expect(page.get_by_role("heading", name="All picked")).to_be_visible()
        page.get_by_role("link", name="Pack").tap()
        expect(page.get_by_role("heading", name="Scan a tote or an order")).to_be_visible()
        return page

    return packing


def test_only_pieces_of_the_order_go_into_its_parcel(
    packing: OpenTablet, violations: Violations
) -> None:
    page = packing()

    scan(page, "TOTE-2")
    refuses(page, "No order to pack is in it.")
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "KETTLE1")
    refuses(page, "This is not in the order: take it out.")
    assert violations(page) == []
    scan(page, "FILTER1", "FILTER1", "FILTER1")

    refuses(page, "one is too many")
    expect(page.locator(".pack-line.whole")).to_have_count(1)
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()


def test_what_is_typed_of_a_parcel_is_neither_overwritten_nor_lost(
    packing: OpenTablet,
) -> None:
    page = packing()
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "FILTER1")
    tracking = page.get_by_label("Tracking number")
    tracking.fill("PP 123")
    scan(page, "FILTER1", "MUG0001", "MUG0001")

    expect(page.get_by_role("heading", name="All is packed")).to_be_visible()
    expect(tracking).to_have_value("PP 123")
    page.get_by_role("button", name="Ship", exact=True).tap()
    refused = page.locator(".red-bar:visible")
    expect(refused).to_contain_text("Parcel 1: what you typed is not saved yet.")
    expect(tracking).to_be_focused()

    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Ship", exact=True).tap()
    expect(page.get_by_text("is with the carrier.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_parcel_leaves_when_every_piece_is_in_it(
    packing: OpenTablet, violations: Violations, order: Any, theme: str
) -> None:
    page = packing(color_scheme=theme)
    assert violations(page) == []

    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    assert violations(page) == []
    scan(page, "FILTER1", "FILTER1", "MUG0001", "MUG0001")
    expect(page.get_by_role("heading", name="All is packed")).to_be_visible()
    assert page.evaluate("window.sounds.at(-1)") == "done"
    page.get_by_label("Weight in kg").fill("1.25")
    page.get_by_label("Carrier").fill("Parcel Post")
    page.get_by_label("Tracking number").fill("PP 123")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Weight in kg")).to_have_value("1.25")
    assert violations(page) == []
    page.get_by_role("button", name="Ship", exact=True).tap()

    expect(page.get_by_text(f"{order.number} is with the carrier.")).to_be_visible()
    assert violations(page) == []
    db.session.rollback()
    assert again(order).status == "shipped"
    assert reserved(order) == []
    agree()


def test_a_carriers_barcode_goes_into_the_field_that_has_the_focus(
    packing: OpenTablet,
) -> None:
    page = packing()
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "FILTER1", "FILTER1", "MUG0001", "MUG0001")
    expect(page.get_by_role("heading", name="All is packed")).to_be_visible()
    tracking = page.get_by_label("Tracking number")

    tracking.tap()
    page.keyboard.type("1Z999AA10123456784")  # as quick as a scanner
    page.keyboard.press("Enter")

    expect(page.locator("#strip")).to_contain_text("Saved.")
    expect(tracking).to_have_value("1Z999AA10123456784")
    expect(page.locator(".shipping-label .tracking")).to_have_text("1Z999AA10123456784")


def test_a_label_is_printed_without_leaving_the_page(
    packing: OpenTablet, violations: Violations
) -> None:
    page = packing()
    page.add_init_script("window.print = () => { window.printed = shown(); };" + SHOWN)
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    button = page.get_by_role("button", name="Shipping label 1")
    scan(page, "FILTER1")
    expect(button).to_be_disabled()
    scan(page, "FILTER1", "MUG0001", "MUG0001")
    expect(page.get_by_role("heading", name="All is packed")).to_be_visible()
    assert violations(page) == []
    here = page.url

    pressed = button.element_handle()
    page.emulate_media(media="print")  # as the browser's preview shows it: without buttons
    pressed.evaluate("one => one.click()")

    assert page.evaluate("window.printed").startswith("label-")
    page.emulate_media(media="screen")
    assert page.url == here
    expect(page.locator(".shipping-label")).to_be_hidden()


# What a printer would get: every element of the screen that is drawn.
SHOWN = """
const shown = () => [...document.querySelectorAll("#screen > *, body > *:not(main)")]
  .filter((one) => getComputedStyle(one).display !== "none" && one.checkVisibility())
  .map((one) => one.id || one.tagName).join();
"""


def test_a_parcel_is_changed_by_hand(packing: OpenTablet, violations: Violations) -> None:
    page = packing()
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "FILTER1", "FILTER1", "MUG0001", "MUG0001")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_enabled()
    page.get_by_text("2 × FILTERS").tap()
    assert violations(page) == []
    page.get_by_label("How many of FILTERS").fill("1")
    page.get_by_role("button", name="Into a new parcel").tap()

    expect(page.locator("#strip")).to_contain_text("1 x FILTERS is in parcel 2 now.")
    page.get_by_text("2 × MUG").tap()
    page.get_by_role("button", name="Take out").tap()
    expect(page.locator("#strip")).to_contain_text("2 x MUG is out of parcel 1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "MUG0001", "MUG0001")
    page.get_by_role("button", name="Ship", exact=True).tap()

    expect(page.get_by_text("is with the carrier.")).to_be_visible()
    agree()


def test_an_order_that_is_cancelled_stops_the_packing_table_at_once(
    open_page: Open,
    packing: OpenTablet,
    order: Any,
    work: Callable[[], None],
    violations: Violations,
) -> None:
    page = packing()
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "FILTER1")
    expect(page.locator("#strip")).to_contain_text("FILTERS: 1 of 2.")

    office = open_page(f"/orders/{order.id}/cancellation/new")
    office.get_by_label("Reason").fill("The customer has changed their mind")
    office.get_by_role("button", name="Cancel order").click()
    office.wait_for_url(f"**/orders/{order.id}")
    work()

    expect(page.get_by_text("Stop: take everything out of the parcels")).to_be_visible()
    assert page.evaluate("window.sounds.at(-1)") == "wrong"
    assert violations(page) == []
