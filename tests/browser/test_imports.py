"""A file goes through its steps in a real browser, beside a worker."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.jobs import JobRun, runner
from tests.browser.conftest import Open

pytestmark = pytest.mark.committed


def work(session: Session) -> None:
    for run in session.query(JobRun).filter_by(state="queued").all():
        runner.perform(run.id)


def test_a_file_is_uploaded_checked_and_imported(
    open_page: Open, session: Session, violations: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Item no;Title;List price\n001;Apple;1,50\n002;;2,50\n003;Cake;x\n")
    page = open_page("/imports/new")
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()
    expect(page.locator("#field_sku")).to_have_value("Item no")
    page.get_by_role("button", name="Check the file").click()

    expect(page.get_by_role("heading", name="Checking")).to_be_visible()
    work(session)
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    expect(page.get_by_text("A new product needs a name.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Import 1 row").click()

    expect(page.get_by_role("heading", name="Importing")).to_be_visible()
    work(session)
    expect(page.get_by_role("heading", name="Result")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Rows with errors").click()
    assert "Cake;x;Price: This is not a number" in download.value.path().read_text("utf-8-sig")
    assert session.query(Product.sku).all() == [("001",)]
