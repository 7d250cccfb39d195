"""One reader of scanners that type: a code is the same at the desk and on a tablet."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.holding import Held
from tests.browser.scanning import TYPE_AT
from tests.waiting import until

pytestmark = [pytest.mark.committed, pytest.mark.xdist_group("browser")]

DESK, TABLET = "/users", "/tablet/scanner"
BOTH = pytest.mark.parametrize("path", [DESK, TABLET])
CODE = "4006381333931"
SCANNER, HAND = 4, 120  # milliseconds a key
LISTEN = """
window.codes = [];
document.addEventListener("opsroom:scan", (event) => {
  event.preventDefault();
  window.codes.push(event.detail.code);
});
"""


def listening(open_page: Open, path: str) -> Page:
    page = open_page(path)
    page.goto(path)
    page.evaluate(LISTEN)
    page.evaluate("document.activeElement.blur()")
    return page


def codes(page: Page) -> list[str]:
    return list(page.evaluate("window.codes"))


@BOTH
def test_a_scanner_at_4_ms_a_key_is_read(open_page: Open, path: str) -> None:
    page = listening(open_page, path)

    page.evaluate(TYPE_AT, [CODE, SCANNER])

    assert codes(page) == [CODE]


@BOTH
def test_a_code_scanned_before_the_scripts_are_there_waits_for_them(
    open_page: Open, path: str
) -> None:
    page = open_page("/users", service_workers="block")  # a tablet's would have the scripts
    scripts = Held(page, r"/js-\w+/(app|tablet/main)\.js")
    page.goto(path, wait_until="commit")
    page.locator("main").wait_for(state="attached")
    page.evaluate(LISTEN)

    page.evaluate(TYPE_AT, [CODE, SCANNER])
    page.evaluate(TYPE_AT, ["400638", HAND])
    assert codes(page) == []
    scripts.wait()
    scripts.arrive()
    until(lambda: bool(codes(page)))
    page.wait_for_timeout(200)  # as long as a hand's keys could be taken for a code

    assert codes(page) == [CODE]


@BOTH
def test_one_reading_that_is_sent_twice_is_one_code(open_page: Open, path: str) -> None:
    page = listening(open_page, path)

    # Both in one go: between two calls a busy machine may let the time of a bounce pass.
    page.evaluate(
        f"reading => {{ const type = {TYPE_AT}; type(reading); type(reading); }}",
        ["123456", SCANNER],
    )

    assert codes(page) == ["123456"]


@BOTH
def test_what_a_hand_types_is_no_code(open_page: Open, path: str) -> None:
    page = listening(open_page, path)

    page.evaluate(TYPE_AT, ["400638", HAND])
    page.wait_for_timeout(200)

    assert codes(page) == []


@pytest.mark.parametrize(("path", "read"), [(DESK, []), (TABLET, [CODE])])
def test_a_field_keeps_what_is_typed_into_it_but_for_codes_of_a_tablet(
    open_page: Open, path: str, read: list[str]
) -> None:
    page = listening(open_page, path)
    page.locator("input:visible:not([data-wedge])").first.focus()

    page.evaluate(TYPE_AT, [CODE, SCANNER])

    assert codes(page) == read


@BOTH
def test_a_shortcut_between_keys_ends_what_was_typed_before_it(
    open_page: Open, path: str
) -> None:
    page = listening(open_page, path)

    # Somebody selects what they have typed, and scans over it.
    page.evaluate(
        f"""([typed, code, pace]) => {{
          const press = (key, more) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {{key, bubbles: true, cancelable: true, ...more}}));
          for (const key of typed) press(key);
          press("Control", {{ctrlKey: true}});
          press("a", {{ctrlKey: true}});
          ({TYPE_AT})([code, pace]);
        }}""",
        ["filter", CODE, SCANNER],
    )

    assert codes(page) == [CODE]
