"""Webhooks only say that something changed: forged, replayed or old they do no harm."""

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.sync.models import SyncRun, WebhookEvent
from tests.integrations.conftest import work
from tests.standins.stripe import Stripe
from tests.standins.stripe.webhooks import event, signature
from tests.stripe.conftest import connected, payouts

pytestmark = pytest.mark.committed


@pytest.fixture
def told(stripe: Stripe, connection: Connection) -> dict[str, Any]:
    """A payout that we know nothing of yet."""
    stripe.account.sell(1000)
    payout = stripe.account.pay_out()
    stripe.exchanges.clear()
    return payout


def post(app: Flask, body: bytes, headers: dict[str, str]) -> Any:
    return app.test_client().post("/webhooks/stripe", data=body, headers=headers)


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookEvent)) or 0


def test_what_it_names_is_fetched_and_nothing_else(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    body, headers = stripe.signed("payout.created", told | {"amount": 1})

    answer = post(app, body, headers)
    work()

    assert (answer.status_code, answer.get_json()) == (200, {"received": 1})
    assert [one.path for one in stripe.exchanges] == [f"/v1/payouts/{told['id']}"]
    assert payouts()[0].amount * 100 == told["amount"]  # not what the webhook says


def test_a_replay_does_nothing(app: Flask, stripe: Stripe, told: dict[str, Any]) -> None:
    body, headers = stripe.signed("payout.created", told)
    post(app, body, headers)
    work()
    runs = db.session.query(SyncRun).count()

    answer = post(app, body, headers)
    work()

    assert (answer.status_code, answer.get_json()) == (200, {"received": 0})
    assert (kept(), db.session.query(SyncRun).count()) == (1, runs)


def test_an_old_signature_is_refused(app: Flask, stripe: Stripe, told: dict[str, Any]) -> None:
    body, headers = stripe.signed("payout.created", told, at=int(time.time()) - 301)

    assert post(app, body, headers).status_code == 401
    assert kept() == 0


def test_one_of_several_signatures_is_enough(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    body, headers = stripe.signed("payout.created", told)
    rolled = signature(body, ["whsec_before", stripe.state.secret])

    answer = post(app, body, headers | {"Stripe-Signature": rolled})

    assert answer.get_json() == {"received": 1}


@pytest.mark.parametrize(
    "forged", ["", "t=,v1=", "v1=00", "t=99999999999999999999,v1=aa", "t=1,v0=aa", "nonsense"]
)
def test_what_stripe_has_not_signed_is_refused(
    app: Flask, stripe: Stripe, told: dict[str, Any], forged: str
) -> None:
    body, headers = stripe.signed("payout.created", told)

    answer = post(app, body, headers | {"Stripe-Signature": forged})

    assert answer.status_code == 401
    assert kept() == 0


def test_another_secret_or_a_changed_body_is_refused(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    body, headers = stripe.signed("payout.created", told)
    other = {"Stripe-Signature": signature(body, ["whsec_other"])}

    assert post(app, body, headers | other).status_code == 401
    assert post(app, body + b" ", headers).status_code == 401
    assert post(app, b"\xff\xfe", headers).status_code == 401
    assert kept() == 0


def test_without_a_secret_nobody_is_believed(app: Flask, stripe: Stripe) -> None:
    connected(stripe, webhook_secret="")
    body, headers = stripe.signed("payout.created", {"id": "po_1", "object": "payout"})

    assert post(app, body, headers).status_code == 401


def test_what_is_signed_but_no_event_is_refused(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    for body in (b"[]", b"{}", b"nothing", b'{"object":"event","id":"evt_1"}'):
        headers = {"Stripe-Signature": signature(body, [stripe.state.secret])}
        assert post(app, body, headers).status_code == 400


def test_an_event_about_something_else_is_taken_and_forgotten(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    body, headers = stripe.signed("customer.created", {"id": "cus_1", "object": "customer"})

    assert post(app, body, headers).get_json() == {"received": 0}
    assert kept() == 0


def test_what_is_not_there_harms_nothing_and_is_done_with(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    gone, headers = stripe.signed("payout.created", {"id": "po_gone", "object": "payout"})
    post(app, gone, headers)
    body, headers = stripe.signed("payout.created", told)
    post(app, body, headers)

    work()

    states = db.session.scalars(select(WebhookEvent.state)).all()
    assert states == ["done", "done"]
    assert [one.external_id for one in payouts()] == [told["id"]]


def test_the_account_is_whose_secret_it_is(
    app: Flask, stripe: Stripe, told: dict[str, Any]
) -> None:
    body, headers = stripe.signed("payout.created", told)
    post(app, body, headers)

    one = db.session.scalars(select(WebhookEvent)).one()
    assert one.account == f"{stripe.number}/test"


def test_an_event_says_what_stripe_says() -> None:
    assert event("payout.paid", {"id": "po_1"})["data"] == {"object": {"id": "po_1"}}
