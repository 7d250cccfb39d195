"""The page of results, in a real browser; the command bar itself is in test_kit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.factories import ProductFactory

pytestmark = pytest.mark.committed

Violations = Callable[[Page], list[str]]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_results_is_for_everybody(
    open_page: Open, violations: Violations, width: int, scheme: str
) -> None:
    ProductFactory.create_batch(3, name="Oak board with a name that is rather long, set of 6")

    page = open_page(
        "/search?q=oak", viewport={"width": width, "height": 800}, color_scheme=scheme
    )

    expect(page.get_by_role("option")).to_have_count(3)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_unknown_scan_says_so(open_page: Open, violations: Violations) -> None:
    page = open_page("/account")
    page.goto("/search?q=99887766&scan=1")

    expect(page.get_by_text("No record has the code")).to_be_visible()
    assert violations(page) == []
