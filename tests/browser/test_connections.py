"""Connecting QuickBooks from end to end, and deciding what waits, in a real browser."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import User
from app.integrations.hub.apps import save_app
from app.integrations.hub.models import Connection
from tests.browser.company import found
from tests.browser.conftest import Open
from tests.integrations.conftest import connected
from tests.standins.quickbooks import QuickBooks

pytestmark = pytest.mark.committed

Work = Callable[[], None]


@pytest.fixture
def connection(app: Flask, standin: QuickBooks, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A connection to the stand-in, which nothing has been synced through."""
    monkeypatch.setitem(app.config, "QUICKBOOKS_STANDIN", standin.url)
    save_app(
        "quickbooks",
        version=None,
        environment="standin",
        client_id=standin.client_id,
        client_secret=standin.client_secret,
    )
    return connected(standin.realm, *standin.grant())


def test_quickbooks_is_set_up_connected_searched_and_disconnected(
    open_page: Open, standin: QuickBooks, work: Work
) -> None:
    page = open_page("/connections")
    set_up(page, standin)
    connect(page, standin)
    work()
    expect_everything(page)

    number = standin.company.objects("Invoice")[0]["DocNumber"]
    find(page, number)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Invoice {number}")

    disconnect(page)
    expect(page.get_by_role("status")).to_contain_text("is disconnected")
    expect(page.get_by_role("button", name="Connect QuickBooks")).to_be_visible()


def set_up(page: Page, standin: QuickBooks) -> None:
    page.get_by_role("link", name="Set up QuickBooks").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Environment").select_option("standin")
    dialog.get_by_label("Client ID").fill(standin.client_id)
    dialog.get_by_label("Client secret").fill(standin.client_secret)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("is set up")


def connect(page: Page, standin: QuickBooks) -> None:
    page.get_by_role("button", name="Connect QuickBooks").click()
    page.wait_for_url(f"{standin.url}/**")
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url(re.compile(r"/connections/\d+$"))
    expect(page.get_by_role("status")).to_contain_text("is connected")


def expect_everything(page: Page) -> None:
    """See without a reload that everything has been read."""
    expect(page.get_by_role("row", name="Everything")).to_contain_text("Succeeded")
    expect(page.get_by_role("region", name="Connection")).to_contain_text("Connected")
    mirror = page.get_by_role("region", name="In the mirror")
    expect(mirror).to_contain_text(re.compile(r"Items\s*12\s*Invoices\s*8"))


def find(page: Page, number: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(number, delay=30)
    page.get_by_role("option", name=number).first.click()
    page.wait_for_url("**/invoices/*")


def disconnect(page: Page) -> None:
    page.goto("/connections")
    page.get_by_role("link", name="Details").click()
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()


def test_every_page_of_a_connection_follows_its_syncs(
    open_page: Open, connection: Connection, work: Work
) -> None:
    page, index = open_page(f"/connections/{connection.id}"), open_page("/connections")
    runs = open_page(f"/connections/{connection.id}/runs")
    expect(runs.get_by_text("No syncs yet.")).to_be_visible()

    page.get_by_role("button", name="Sync now").click()
    expect(runs.get_by_role("row", name="Everything")).to_contain_text("Queued")
    page.get_by_role("link", name="Everything").click()
    expect(page.get_by_text("It has not begun yet.")).to_be_visible()
    work()

    expect(page.get_by_text("Items: all")).to_be_visible()
    expect(page.get_by_role("region", name="State")).to_contain_text("Succeeded")
    expect(runs.get_by_role("row", name="Everything")).to_contain_text("Succeeded")
    expect(index.get_by_role("main")).to_contain_text(re.compile(r"Invoices\s*8"))


def test_what_waits_is_picked_and_decided(
    open_page: Open, user: User, work: Callable[[], None]
) -> None:
    at = f"/connections/{found(user)['connection_id']}"
    page = open_page(at)

    page.get_by_role("link", name="Decide which belong together").click()
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="They are the same").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="They are the same").click()
    page.wait_for_url("**/jobs/*")
    work()
    expect(page.get_by_text("Succeeded")).to_be_visible()
    page.goto(f"{at}/matches")
    expect(page.get_by_text("Nothing to decide.")).to_be_visible()

    page.goto(f"{at}/rejected")
    page.get_by_role("checkbox", name="Select customer 8").check()
    page.get_by_role("button", name="Try again").click()
    dialog.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/jobs/*")
    work()
    expect(page.get_by_text("Succeeded")).to_be_visible()


def test_a_form_in_the_dialog_says_what_does_not_fit(open_page: Open, user: User) -> None:
    found(user)
    page = open_page("/connections")
    dialog = page.get_by_role("dialog")

    page.get_by_role("link", name="Change the set-up").click()
    dialog.get_by_label("Client ID").fill(" ")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog.get_by_text("This does not look right")).to_be_visible()
