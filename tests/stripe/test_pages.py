"""Pages about an account: how to connect it, and what it holds."""

from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import db
from app.integrations.hub.models import Connection
from tests.conftest import SignIn
from tests.standins.stripe import Stripe
from tests.stripe.conftest import Sync

pytestmark = pytest.mark.committed
CONNECT = "/connections/credentials/stripe"


def typed(stripe: Stripe, **more: str) -> dict[str, Any]:
    return {
        "address": stripe.number, "auth_method": "test", "api_key": stripe.state.key,
        "webhook_secret": "",
    } | more  # fmt: skip


def test_the_form_says_what_to_make_there_and_where_webhooks_go(
    stripe: Stripe, sign_in: SignIn
) -> None:
    page = sign_in("integrations.manage").get(f"{CONNECT}/edit?auth_method=live")

    assert page.status_code == 200
    for words in ("restricted key", "rk_live_", "/webhooks/stripe", "Signing secret"):
        assert words in page.text


def test_an_account_is_connected_in_the_browser(stripe: Stripe, sign_in: SignIn) -> None:
    person = sign_in("integrations.manage", "integrations.view")

    tried = person.post(f"{CONNECT}/checks", data=typed(stripe))
    made = person.post(CONNECT, data=typed(stripe))

    assert "Can be read" in tried.text
    assert stripe.state.key not in tried.text
    assert made.status_code == 303
    assert db.session.scalars(select(Connection)).one().name == "Stripe, test mode"


def test_what_does_not_fit_is_told_beside_its_field(stripe: Stripe, sign_in: SignIn) -> None:
    page = sign_in("integrations.manage").post(CONNECT, data=typed(stripe, api_key="sk_live_1"))

    assert page.status_code == 422
    assert "This key may do everything" in page.text
    assert "sk_live_1" not in page.text


def test_without_the_permission_nothing_is_connected(stripe: Stripe, sign_in: SignIn) -> None:
    person = sign_in("integrations.view")

    assert person.get(f"{CONNECT}/edit").status_code == 403
    assert person.post(CONNECT, data=typed(stripe)).status_code == 403


def test_balances_are_shown_to_those_who_may_see_money(
    stripe: Stripe, connection: Connection, sync: Sync, sign_in: SignIn
) -> None:
    stripe.account.sell(123_456)
    sync()
    here = f"/connections/{connection.id}"

    shown = sign_in("integrations.view", "money.view").get(here)
    hidden = sign_in("integrations.view").get(here)

    assert "What Stripe holds" in shown.text
    assert "1,212" in shown.text  # 1,234.56 less 1.5 %, 0.25 and the tax on them
    assert "What Stripe holds" not in hidden.text
