"""A passkey is made and used, by Chromium's own virtual authenticator."""

import pytest
from playwright.sync_api import Browser, expect

from app.accounts.models import User
from tests.browser.conftest import PASSWORD
from tests.waiting import PATIENCE

pytestmark = pytest.mark.committed

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_signs_in_and_another_does_not(
    browser: Browser, server: str, user: User
) -> None:
    site = server.replace("127.0.0.1", "localhost")  # passkeys belong to names, not addresses
    context = browser.new_context(base_url=site)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    chromium = context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    key = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    def sign_in() -> None:
        page.goto("/session/new?next=/account")
        page.get_by_label("Username or e-mail").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    sign_in()
    page.get_by_role("link", name="Add passkey").click()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()

    context.clear_cookies()
    sign_in()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("Office laptop")).to_be_visible()

    chromium.send("WebAuthn.removeVirtualAuthenticator", key)
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    context.clear_cookies()
    sign_in()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey has answered")).to_be_visible()
    context.close()
