"""What every page has: the command bar, the scanner, menus, dialogs."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.conftest import Open
from tests.browser.holding import Held, stop_clock
from tests.browser.scanning import TYPE
from tests.factories import BarcodeFactory, ProductFactory

pytestmark = pytest.mark.committed

PHONE = {"width": 390, "height": 844}


def at(open_page: Open, path: str, **options: Any) -> Page:
    """Open a page and wait until its scripts listen."""
    page = open_page(path, **options)
    page.wait_for_url(f"**{path}")
    return page


def test_ctrl_k_finds_a_product_and_enter_opens_it(session: Session, open_page: Open) -> None:
    product = ProductFactory.create(name="Oat barista blend")
    session.commit()
    page = at(open_page, "/users")

    page.keyboard.press("Control+k")
    page.keyboard.type("barista", delay=30)
    page.get_by_role("option", name="Oat barista blend").wait_for()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/products/{product.id}")


def test_enter_never_takes_a_hit_of_what_was_typed_before(
    session: Session, open_page: Open
) -> None:
    ProductFactory.create(name="Oat one")
    session.commit()
    page = at(open_page, "/users")
    held = Held(page, r"q=oat$")
    page.keyboard.press("Control+k")
    page.keyboard.type("oat")
    held.wait()

    stop_clock(page)  # what is typed now is not asked for yet
    page.keyboard.type(" two")
    held.arrive()
    page.get_by_role("option", name="Oat one").wait_for()
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=oat+two")


def test_arrows_choose_another_hit(session: Session, open_page: Open) -> None:
    ProductFactory.create(name="Oat one")
    ProductFactory.create(name="Oat two")
    session.commit()
    page = at(open_page, "/users")

    page.keyboard.press("/")
    page.keyboard.type("oat", delay=30)
    chosen = page.get_by_role("listbox", name="Results").get_by_role("option", selected=True)
    first = chosen.inner_text()
    page.keyboard.press("ArrowDown")

    expect(chosen).to_have_count(1)
    expect(chosen).not_to_have_text(first)


def test_escape_closes_the_command_bar_and_gives_the_focus_back(open_page: Open) -> None:
    page = at(open_page, "/users")
    page.get_by_role("link", name="New user").focus()

    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="New user")).to_be_focused()


def test_a_slash_in_a_field_is_a_letter(open_page: Open) -> None:
    page = at(open_page, "/users")
    field = page.get_by_role("searchbox")

    field.press_sequentially("a/b")

    expect(field).to_have_value("a/b")


def test_a_scan_opens_its_record_wherever_one_is(session: Session, open_page: Open) -> None:
    barcode = BarcodeFactory.create(code="4006381333931")
    session.commit()
    page = at(open_page, "/users")
    page.get_by_role("link", name="New user").focus()  # Enter must not press it

    presses = page.evaluate(TYPE, "4006381333931")

    assert not presses
    page.wait_for_url(f"**/products/{barcode.product_id}")


def test_what_a_hand_types_is_no_scan(open_page: Open) -> None:
    page = at(open_page, "/users")

    page.keyboard.type("400638", delay=90)
    page.keyboard.press("Enter")

    page.wait_for_timeout(200)
    assert page.url.endswith("/users")


def test_a_filter_stays_in_the_address_without_empty_ones(open_page: Open) -> None:
    page = at(open_page, "/users?sort=-name")

    page.get_by_role("searchbox").fill("nobody")

    page.wait_for_url("**/users?*search=nobody*")
    assert page.url.partition("?")[2].split("&") in (
        ["sort=-name", "search=nobody"],
        ["search=nobody", "sort=-name"],
    )


def test_a_phone_opens_all_places_from_below(open_page: Open) -> None:
    page = at(open_page, "/users", viewport=PHONE)

    page.get_by_text("More", exact=True).click()
    page.locator(".sheet").get_by_role("link", name="Roles").click()

    page.wait_for_url("**/roles")


def test_nothing_keeps_people_from_using_the_command_bar(
    session: Session, open_page: Open, violations: Callable[[Page], list[str]]
) -> None:
    ProductFactory.create(name="Oat barista blend")
    session.commit()
    page = at(open_page, "/users", bypass_csp=True)

    page.keyboard.press("Control+k")
    page.keyboard.type("barista", delay=30)
    page.get_by_role("option", name="Oat barista blend").wait_for()

    assert violations(page) == []
