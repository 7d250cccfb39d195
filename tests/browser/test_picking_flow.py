"""Picking and packing on a tablet with a scanner that types, from the queue to the carrier."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.fulfilment.models import PickTask
from app.stock.services import check_ledger
from tests.browser.conftest import Open
from tests.browser.scanning import BOUNCE, TYPE
from tests.fulfilment.conftest import bin_, confirmed, fresh, goods, tote
from tests.orders.conftest import again, reserved
from tests.stock.conftest import on_hand, place

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
LISTEN = """
window.heard = [];
document.addEventListener("tablet:sound", ({ detail }) => window.heard.push(detail.name));
"""

Violations = Callable[[Page], list[str]]


@pytest.fixture
def order() -> Any:
    """Two paper filters from A-01 and two mugs from B-01, where there are just two."""
    tote("TOTE-1")
    tote("TOTE-2")
    filters = goods(10, bin_("A-01", 1), "FILTERS", "FILTER1")
    mugs = goods(2, bin_("B-01", 2), "MUG", "MUG0001")
    goods(5, bin_("C-01", 3), "KETTLE", "KETTLE1")
    return confirmed((filters, 2), (mugs, 2))


@pytest.fixture
def tablet(open_page: Open) -> Callable[..., Page]:
    """Open a page on a tablet, and listen to what it would sound like."""

    def tablet(path: str, **options: Any) -> Page:
        page = open_page(path, **TABLET, **options)
        page.add_init_script(LISTEN)
        page.reload()
        return page

    return tablet


def scan(page: Page, *codes: str) -> None:
    """A scanner types fast, ends with Enter, and no field has the focus."""
    for code in codes:
        page.evaluate(f"new Promise((done) => setTimeout(done, {BOUNCE}))")  # by its own clock
        page.evaluate("document.activeElement.blur()")
        page.evaluate(TYPE, code)


def says(page: Page, words: str) -> None:
    expect(page.locator("#screen .said")).to_contain_text(words)


def refuses(page: Page, words: str) -> None:
    expect(page.locator(".red-bar:visible")).to_contain_text(words)
    assert page.evaluate("window.heard.at(-1)") == "wrong"


def claim(page: Page) -> Any:
    """Take the next walk; gives its id."""
    page.get_by_role("button", name="Next").tap()
    page.wait_for_url("**/pick/*")
    return int(page.url.rsplit("/", 1)[1])


def picked(task_id: int) -> list[tuple[str, Any]]:
    db.session.rollback()  # what others have committed since
    return [(line.state, line.picked) for line in fresh(task_id).lines]


def lying(sku: str, code: str) -> Any:
    product = db.session.scalars(select(Product).where(Product.sku == sku)).one()
    return on_hand(product, place(code))


def agree() -> None:
    """Balances follow from the ledger, and reservations from what is promised."""
    db.session.rollback()
    check_ledger(lambda _done, _total: None)  # raises, if they do not


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wrong_scan_is_said_and_heard_and_does_no_harm(
    tablet: Callable[..., Page], violations: Violations, order: Any, theme: str
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
def test_a_walk_goes_from_bin_to_bin_to_its_end(
    tablet: Callable[..., Page], violations: Violations, order: Any, theme: str
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
    assert page.evaluate("window.heard.at(-1)") == "done"
    assert violations(page) == []
    assert picked(task_id) == [("picked", 2), ("partial", 1)]
    assert again(order).status == "short"
    agree()


def test_an_empty_bin_is_asked_for_and_the_tote_after_it(
    tablet: Callable[..., Page], violations: Violations, order: Any
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


@pytest.fixture
def packing(tablet: Callable[..., Page], order: Any) -> Callable[..., Page]:
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
    packing: Callable[..., Page], violations: Violations
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
    packing: Callable[..., Page],
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
    packing: Callable[..., Page], violations: Violations, order: Any, theme: str
) -> None:
    page = packing(color_scheme=theme)
    assert violations(page) == []

    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    assert violations(page) == []
    scan(page, "FILTER1", "FILTER1", "MUG0001", "MUG0001")
    expect(page.get_by_role("heading", name="All is packed")).to_be_visible()
    assert page.evaluate("window.heard.at(-1)") == "done"
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


def test_a_scan_without_connection_is_held_shown_and_sent_once(
    tablet: Callable[..., Page], violations: Violations, order: Any
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
    tablet: Callable[..., Page],
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

    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert page.evaluate("window.heard.at(-1)") == "wrong"
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


def test_of_two_tablets_on_one_walk_the_second_asks_and_the_first_is_told(
    tablet: Callable[..., Page], violations: Violations, order: Any
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
