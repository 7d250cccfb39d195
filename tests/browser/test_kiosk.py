"""The screen at the door, in a real browser: it greets, and goes on without a network."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.attendance import services
from app.attendance.models import Punch
from tests.attendance.factories import EmployeeFactory
from tests.browser.conftest import Violations
from tests.browser.lines import Line
from tests.browser.looking import THEMES, sticking_out
from tests.waiting import until

pytestmark = pytest.mark.committed

CARD, OTHER = "0006299884", "0006299885"
WIDTHS = (1920, 1024, 390)
# In one go, with times of their own: to a busy machine a reader's keys come late, all the same.
TYPE_KEYS = """
(keys) => {
  const began = performance.now();
  keys.forEach((code, number) => {
    const key = code === "Enter" ? code : "&";
    const event = new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: began + number * 10 });
    document.activeElement.dispatchEvent(event);
  });
}
"""


@pytest.fixture
def people(session: Session) -> None:
    for number, (name, card) in enumerate([("Ada Lovelace", CARD), ("Grace Hopper", OTHER)]):
        person = EmployeeFactory.create(number=str(number), name=name, time_zone="UTC")
        session.commit()
        services.assign_card(card, employee_id=person.id)
        services.set_pin(person.id, pin="4937")


@pytest.fixture
def kiosk(user: User, browser: Browser, server: str, people: None) -> Iterator[Page]:
    page = browser.new_page()
    yield hung_up(page, user, server)
    page.close()  # it would ask for news as long as the browser is there


def hung_up(page: Page, user: User, server: str, time_zone: str = "") -> Page:
    hung = services.hang_up_kiosk(by=user, name="Gate", place="Hall 1", time_zone=time_zone)
    host = urlsplit(server).hostname
    token = {"name": "kiosk", "value": hung.secret, "domain": host, "path": "/kiosk"}
    page.context.add_cookies([token])  # type: ignore[list-item]
    page.goto(f"{server}/kiosk")
    expect(page.locator("#connection")).to_have_text("Connected")
    return page


@pytest.fixture
def line(server: str) -> Iterator[Line]:
    line = Line(server)
    yield line
    line.cut()


# Notes when it would come back after how many failures, and what was to be heard.
WATCH = """
window.pauses = [];
window.sounds = [];
const wait = window.setTimeout;
window.setTimeout = (what, time, ...more) => {
  if (what.name === "connect") window.pauses.push(time);
  return wait(what, what.name === "connect" ? Math.min(time, 100) : time, ...more);
};
document.addEventListener("tablet:sound", ({detail}) => window.sounds.push(detail.name));
"""
MIDNIGHT = {"now": "2030-02-28T23:59:59.200+00:00", "csrf": "", "html": ""}


def type_as_a_reader(page: Page, card: str) -> None:
    """Type by keys that stand for other letters on another keyboard."""
    page.evaluate(TYPE_KEYS, [*(f"Digit{digit}" for digit in card), "Enter"])


def test_a_kiosk_greets_and_shows_who_is_in_and_everybody_can_use_it(
    kiosk: Page, user: User, server: str, violations: Violations
) -> None:
    bridge = services.create_device(by=user, name="Door", kind="bridge", place="Hall 1")
    with kiosk.expect_websocket() as _:
        kiosk.reload()
    moment = datetime.now(UTC).isoformat()
    punch = {"boot_id": "b", "device_seq": 1, "credential": CARD, "at": moment}

    def greeted() -> bool:
        return "Welcome, Ada Lovelace." in kiosk.locator("#greeting").inner_text()

    requests.post(
        f"{server}/api/v1/attendance/punches",
        data=json.dumps(punch),
        headers={
            "Authorization": f"Bearer {bridge.secret}",
            "Content-Type": "application/json",
        },
        timeout=30,
    ).raise_for_status()
    until(greeted)
    expect(kiosk.locator("#present")).to_contain_text("Ada Lovelace")
    for theme in THEMES:
        kiosk.emulate_media(color_scheme=theme)
        assert violations(kiosk) == []
    for width in WIDTHS:
        kiosk.set_viewport_size({"width": width, "height": 800})
        assert sticking_out(kiosk, width) == []


def test_all_times_of_a_screen_are_by_its_clock(
    browser: Browser, user: User, server: str, people: None
) -> None:
    """The person works in UTC; who looks at the screen compares it with the clock on it."""
    page = hung_up(browser.new_page(), user, server, "Asia/Kathmandu")
    type_as_a_reader(page, CARD)

    expect(page.locator("#greeting time")).to_be_visible()
    expect(page.locator("#present time")).to_be_visible()
    for one in page.locator("#greeting time, #present time").all():
        moment = datetime.fromisoformat(one.get_attribute("datetime") or "")
        told = f"{moment.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}"
        assert one.inner_text() == told
    page.reload()
    expect(page.locator("#present time")).to_have_text(told)
    page.close()


def test_without_a_network_the_clock_goes_on_and_a_card_counts_once_it_is_back(
    kiosk: Page, session: Session
) -> None:
    kiosk.context.set_offline(True)
    before = kiosk.locator("#clock").inner_text()
    type_as_a_reader(kiosk, OTHER)

    expect(kiosk.locator("#connection")).to_contain_text("1 card waits")
    expect(kiosk.locator("#greeting")).to_contain_text("Your card is kept")
    expect(kiosk.locator("#clock")).not_to_have_text(before)

    kiosk.context.set_offline(False)
    expect(kiosk.locator("#connection")).to_have_text("Connected")
    expect(kiosk.locator("#present")).to_contain_text("Grace Hopper")
    assert session.scalar(select(func.count(Punch.id))) == 1

    expect(kiosk.get_by_role("group", name="Digits").get_by_role("button")).to_have_count(12)
    assert kiosk.get_by_role("button", name="Erase").is_visible()
    kiosk.get_by_label("Employee number").fill("0")
    for digit in "4937":
        kiosk.get_by_label("PIN").focus()
        kiosk.locator(f"[data-digit='{digit}']").click()
    kiosk.get_by_role("button", name="OK").click()
    expect(kiosk.locator("#greeting")).to_contain_text("Welcome, Ada Lovelace.")
    expect(kiosk.get_by_label("PIN")).to_have_value("")


def test_a_kiosk_outlives_a_restart_of_its_server_and_the_day(
    browser: Browser, user: User, line: Line, people: None, session: Session
) -> None:
    page = browser.new_page(timezone_id="UTC")
    page.add_init_script(WATCH)
    hung_up(page, user, f"http://{line.address}")
    connection, clock = page.locator("#connection"), page.locator("#clock")

    line.cut()
    type_as_a_reader(page, CARD)
    expect(page.locator("#greeting")).to_contain_text("Your card is kept")
    expect(connection).to_contain_text("The clock goes on, cards are kept: 1 card waits")
    expect(clock).not_to_have_text(clock.inner_text())
    until(lambda: len(page.evaluate("pauses")) >= 4)
    for failures, pause in enumerate(page.evaluate("pauses")[:4], 1):
        longest = 500 * 2**failures
        assert longest / 2 <= pause < longest  # not all screens at once
    assert page.evaluate("sounds") == ["held"]

    line.connect()
    expect(connection).to_have_text("Connected")
    expect(page.locator("#present")).to_contain_text("Ada Lovelace")
    assert session.scalar(select(func.count(Punch.id))) == 1

    page.route("**/kiosk/state", lambda route: route.fulfill(json=MIDNIGHT))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#day")).to_have_text("Friday, March 1")
    assert clock.inner_text() < "00:01"
    page.close()
