"""Open pages that stay true, whatever comes first: the news, an answer, or the socket."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from redis import Redis
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.events import publish
from app.core.jobs import JobRun
from app.core.jobs.events import JobChanged
from app.orders import services as orders
from tests.browser.conftest import Open
from tests.browser.holding import Held, stop_clock
from tests.browser.tablets import OpenTablet, claim, scan
from tests.core.samples import stored
from tests.waiting import until

pytestmark = pytest.mark.committed

NOTICE = """
() => document.addEventListener("htmx:afterSwap", () => (window.swapped = true), {once: true})
"""
Change = Callable[[JobRun], None]


@pytest.fixture(autouse=True)
def line(app: Flask, processes: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Redis:
    """Announce to the pages of the server what happens in this process."""
    line = Redis.from_url(processes["REDIS_URL"])
    monkeypatch.setitem(app.extensions, "redis", line)
    return line


@pytest.fixture
def change(session: Session) -> Change:
    """Write down how far a job is, and announce it."""

    def change(run: JobRun) -> None:
        session.commit()
        publish(JobChanged(run_id=run.id))

    return change


@pytest.fixture
def run(user: User) -> JobRun:
    return stored(state="running", attempts=1, label="Set category", actor_id=user.id)


def hears(page: Page, run: JobRun, change: Change) -> None:
    """Wait until a page hears what is announced."""
    run.done, run.total = 1, 7
    change(run)
    expect(page.get_by_text("1 of 7")).to_be_visible()


def says(page: Page, state: str) -> None:
    expect(page.get_by_role("main").locator(".badge", has_text=state)).to_be_visible()


@pytest.mark.parametrize(("path", "region"), [("/jobs/{}", "#record"), ("/jobs", "#results")])
def test_an_answer_older_than_the_news_does_not_stay(
    open_page: Open, run: JobRun, change: Change, path: str, region: str
) -> None:
    page = open_page(path.format(run.id))
    hears(page, run, change)
    held = Held(page, r"/jobs(/\d+)?$")
    page.evaluate("(region) => htmx.trigger(region, 'opsroom:news')", region)
    held.wait()

    stop_clock(page)  # else what follows from the news could be quicker than the answer
    run.succeed({"changed": 3})
    change(run)
    says(page, "Succeeded")
    page.evaluate(NOTICE)
    held.arrive()
    until(lambda: bool(page.evaluate("window.swapped")))
    page.clock.resume()

    says(page, "Succeeded")


@pytest.mark.parametrize("path", ["/jobs/{}", "/jobs"])
def test_what_happens_before_the_socket_stands_is_not_missed(
    open_page: Open, run: JobRun, change: Change, path: str
) -> None:
    page = open_page("/users")
    held = Held(page, r"/ws\.min\.js")
    page.goto(path.format(run.id), wait_until="commit")
    says(page, "Running")

    run.succeed({"changed": 3})
    change(run)
    held.wait()
    held.arrive()

    says(page, "Succeeded")


def test_a_page_comes_back_when_the_line_to_redis_was_cut(
    open_page: Open, run: JobRun, change: Change, session: Session, line: Redis
) -> None:
    page = open_page(f"/jobs/{run.id}")
    hears(page, run, change)

    run.succeed({"changed": 3})
    session.commit()  # and nobody is told
    cut(line)

    says(page, "Succeeded")


def cut(line: Redis) -> None:
    """End what listens to this Redis: other test processes have theirs."""
    number = str(line.get_connection_kwargs()["db"])
    for one in line.client_list(_type="pubsub"):
        if one["db"] == number:
            line.client_kill_filter(_id=one["id"])


def test_a_tablet_does_not_miss_what_happens_before_its_socket_stands(
    tablet: OpenTablet, order: Any, work: Callable[[], None]
) -> None:
    page = tablet("/pick", service_workers="block")  # else it would fetch past what is held
    claim(page)
    held = Held(page, r"/tablet/live\.js")
    page.reload(wait_until="commit")
    expect(page.locator(".bin")).to_have_text("A-01")

    orders.cancel_order(order.id, reason="The customer has changed their mind")
    work()
    held.wait()
    held.arrive()

    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()


def test_news_that_come_while_a_scan_is_answered_are_shown_after_it(
    tablet: OpenTablet, order: Any, work: Callable[[], None]
) -> None:
    page = tablet("/pick", service_workers="block")
    claim(page)
    held = Held(page, r"/scans$")
    scan(page, "A-01")
    held.wait()

    orders.cancel_order(order.id, reason="The customer has changed their mind")
    work()
    until(lambda: "wrong" in page.evaluate("window.sounds"))  # the news are here
    held.arrive()

    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
