"""A scanner that types, at a speed of its own: a busy machine would type too slowly."""

from playwright.sync_api import Page

BOUNCE = 200  # milliseconds: the same code sooner is the same reading

# All keys in one go, to whatever has the focus, as the driver of a wedge scanner sends them;
# tells whether Enter still does what it does for a hand.
TYPE = """
code => [...code, "Enter"].map((key) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))).at(-1)
"""

# The same at a pace of its own, in milliseconds a key; a busy machine makes it no slower.
TYPE_AT = """
([code, pace]) => [...code, "Enter"].forEach((key) => {
  const until = performance.now() + pace;
  while (performance.now() < until);
  document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})
"""


def wedge(page: Page, *codes: str) -> None:
    """Scan codes one after the other, each when the one before was answered."""
    page.wait_for_load_state()  # before that nobody listens
    for code in codes:
        with page.expect_response("**/scans"):
            page.evaluate(TYPE, code)
        page.wait_for_timeout(BOUNCE)
