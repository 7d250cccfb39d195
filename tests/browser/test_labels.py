"""Putting labels together with mouse, keyboard and scanner."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db
from app.core.jobs import runner
from app.labels.models import LabelBatch
from tests.browser.conftest import Open
from tests.browser.scanning import TYPE
from tests.factories import ProductFactory
from tests.labels.reading import require_pango

pytestmark = pytest.mark.committed


def scan(page: Page, code: str) -> None:
    """A scanner types fast, ends with Enter, and no field has the focus."""
    page.get_by_role("heading", name="What comes out").click()
    page.evaluate("document.activeElement.blur()")
    page.evaluate(TYPE, code)


def test_labels_are_found_scanned_placed_and_printed(open_page: Open) -> None:
    require_pango()
    ProductFactory.create(sku="KETTLE-1", name="Pour-over kettle")
    ProductFactory.create(sku="FILTER-22", name="Paper filters")
    page = open_page("/labels/new")
    items = page.get_by_label("Items")

    page.get_by_label("Search products").fill("pour")
    page.get_by_role("link", name="KETTLE-1").click()
    scan(page, "FILTER-22")
    expect(items).to_have_value("KETTLE-1\nFILTER-22\n")

    page.locator("[data-cell='20']").click()
    expect(page.get_by_label("Begin at label")).to_have_value("20")
    expect(page.locator(".sheet-cell.taken")).to_have_count(19)
    expect(page.get_by_role("img", name="Sketch of the first label")).to_be_visible()

    page.get_by_role("button", name="Print", exact=True).click()
    expect(page.get_by_text("The labels are being drawn. You may")).to_be_visible()
    runner.perform(db.session.scalars(select(LabelBatch.job_id)).one() or 0)

    expect(page.get_by_role("img", name="The first page of the labels")).to_be_visible()
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible()


def test_labels_need_no_javascript(open_page: Open) -> None:
    ProductFactory.create(sku="KETTLE-1")
    page = open_page("/labels/new", java_script_enabled=False)

    page.get_by_label("Items").fill("KETTLE-1;3")
    page.get_by_label("Begin at label").fill("4")
    page.get_by_role("button", name="Print", exact=True).click()

    expect(page.get_by_role("heading", name="KETTLE-1")).to_be_visible()
