"""A restricted key lets us in; keys that may do more, or are of the other mode, do not."""

import json

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.db import db
from app.core.errors import Invalid
from app.integrations.hub.errors import ReconnectNeeded, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.services.credentials import check_credentials, connect_with_credentials
from app.integrations.systems.stripe import addresses
from app.integrations.systems.stripe.connector import Stripe as Connector
from tests.standins.stripe import Stripe
from tests.stripe.conftest import connected

pytestmark = pytest.mark.committed
LIVE = "acct_1RealKitchen"


def attempt(stripe: Stripe, key: str, method: str = "test", **more: str) -> Connection:
    return connect_with_credentials(
        "stripe", address=stripe.number, method=method, credentials={"api_key": key, **more}
    )


def test_an_account_is_connected_and_its_tests_are_another(stripe: Stripe) -> None:
    made = connected(stripe)

    assert (made.account, made.name) == (f"{stripe.number}/test", "Stripe, test mode")
    assert (made.environment, made.address) == ("test", stripe.number)
    assert Connector().number_of(stripe.number, "live", {}) == stripe.number


def test_the_webhook_needs_no_secret(stripe: Stripe) -> None:
    assert attempt(stripe, stripe.state.key).state == "connected"
    assert attempt(stripe, stripe.state.key, webhook_secret="").state == "connected"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("sk_test_everything", "may do everything"),
        ("sk_live_everything", "may do everything"),
        ("rk_live_real", "other mode"),
        ("pk_test_public", "no restricted key"),
        ("nonsense", "no restricted key"),
    ],
)
def test_no_other_key_is_taken_or_sent(stripe: Stripe, key: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        attempt(stripe, key)

    assert not stripe.exchanges
    assert db.session.scalars(select(Connection)).all() == []


def test_a_signing_secret_looks_like_one(stripe: Stripe) -> None:
    with pytest.raises(Invalid, match="whsec_"):
        attempt(stripe, stripe.state.key, webhook_secret=stripe.state.key)


def test_a_key_that_stripe_refuses_is_not_kept(stripe: Stripe) -> None:
    with pytest.raises(ReconnectNeeded, match="Invalid API Key") as refused:
        attempt(stripe, "rk_test_wrong")

    assert "rk_test" not in str(refused.value)
    assert db.session.scalars(select(Connection)).all() == []


def test_a_trial_says_what_may_be_read_and_what_not(stripe: Stripe) -> None:
    stripe.account.sell(1000)
    stripe.state.forbidden = {"disputes"}

    found = check_credentials(
        "stripe",
        address=stripe.number,
        method="test",
        credentials={"api_key": stripe.state.key},
    )

    told = {one.label: (one.said, one.is_bad) for one in found}
    assert told["Balance"] == ("Stripe, test mode: 0.00 EUR available", False)
    assert told["Transactions"] == ("Can be read", False)
    assert told["Payouts"] == ("Can be read; there is none yet", False)
    assert told["Disputes"][1]
    assert "rak_dispute_read" in told["Disputes"][0]


def test_what_is_not_stripe_is_not_connected(stripe: Stripe) -> None:
    stripe.faults.add("not_json", times=9)

    with pytest.raises(Unavailable):
        connected(stripe)


def test_the_key_is_sealed_and_never_shown(stripe: Stripe, app: Flask) -> None:
    made = connected(stripe)

    kept = db.session.execute(
        text("SELECT access_token || refresh_token FROM connection")
    ).scalar()
    assert stripe.state.key not in str(kept)
    assert stripe.state.secret not in str(kept)
    history = db.session.execute(text("SELECT changes::text FROM audit_entry")).scalars().all()
    assert stripe.state.key not in json.dumps([*history, repr(made)])


def test_only_accounts_of_a_stand_in_are_asked_there(stripe: Stripe) -> None:
    assert addresses.base_of(stripe.number) == stripe.url
    assert addresses.base_of(LIVE) == "https://api.stripe.com"


def test_without_a_stand_in_its_accounts_are_none(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "STRIPE_STANDIN", None)

    with pytest.raises(Invalid, match="none is configured"):
        addresses.parse("acct_1StandInKitchen")


@pytest.mark.parametrize("typed", ["", "acct_", "1RealKitchen", f"{LIVE}/v1", "acct_1' OR 1=1"])
def test_a_number_of_an_account_looks_like_one(app: Flask, typed: str) -> None:
    with pytest.raises(Invalid, match="begins with acct_"):
        addresses.parse(typed)
