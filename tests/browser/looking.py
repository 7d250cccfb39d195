"""Looking at every page as everybody meets it: narrow and wide, light and dark."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Page, ViewportSize

from app.accounts.models import User
from tests.browser.company import addresses, found
from tests.browser.conftest import TAGS, Violations

# Tables that are wider than their place and cannot be scrolled.
CUT_OFF = """
[...document.querySelectorAll("table")]
  .filter((table) => table.scrollWidth > table.parentElement.clientWidth)
  .filter((table) => getComputedStyle(table.parentElement).overflowX !== "auto")
  .map((table) => table.className)
"""

# On a phone a label stands before a value: before nothing it says nothing.
UNSAID = """
[...document.querySelectorAll("[data-label]")]
  .filter((cell) => cell.checkVisibility() && !cell.innerText.trim())
  .filter((cell) => getComputedStyle(cell, "::before").content !== "none")
  .filter((cell) => !cell.querySelector("img, svg, input, select, textarea"))
  .map((cell) => `nothing behind ${cell.dataset.label}`)
"""

CROWDED = Path(__file__).with_name("crowded.js").read_text()

# Asked at once, in the order of the page: each question is a way to the browser and back.
# Pages hear that they were resized before the next frame is drawn.
STICKING_OUT = f"""
async (width) => {{
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const shown = document.documentElement.scrollWidth;
  return [
    ...(shown === width ? [] : [`${{shown}} wide`]),
    ...{CUT_OFF.strip()},
    ...{UNSAID.strip()},
    ...{CROWDED.strip().removesuffix(";")},
  ];
}}
"""

SETTLED = """
Promise.allSettled(document.getAnimations()
  .filter((one) => one instanceof CSSTransition).map((one) => one.finished))
"""
COLOURS = Path(__file__).with_name("colours.js").read_text()
# A theme changes colours and nothing else, as a law says: the dark one is asked about those.
CONTRAST = "color-contrast"
DARK = ("link-in-text-block", CONTRAST)
THEMES: dict[Literal["light", "dark"], Sequence[str]] = {"light": TAGS, "dark": DARK}
WIDTHS = (390, 768, 1024, 1440)
# What stands around every page at a desk is half of what axe looks at: it looks once.
AROUND = (".side", ".bar", ".top")
DESK: ViewportSize = {"width": 1280, "height": 720}

HALVES = 2  # as many files look at them, one for each core


def look_at_half(half: int, app: Flask, user: User, page: Page, violations: Violations) -> None:
    """Load each page of a half once, and look at it in every theme and width as it stands.

    The halves are even and odd places in the order of addresses, so that both take as long.
    Contrast takes longest to see, and is looked at where words have colours that no page before
    had: what was good there is good here.
    """
    pages = sorted(addresses(app, found(user)))
    good: set[str] = set()

    faults: dict[tuple[str, object], list[str]] = {}
    seen: Sequence[str] = ()
    for path in pages[half::HALVES]:
        visit(page, path)
        for theme, rules in THEMES.items():
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLED)
            colours = {*page.evaluate(COLOURS)}
            known = (CONTRAST,) if colours <= good else ()
            faults[path, theme] = violations(page, rules, seen, known)
            good |= colours if not faults[path, theme] else set()
        if not seen and all(page.locator(one).count() for one in AROUND):
            seen = AROUND
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            faults[path, width] = sticking_out(page, width)
        page.set_viewport_size(DESK)

    wrong = {at: why for at, why in faults.items() if why}
    assert not wrong, wrong  # pytest explains only what stands in a test's own file
    assert len(pages) > 40
    assert seen


def sticking_out(page: Page, width: int) -> list[str]:
    found: list[str] = page.evaluate(STICKING_OUT, width)
    return found


def visit(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, path
