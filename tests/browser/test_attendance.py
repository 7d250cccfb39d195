"""A roster is filled by keyboard alone, and a page that waits for a card sees it presented."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Dialog, expect
from redis import Redis
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.attendance import services
from app.attendance.models import RosterEntry
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import Heartbeat, ReaderState, SentPunch
from tests.attendance.conftest import shift
from tests.attendance.factories import EmployeeFactory
from tests.browser.conftest import Open
from tests.factories import RoleFactory, UserFactory
from tests.waiting import until

pytestmark = pytest.mark.committed


@pytest.fixture(autouse=True)
def line(app: Flask, processes: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Announce to the pages of the server what happens in this process."""
    monkeypatch.setitem(app.extensions, "redis", Redis.from_url(processes["REDIS_URL"]))


@pytest.fixture
def owner() -> User:
    return UserFactory.create(role=RoleFactory.create(permissions=["attendance.punch"]))


def test_a_roster_is_filled_by_keyboard_alone(open_page: Open, session: Session) -> None:
    early, late = shift("F", "06:00", "14:00"), shift("S", "14:00", "22:00")
    ada, bob = (EmployeeFactory.create(name=name) for name in ("Ada", "Bob"))
    page = open_page("/attendance/roster?week=2026-11-02")

    page.get_by_label("Ada, 2026-11-02").focus()
    page.keyboard.type("F")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("f s")
    page.keyboard.press("Enter")  # down to Bob
    page.keyboard.type("S")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Saved: 3 days changed.")).to_be_visible()
    found = session.execute(
        select(RosterEntry.employee_id, RosterEntry.day, RosterEntry.shift_id)
    )
    assert {(one.employee_id, one.day.day, one.shift_id) for one in found} == {
        (ada.id, 2, early.id),
        (ada.id, 3, early.id),
        (ada.id, 3, late.id),
        (bob.id, 3, late.id),
    }


def test_a_roster_that_was_changed_asks_before_it_is_left(open_page: Open) -> None:
    shift("F", "06:00", "14:00")
    EmployeeFactory.create(name="Ada")
    page = open_page("/attendance/roster?week=2026-11-02")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)

    page.get_by_label("Ada, 2026-11-02").fill("X")
    page.get_by_role("link", name="Next week").click()
    until(lambda: asked == ["beforeunload"])
    page.get_by_label("Ada, 2026-11-02").press("Control+Enter")

    expect(page.get_by_text("Ada, 2026-11-02: there is no shift X.")).to_be_visible()
    expect(page.get_by_label("Ada, 2026-11-02")).to_be_focused()


def test_a_forgotten_end_is_added_where_it_is_missing_and_the_day_shows_it(
    open_page: Open, owner: User
) -> None:
    ada = EmployeeFactory.create(name="Ada", time_zone="UTC")
    late = shift("S", "14:00", "22:00")
    services.set_roster({(ada.id, date(2026, 11, 2)): [late.id]})
    services.correct_punch(
        ada.id,
        kind="add",
        at=datetime(2026, 11, 2, 14, tzinfo=UTC),
        direction="in",
        reason="No card yet",
    )
    page = open_page(f"/attendance/timesheets/{ada.id}/2026-11-02")
    expect(page.get_by_text("Nobody clocked out", exact=True)).to_be_visible()

    page.get_by_role("link", name="Add a punch").click()
    expect(page.get_by_label("When")).to_have_value("2026-11-02T22:00")
    page.get_by_label("Reason").fill("Forgot")
    page.get_by_role("button", name="Add").click()

    expect(page.locator("#record")).to_contain_text("8:00 · UTC")
    expect(page.get_by_text("Nobody clocked out", exact=True)).to_be_hidden()
    expect(page.get_by_text("Add a punch that is missing: Forgot · Approved")).to_be_visible()


def test_the_page_that_waits_for_a_card_sees_it_presented(open_page: Open, owner: User) -> None:
    ada = EmployeeFactory.create(name="Ada")
    device = services.create_device(by=owner, name="Door", kind="bridge").device
    now = datetime.now(UTC)
    beat = Heartbeat(DeviceNow(now, "b", now), readers=[ReaderState("left", "rdm6300")])
    services.note_heartbeat(device, beat)
    page = open_page(f"/attendance/enrolment/{ada.id}")

    page.get_by_role("link", name="Present a card").click()
    page.get_by_role("button", name="Wait for the card").click()
    expect(page.get_by_text("Hold the card to the reader now.")).to_be_visible()
    at = datetime.now(UTC) + timedelta(seconds=1)
    card = SentPunch(1, "b", "6299884", at, reader="left")
    services.take_punches(device, [card], Heartbeat(DeviceNow(at, "b", at)))

    expect(page.get_by_text("The card is read")).to_be_visible()
