"""`python -m local.pictures`: the pictures of README and docs, from what runs.

It starts nothing and changes nothing: `make run`, `make demo`, then `make pictures`. It signs
in as `OPSROOM_USER` with `OPSROOM_PASSWORD`, and asks for what is not given.
"""

import os
import shutil
from getpass import getpass
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from local import settings
from local.packages import BROWSERS

PLACE = Path("docs")
# As root Chromium cannot make its own sandbox; these pages are ours.
BOX = ["--no-sandbox"] if os.geteuid() == 0 else []


class Picture(NamedTuple):
    """A page, or the record that its first `link` leads to; how wide, by which light."""

    name: str
    path: str
    link: str = ""
    size: tuple[int, int] = (1440, 900)
    theme: str = "light"


PICTURES = [
    Picture("inventory", "/stock"),
    Picture("order", "/orders?state=confirmed", link="tbody a"),
    Picture("pick", "/pick", size=(1024, 768)),
    Picture("phone", "/orders", size=(390, 844), theme="dark"),
]


def main() -> None:
    """Take every picture anew."""
    user = os.environ.get("OPSROOM_USER") or input("Username: ")
    password = os.environ.get("OPSROOM_PASSWORD") or getpass()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=engine(), args=["--disable-gpu", *BOX]
        )
        for picture in PICTURES:
            take(picture, browser, user, password)
            print(PLACE / f"{picture.name}.png")  # noqa: T201
        browser.close()


def engine() -> str | None:
    """Give the Chromium that the tests use; without one Playwright says what to install."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def take(picture: Picture, browser: Browser, user: str, password: str) -> None:
    """Sign in, go there, and take the part of the page that a screen shows."""
    width, height = picture.size
    with browser.new_context(
        base_url=f"http://{settings.HOST}:{settings.PORT}",
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.theme == "dark" else "light",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        sign_in(page, user, password, then=picture.path)
        if picture.link:
            page.locator(picture.link).first.click()
            page.wait_for_load_state()
        page.get_by_text("connecting", exact=True).wait_for(state="hidden")
        page.screenshot(path=PLACE / f"{picture.name}.png")


def sign_in(page: Page, user: str, password: str, *, then: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto(f"/session/new?next={then}")
    page.get_by_label("Username or e-mail").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/session/new" not in url)
    page.wait_for_load_state()


if __name__ == "__main__":
    main()
