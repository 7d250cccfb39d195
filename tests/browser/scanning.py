"""A scanner that types, at a speed of its own: a busy machine would type too slowly."""

from playwright.sync_api import Page

BOUNCE = 200  # milliseconds: the same code sooner is the same reading

# All keys in one go, to whatever has the focus, as the driver of a wedge scanner sends them;
# tells whether Enter still does what it does for a hand.
TYPE = """
code => [...code, "Enter"].map((key) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))).at(-1)
"""

# The same at a pace of its own, in milliseconds a key. The keys bring their times along: on a
# busy machine a loop that waits would be slow at whim.
TYPE_AT = """
([code, pace]) => {
  const began = performance.now();
  [...code, "Enter"].forEach((key, number) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: began + number * pace });
    document.activeElement.dispatchEvent(event);
  });
}
"""


def wedge(page: Page, *codes: str) -> None:
    """Scan codes one after the other, each when the one before was answered."""
    page.wait_for_load_state()  # before that nobody listens
    for code in codes:
        with page.expect_response("**/scans"):
            page.evaluate(TYPE, code)
        page.wait_for_timeout(BOUNCE)


# The same into the field with the focus: what nobody stops, the field gets.
TYPE_INTO = """
([code, pace]) => {
  const began = performance.now();
  [...code, "Enter"].forEach((key, number) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: began + number * pace });
    const goesOn = document.activeElement.dispatchEvent(event) && key.length === 1;
    const isField = document.activeElement.matches("input, textarea");
    if (goesOn && isField) document.execCommand("insertText", false, key);
  });
}
"""
