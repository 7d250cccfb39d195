"""Every page, as everybody meets it: narrow and wide, light and dark, by eye and by ear."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import User
from tests.browser.company import addresses, found
from tests.browser.conftest import Open

# Tables that are wider than their place and cannot be scrolled.
CUT_OFF = """
[...document.querySelectorAll("table")]
  .filter((table) => table.scrollWidth > table.parentElement.clientWidth)
  .filter((table) => getComputedStyle(table.parentElement).overflowX !== "auto")
  .map((table) => table.className)
"""

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_every_page(
    app: Flask,
    open_page: Open,
    user: User,
    violations: Callable[[Page], list[str]],
    theme: str,
) -> None:
    pages = [*addresses(app, found(user))]
    page = open_page("/account", color_scheme=theme)

    faults = {}
    for path in pages:
        visit(page, path)
        faults[path] = violations(page)

    assert {path: why for path, why in faults.items() if why} == {}
    assert len(pages) > 40


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_sticks_out_sideways(
    app: Flask, open_page: Open, user: User, width: int
) -> None:
    pages = [*addresses(app, found(user))]
    page = open_page("/account", viewport={"width": width, "height": 844})

    faults = {}
    for path in pages:
        visit(page, path)
        shown = page.evaluate("document.documentElement.scrollWidth")
        faults[path] = page.evaluate(CUT_OFF) + ([shown] if shown != width else [])

    assert {path: why for path, why in faults.items() if why} == {}


def visit(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, path
