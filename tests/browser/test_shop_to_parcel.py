"""From a shop's order to the parcel, as a new user tries it: connect, pick, pack, ship."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.stock.models import Location
from app.stock.services import check_ledger
from tests.browser.conftest import Open
from tests.browser.tablets import TABLET, claim, scan
from tests.factories import BarcodeFactory, ProductFactory
from tests.fulfilment.conftest import bin_, tote
from tests.labels.reading import require_pango, texts
from tests.magento.conftest import parts, signed
from tests.orders.conftest import confirmed, stocked
from tests.standins.magento import Magento
from tests.standins.magento.products import sku_of
from tests.stock.conftest import on_hand

pytestmark = pytest.mark.committed


@pytest.fixture
def shop() -> Iterator[Magento]:
    with Magento(products=12, orders=0).running() as standin:
        yield standin


def connect(page: Page, shop: Magento, violations: Callable[[Page], list[str]]) -> None:
    """Type what the shop shows, test it, and connect."""
    page.get_by_role("link", name="Connect Magento").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address of the shop").fill(shop.url)
    for name, secret in signed(shop).items():
        dialog.locator(f"[name={name}]").fill(secret)
    dialog.get_by_role("button", name="Test").click()
    expect(dialog.get_by_text("store views default, polski")).to_be_visible()
    expect(dialog.get_by_text("Products: 12 can be read")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Connect").click()
    page.wait_for_url("**/connections/*")


def shelve() -> tuple[Product, Location]:
    """Put ten of the shop's first product on a shelf."""
    product = db.session.scalars(select(Product).filter_by(sku=sku_of(1))).one()
    BarcodeFactory.create(product=product, code="KETTLE1")
    shelf = bin_("A-01", 1)
    tote("TOTE-1")
    stocked(10, product, shelf)
    return product, shelf


def pick(page: Page) -> None:
    """Two pieces into the tote."""
    claim(page)
    scan(page, "A-01", "KETTLE1", "KETTLE1")
    expect(page.get_by_role("heading", name="All picked")).to_be_visible()


def pack(page: Page) -> None:
    """Both into a parcel, and off with it."""
    page.get_by_role("link", name="Pack").tap()
    expect(page.get_by_role("heading", name="Scan a tote or an order")).to_be_visible()
    scan(page, "TOTE-1")
    expect(page.get_by_role("button", name="Ship", exact=True)).to_be_disabled()
    scan(page, "KETTLE1", "KETTLE1")
    expect(page.get_by_role("heading", name="All is packed")).to_be_visible()
    page.get_by_label("Carrier").fill("DHL")
    page.get_by_label("Tracking number").fill("JD014600003")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Ship", exact=True).tap()
    expect(page.get_by_text("is with the carrier.")).to_be_visible()


def test_an_order_of_a_shop_becomes_a_parcel(
    open_page: Open,
    shop: Magento,
    work: Callable[[], None],
    violations: Callable[[Page], list[str]],
) -> None:
    office = open_page("/connections")
    connect(office, shop, violations)
    work()
    expect(office.get_by_text("Succeeded")).to_be_visible()  # without a reload
    product, shelf = shelve()
    key = shop.shop.place_paid([(1, 2)])
    office.get_by_role("button", name="Sync now").click()
    expect(office.get_by_text("Changes are being read.")).to_be_visible()
    work()

    tablet = open_page("/pick", viewport=TABLET["viewport"], has_touch=True)
    pick(tablet)
    pack(tablet)
    work()

    [shipment] = [row.fields for row in shop.shop.shipments.rows.values()]
    [track] = shipment["tracks"]
    assert (track["track_number"], track["carrier_code"]) == ("JD014600003", "dhl")
    assert shop.shop.order(key)["state"] == "complete"
    db.session.rollback()
    assert on_hand(product, shelf) == 8
    check_ledger(lambda _done, _total: None)
    [order] = parts(shop.shop.order(key)["increment_id"])
    office.goto(f"/orders/{order.id}")
    db.session.rollback()
    expect(office.get_by_text("Shipped", exact=True).first).to_be_visible()


def test_the_label_of_an_order_decodes(open_page: Open, work: Callable[[], None]) -> None:
    require_pango()
    product = stocked(1, ProductFactory.create(currency="EUR"))
    order = confirmed((product, 1), ship_street="1 Main Street", ship_city="Springfield")
    office = open_page("/labels")
    office.goto(f"/labels/new?subject=order_number&items={order.number}")
    db.session.rollback()

    office.get_by_role("button", name="Print", exact=True).click()
    expect(office.get_by_text("The labels are being drawn. You may")).to_be_visible()
    work()
    with office.expect_download() as download:
        office.get_by_role("link", name="Download PDF").click()

    assert order.number in texts(download.value.path().read_bytes(), 203)
