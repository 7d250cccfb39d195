"""A bin is counted on a tablet with a scanner that types, and approved on a desk."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from app.catalog.models import Product
from app.core.db import db
from app.counting import services
from app.counting.models import CountTask
from app.stock.models import Location
from tests.browser.conftest import Open
from tests.browser.scanning import wedge
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory
from tests.stock.conftest import on_hand, stocked

pytestmark = pytest.mark.committed

TABLET = {"width": 1024, "height": 768}


@pytest.fixture
def shelf() -> Location:
    return LocationFactory.create(code="A-01", path="A-01/")


@pytest.fixture
def mugs(shelf: Location) -> Product:
    """Ten mugs in A-01, of which the books will be wrong by one."""
    product = ProductFactory.create(sku="MUG-350", name="Mugs", cost=Decimal(4))
    BarcodeFactory.create(product=product, code="MUGCODE")
    return stocked(10, product, shelf)


def test_a_bin_is_counted_with_a_scanner_and_approved(
    open_page: Open, shelf: Location, mugs: Product
) -> None:
    task = services.count_location(shelf.id).counts[0]
    tablet = open_page("/count", viewport=TABLET)
    desk = open_page(f"/counts/{task.id}")
    expect(desk.get_by_text("1 here")).to_be_visible()

    tablet.get_by_role("button", name="Count A-01").click()
    expect(tablet.get_by_text("Go here, scan the bin")).to_be_visible()
    wedge(tablet, "MUGCODE")
    expect(tablet.get_by_role("alert").last).to_contain_text("Scan the bin first.")
    wedge(tablet, "A-01", "MUGCODE", "MUGCODE")
    expect(tablet.get_by_role("status").last).to_contain_text("MUG-350: 2.")
    tablet.get_by_text("Quantity", exact=True).first.click()
    tablet.get_by_role("button", name="9", exact=True).click()
    tablet.get_by_role("button", name="Set").click()
    expect(tablet.get_by_role("status").last).to_contain_text("MUG-350: 9.")
    tablet.get_by_role("button", name="Bin is done").click()
    expect(tablet.get_by_role("heading", name="A-01 is done")).to_be_visible()

    expect(desk.get_by_role("main").get_by_text("To approve").first).to_be_visible()
    desk.get_by_role("link", name="Approve", exact=True).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("One broke")
    dialog.get_by_role("button", name="Approve and post").click()

    expect(desk.get_by_text("Done", exact=True).first).to_be_visible()
    assert on_hand(mugs, shelf) == 9


def test_it_goes_on_on_another_tablet_at_the_same_piece(
    open_page: Open, shelf: Location, mugs: Product
) -> None:
    task = services.count_location(shelf.id).counts[0]
    first = open_page("/count", viewport=TABLET)
    first.get_by_role("button", name="Count A-01").click()
    expect(first.get_by_text("Go here, scan the bin")).to_be_visible()
    wedge(first, "A-01", "MUGCODE", "MUGCODE")
    expect(first.get_by_role("status").last).to_contain_text("MUG-350: 2.")

    second = open_page(f"/count/{task.id}", viewport=TABLET)
    second.get_by_role("button", name="Continue here").click()
    expect(second.get_by_text("You are here")).to_be_visible()
    wedge(second, "MUGCODE")
    expect(second.get_by_role("status").last).to_contain_text("MUG-350: 3.")
    wedge(first, "MUGCODE")
    expect(first.get_by_role("alert").last).to_contain_text("another tablet")

    db.session.expire_all()
    assert db.session.get_one(CountTask, task.id).state == "counting"


def test_a_count_is_made_in_the_dialog(open_page: Open, shelf: Location, mugs: Product) -> None:
    page = open_page("/counts")

    page.get_by_role("link", name="New count").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Location", exact=True).fill("A-01")
    dialog.get_by_role("button", name="Have it counted").click()

    expect(page.get_by_text("1 bin is to be counted.")).to_be_visible()
    expect(page.get_by_role("row", name="A-01")).to_be_visible()
