"""Endpoints in a browser: made with a secret that is shown once, tried, switched off."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.webhooks import services
from app.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.conftest import SignIn
from tests.webhooks.conftest import Made
from tests.webhooks.receiver import Receiver

ROOT = "/webhook-endpoints"
GOOD = {"name": "Robot", "url": "https://example.com/hooks", "events": ["order.shipped"]}


def test_a_secret_is_shown_once(manager: FlaskClient, session: Session) -> None:
    shown = manager.post(ROOT, data=GOOD).text
    page = manager.get(f"{ROOT}/{session.scalars(select(WebhookEndpoint.id)).one()}").text

    [secret] = set(re.findall(r"whsec_[\w+/=]+", shown))
    assert secret not in page
    assert "order.shipped" in page
    stored = session.connection().exec_driver_sql("SELECT secret FROM webhook_endpoint")
    assert secret not in stored.scalar_one()
    told = session.scalars(select(AuditEntry).where(AuditEntry.label == "Robot"))
    assert all("secret" not in entry.changes for entry in told)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("url", "ftp://example.com", "This is no address"),
        ("url", "https://", "This is no address"),
        ("url", "https://exa mple.com", "This is no address"),
        ("url", "https://user:pass@example.com", "Leave out user and password"),
        ("url", "https://example.com:99999/x", "This is no address"),
        ("events", [], "Choose at least one event"),
        ("events", ["made.up"], "is not a valid choice"),
        ("name", "", "This field is required"),
        ("name", "  ROBOT ", "There is an endpoint"),
    ],
)
def test_what_does_not_fit_is_said(
    manager: FlaskClient, listens: Made, field: str, value: object, reason: str
) -> None:
    listens(name="robot")

    response = manager.post(ROOT, data=GOOD | {"name": "Other"} | {field: value})

    assert response.status_code == 422
    assert reason in response.text


def test_a_test_is_sent_and_seen(
    manager: FlaskClient, listens: Made, receiver: Receiver, session: Session
) -> None:
    made = listens()
    here = f"{ROOT}/{made.endpoint.id}"

    assert manager.post(f"{here}/tests").status_code == 303
    services.deliver(made.endpoint.id)

    [heard] = receiver.heard
    assert heard.verified(made.secret)["type"] == "webhook.test"
    assert "webhook.test" in manager.get(here).text
    assert "Delivered" in manager.get(f"{here}/deliveries?state=delivered").text
    assert "webhook.test" not in manager.get(f"{here}/deliveries?state=failed").text


def test_another_secret_signs_from_then_on(
    manager: FlaskClient, listens: Made, receiver: Receiver, session: Session
) -> None:
    made = listens()

    shown = manager.post(f"{ROOT}/{made.endpoint.id}/secret").text
    [secret] = set(re.findall(r"whsec_[\w+/=]+", shown))
    services.send_test(made.endpoint.id)
    session.expire_all()
    services.deliver(made.endpoint.id)

    assert secret != made.secret
    assert receiver.heard[0].verified(secret)["type"] == "webhook.test"


def test_it_is_changed_switched_off_and_deleted(
    manager: FlaskClient, listens: Made, session: Session
) -> None:
    made = listens()
    here = f"{ROOT}/{made.endpoint.id}"

    edited = manager.post(here, data=GOOD | {"version": 1})
    off = manager.post(f"{here}/activation/delete")
    text = manager.get(here).text
    deleted = manager.post(f"{here}/delete")

    assert [r.status_code for r in (edited, off, deleted)] == [303, 303, 303]
    assert "Robot" in text
    assert "Switch on" in text
    assert manager.get(here).status_code == 404
    assert session.scalars(select(WebhookDelivery)).all() == []


def test_it_takes_the_permission(sign_in: SignIn, listens: Made) -> None:
    made = listens()
    stranger = sign_in("settings.edit")

    assert stranger.get(ROOT).status_code == 403
    assert stranger.post(f"{ROOT}/{made.endpoint.id}/secret").status_code == 403
