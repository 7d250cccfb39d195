"""The outbox of a tablet: what is scanned is never lost, and one entry never stops the rest."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.accounts.models import User
from tests.browser.conftest import PASSWORD
from tests.browser.tablets import (
    OpenTablet,
    Violations,
    agree,
    claim,
    picked,
    refuses,
    says,
    scan,
)
from tests.waiting import until

pytestmark = pytest.mark.committed


@pytest.fixture
def provoked() -> tuple[str, ...]:
    return ("400", "401", "500", "502")


def answers(page: Page, status: int, body: str = "") -> Any:
    """Let all scans of pick tasks be answered so from now on; gives how to end that."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, body=body)

    page.route("**/pick/*/scans", answer)
    return lambda: page.unroute("**/pick/*/scans", answer)


def held(page: Page) -> int:
    return int(page.evaluate("window.sounds.filter((name) => name === 'held').length"))


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Username or e-mail").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/session/new" not in url)


@pytest.mark.parametrize("status", [500, 200])
def test_an_entry_that_is_answered_oddly_is_set_aside_and_keeps_nothing_waiting(
    tablet: OpenTablet, violations: Violations, order: Any, status: int
) -> None:
    """A fault of the server, or words of somebody else, such as the page of a hotspot."""
    page = tablet("/pick")
    task_id = claim(page)
    end = answers(page, status, "<p>Welcome to our network</p>")

    scan(page, "A-01")
    expect(page.get_by_role("button", name="Tray: 1")).to_be_visible()
    expect(page.locator("#strip")).to_contain_text("Set aside: A-01.")
    end()
    scan(page, "B-01")
    says(page, "Bin B-01.")

    page.get_by_role("button", name="Tray: 1").tap()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Retry").tap()
    says(page, "Bin A-01.")
    expect(page.get_by_role("button", name="Tray")).to_be_hidden()
    assert picked(task_id) == [("open", 0), ("open", 0)]


def test_what_was_set_aside_can_be_discarded(tablet: OpenTablet, order: Any) -> None:
    page = tablet("/pick")
    task_id = claim(page)
    scan(page, "A-01")
    says(page, "Bin A-01.")
    end = answers(page, 500)
    scan(page, "FILTER1")
    page.get_by_role("button", name="Tray: 1").tap()
    end()

    page.get_by_role("button", name="Discard").tap()
    page.get_by_role("button", name="Discard it?").tap()
    expect(page.get_by_role("button", name="Tray")).to_be_hidden()
    page.reload()

    scan(page, "FILTER1")
    says(page, "FILTERS: 1 of 2.")
    assert picked(task_id) == [("open", 1), ("open", 0)]


def test_the_scanner_test_page_keeps_no_later_scan_waiting(
    tablet: OpenTablet, order: Any
) -> None:
    page = tablet("/tablet/scanner")
    scan(page, "WHATEVER-1")
    expect(page.locator(".bin")).to_have_text("WHATEVER-1")
    until(lambda: page.evaluate("window.outputs") == 1)  # the keys have started the sound, and
    assert page.evaluate("window.outputsAtKey") == 0  # it kept none of them waiting

    page.goto("/pick")
    claim(page)
    scan(page, "A-01")

    says(page, "Bin A-01.")


def test_a_server_that_is_away_parks_nothing(tablet: OpenTablet, order: Any) -> None:
    """Each entry would look odd then; the session is asked for, and does not answer either."""
    page = tablet("/pick")
    claim(page)
    end = answers(page, 502)
    page.route("**/tablet/session", lambda route: route.fulfill(status=502))

    scan(page, "A-01")
    with page.expect_response("**/tablet/session"):
        pass
    for _ in range(4):
        with page.expect_response("**/tablet/session"):
            page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#connection")).to_contain_text("1 scan waits")
    end()
    page.unroute("**/tablet/session")
    page.evaluate("dispatchEvent(new Event('online'))")

    says(page, "Bin A-01.")


def test_each_scan_without_connection_is_heard_and_seen_at_once(
    tablet: OpenTablet, violations: Violations, order: Any
) -> None:
    page = tablet("/pick")
    claim(page)
    scan(page, "A-01")
    says(page, "Bin A-01.")
    page.context.set_offline(True)

    for number in (1, 2):
        scan(page, "FILTER1")
        assert held(page) == number  # not after some seconds
        expect(page.locator("#strip")).to_contain_text("Held: FILTER1.")
    page.get_by_role("button", name="Tray: 2").tap()
    expect(page.locator("#tray li")).to_have_count(2)
    assert violations(page) == []
    page.context.set_offline(False)

    expect(page.locator(".bin")).to_have_text("B-01")


def test_what_was_wrong_about_a_held_scan_is_in_the_tray_until_somebody_has_seen_it(
    tablet: OpenTablet, order: Any
) -> None:
    page = tablet("/pick")
    claim(page)
    scan(page, "A-01")
    says(page, "Bin A-01.")
    page.context.set_offline(True)
    scan(page, "KETTLE1", "FILTER1")
    page.context.set_offline(False)

    says(page, "FILTERS: 1 of 2.")
    page.get_by_role("button", name="Tray: 1").tap()
    expect(page.locator("#tray li")).to_contain_text("Not taken: Scanned KETTLE.")
    page.get_by_role("button", name="Seen").tap()
    expect(page.get_by_role("button", name="Tray")).to_be_hidden()


def test_a_reload_without_network_shows_the_same_screen_and_takes_scans(
    tablet: OpenTablet, order: Any
) -> None:
    page = tablet("/pick")
    task_id = claim(page)
    expect(page.locator("body[data-shell=ready]")).to_be_attached()
    scan(page, "A-01", "FILTER1")
    says(page, "FILTERS: 1 of 2.")

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("body[data-kept][data-shell=ready]")).to_be_attached()
    expect(page.locator(".counter")).to_contain_text("1")
    expect(page.locator("#strip")).to_be_empty()  # what was said is not of now
    scan(page, "FILTER1")
    expect(page.locator("#connection")).to_contain_text("No connection: 1 scan waits")
    page.reload()
    expect(page.locator("#connection")).to_contain_text("1 scan waits")
    page.goto("/count")  # never seen before
    expect(page.get_by_role("heading", name="This page needs the network")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")
    expect(page.get_by_role("button", name="Tray")).to_be_hidden()
    assert picked(task_id) == [("picked", 2), ("open", 0)]
    agree()


def test_after_a_session_has_ended_the_work_goes_on_where_it_was(
    tablet: OpenTablet, user: User, order: Any
) -> None:
    page = tablet("/pick")
    task_id = claim(page)
    scan(page, "A-01")
    says(page, "Bin A-01.")
    page.context.clear_cookies(name="session")

    scan(page, "FILTER1")
    expect(page.locator("#connection")).to_contain_text("Signed out: 1 scan waits")
    page.get_by_role("link", name="Sign in").tap()
    sign_in(page, user)

    expect(page.locator(".counter")).to_contain_text("1")
    scan(page, "FILTER1")
    says(page, "FILTERS: 2 of 2.")
    assert picked(task_id) == [("picked", 2), ("open", 0)]
    agree()


def test_a_session_of_another_tab_needs_no_new_page(
    tablet: OpenTablet, user: User, order: Any
) -> None:
    page = tablet("/pick")
    claim(page)
    page.context.clear_cookies(name="session")
    other = page.context.new_page()
    other.goto("/session/new?next=/tablet")
    sign_in(other, user)

    scan(page, "A-01")

    says(page, "Bin A-01.")
    assert page.evaluate("window.sounds.filter((name) => name !== 'ok').length") == 0


def test_scans_of_one_person_wait_while_another_is_signed_in(
    tablet: OpenTablet, user: User, colleague: User, order: Any
) -> None:
    page = tablet("/pick")
    task_id = claim(page)
    scan(page, "A-01")
    says(page, "Bin A-01.")
    page.context.set_offline(True)
    scan(page, "FILTER1")
    page.context.clear_cookies(name="session")
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_contain_text("Signed out: 1 scan waits")
    page.get_by_role("link", name="Sign in").tap()
    sign_in(page, colleague)
    expect(page.get_by_role("heading", name="Take over?")).to_be_visible()
    assert picked(task_id) == [("open", 0), ("open", 0)]

    page.context.clear_cookies(name="session")
    page.goto(f"/session/new?next=/pick/{task_id}")
    sign_in(page, user)

    expect(page.locator(".counter")).to_contain_text("1")
    assert picked(task_id) == [("open", 1), ("open", 0)]


def test_a_button_without_connection_is_held_and_goes_on_afterwards(
    tablet: OpenTablet, order: Any
) -> None:
    page = tablet("/pick")
    page.context.set_offline(True)
    page.get_by_role("button", name="Next").tap()
    expect(page.locator("#strip")).to_contain_text("Held: Next.")
    page.context.set_offline(False)

    page.wait_for_url("**/pick/*")
    expect(page.locator(".bin")).to_have_text("A-01")


def test_a_sheet_is_within_the_screen_and_a_tap_beside_it_closes_it(
    tablet: OpenTablet, order: Any
) -> None:
    page = tablet("/pick")
    claim(page)
    height = page.viewport_size["height"] if page.viewport_size else 0

    page.get_by_text("Qty", exact=True).tap()
    box = page.get_by_role("button", name="Picked").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= height
    page.locator(".tablet-title").tap()
    expect(page.get_by_role("button", name="Picked")).to_be_hidden()
    page.get_by_text("Short", exact=True).tap()
    expect(page.get_by_role("button", name="Damaged")).to_be_in_viewport()
    scan(page, "FILTER1")
    refuses(page, "Scan the bin first.")
