"""Answers that are held back, so that what happens meanwhile is sure to come first."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Route

from tests.waiting import until


class Held:
    """What the browser has asked for and does not get yet."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.answers: list[tuple[Route, Any]] | None = []
        page.route(re.compile(address), self._hold)

    def _hold(self, route: Route) -> None:
        if self.answers is None:
            route.continue_()
        else:
            self.answers.append((route, route.fetch()))

    def wait(self, number: int = 1) -> None:
        """Wait until the server has answered, so often."""

        def is_answered() -> bool:
            self.page.evaluate("null")  # Playwright hears of routes while it is asked something
            return len(self.answers or ()) >= number

        until(is_answered)

    def arrive(self) -> None:
        """Let the answers arrive, as old as they are."""
        answers, self.answers = self.answers or [], None
        for route, answer in answers:
            route.fulfill(response=answer)


def stop_clock(page: Page) -> None:
    """Let no timer of a page run out."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
