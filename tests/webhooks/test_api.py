"""Programs subscribe by themselves."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.webhooks import services
from tests.webhooks.conftest import Made
from tests.webhooks.receiver import Receiver

ROOT = "/api/v1/webhook-endpoints"


def test_a_program_subscribes_tries_it_and_leaves(
    client: FlaskClient, bearer: dict[str, str], receiver: Receiver, session: Session
) -> None:
    body = {"name": "Robot", "url": receiver.url, "events": ["stock.changed"]}

    made = client.post(ROOT, json=body, headers=bearer)
    here = made.headers["Location"]
    changed = client.put(here, json={"events": ["order.shipped"]}, headers=bearer)
    tested = client.post(f"{here}/tests", headers=bearer)
    assert made.json is not None
    assert changed.json is not None
    services.deliver(made.json["endpoint"]["id"])
    log = client.get(f"{here}/deliveries", headers=bearer)
    off = client.delete(f"{here}/activation", headers=bearer)
    on = client.post(f"{here}/activation", headers=bearer)
    gone = client.delete(here, headers=bearer)

    assert [r.status_code for r in (made, changed, tested, gone)] == [201, 200, 202, 204]
    assert receiver.heard[0].verified(made.json["secret"])["type"] == "webhook.test"
    assert changed.json["events"] == ["order.shipped"]
    assert "secret" not in changed.json
    assert log.json is not None
    assert off.json is not None
    assert on.json is not None
    assert [(one["event"], one["state"]) for one in log.json["items"]] == [
        ("webhook.test", "delivered")
    ]
    assert (off.json["is_active"], on.json["is_active"]) == (False, True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "gopher://x"}, "url"),
        ({"events": ["made.up"]}, "events"),
        ({"events": []}, "events"),
        ({"name": " "}, "name"),
    ],
)
def test_what_does_not_fit_is_named(
    client: FlaskClient, bearer: dict[str, str], body: dict[str, object], field: str
) -> None:
    good = {"name": "Robot", "url": "https://example.com", "events": ["order.shipped"]}

    response = client.post(ROOT, json=good | body, headers=bearer)

    assert response.status_code == 422
    assert response.json is not None
    assert [*response.json["fields"]] == [field]


def test_a_stale_version_is_refused(
    client: FlaskClient, bearer: dict[str, str], listens: Made
) -> None:
    made = listens()
    here = f"{ROOT}/{made.endpoint.id}"
    client.put(here, json={"name": "First", "version": 1}, headers=bearer)

    response = client.put(here, json={"name": "Second", "version": 1}, headers=bearer)

    assert response.status_code == 409


def test_what_has_not_failed_is_not_told_again(
    client: FlaskClient, bearer: dict[str, str], listens: Made
) -> None:
    made = listens()
    delivery = services.send_test(made.endpoint.id)
    here = f"{ROOT}/{made.endpoint.id}/deliveries/{delivery.id}/retries"

    assert client.post(here, headers=bearer).status_code == 409
    strange = here.replace(f"/{delivery.id}/", "/0/")
    assert client.post(strange, headers=bearer).status_code == 404


def test_the_events_are_listed(client: FlaskClient, bearer: dict[str, str]) -> None:
    response = client.get(f"{ROOT}/events", headers=bearer)

    assert response.json is not None
    assert "order.shipped" in [event["name"] for event in response.json]
