"""Every page, as everybody meets it: the first half."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import User
from tests.browser.conftest import Open
from tests.browser.looking import DESK, look_at_half

pytestmark = pytest.mark.committed


def test_everybody_can_use_every_page(
    app: Flask, open_page: Open, user: User, violations: Callable[[Page], list[str]]
) -> None:
    look_at_half(0, app, user, open_page("/account", viewport=DESK), violations)
