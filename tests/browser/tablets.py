"""A tablet in the hand of somebody who picks and packs: pages, sounds, and a scanner."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.stock.services import check_ledger
from tests.browser.scanning import BOUNCE, TYPE
from tests.fulfilment.conftest import bin_, confirmed, fresh, goods, tote
from tests.stock.conftest import on_hand, place

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
LISTEN = """
window.sounds = [];
window.outputs = 0;
window.AudioContext = class extends AudioContext {
  constructor() {
    super();
    window.outputs += 1;
  }
};
document.addEventListener("keydown", () => (window.outputsAtKey = window.outputs), true);
document.addEventListener("tablet:sound", ({ detail }) => window.sounds.push(detail.name));
"""

Violations = Callable[[Page], list[str]]
OpenTablet = Callable[..., Page]


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
def tablet(open_page: OpenTablet) -> OpenTablet:
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
    expect(page.locator("#screen .ok-bar")).to_contain_text(words)


def refuses(page: Page, words: str) -> None:
    expect(page.locator(".red-bar:visible")).to_contain_text(words)
    assert page.evaluate("window.sounds.at(-1)") == "wrong"


def claim(page: Page) -> Any:
    """Take the next pick task; gives its id."""
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
    """Balances follow from the ledger, and reservations from the orders."""
    db.session.rollback()
    check_ledger(lambda _done, _total: None)  # raises, if they do not
