"""The three ways to say who is asking, and the vendor's words for those who may not."""

import time
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from tests.standins.magento import Magento
from tests.standins.magento.client import criteria

pytest_plugins = "tests.standins.magento.fixtures"
AWKWARD = [("updated_at", "gteq", "2024-01-01 10:00:00"), ("sku", "like", "%Ü+&=~*ł/ [x]%")]


def signer(magento: Magento, **other: Any) -> OAuth1:
    """What signs as the integration; `other` replaces what is right."""
    access = magento.access
    given = {
        "client_key": access.consumer_key,
        "client_secret": access.consumer_secret,
        "resource_owner_key": access.access_token,
        "resource_owner_secret": access.access_token_secret,
        "signature_method": "HMAC-SHA256",
    }
    return OAuth1(**given | other)


def ask(magento: Magento, path: str = "orders/3", **more: Any) -> requests.Response:
    return requests.get(f"{magento.url}/rest/V1/{path}", timeout=5, **more)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sign_in(magento: Magento, **other: str) -> requests.Response:
    said = {"username": magento.access.user, "password": magento.access.password} | other
    return requests.post(f"{magento.url}/rest/V1/integration/admin/token", json=said, timeout=5)


@pytest.mark.parametrize("method", ["HMAC-SHA256", "HMAC-SHA1"])
def test_a_signed_request_is_answered(magento: Magento, method: str) -> None:
    answer = ask(magento, auth=signer(magento, signature_method=method))
    assert answer.json()["entity_id"] == 3


def test_the_signature_covers_an_awkward_search(magento: Magento) -> None:
    query = criteria(*[[one] for one in AWKWARD])
    answer = ask(magento, "products", params=query, auth=signer(magento))
    assert answer.status_code == 200
    assert answer.json()["total_count"] == 0


def test_a_signed_body_ships(magento: Magento) -> None:
    key = magento.shop.place_paid([(1, 2)])
    url = f"{magento.url}/rest/default/V1/order/{key}/ship"
    answer = requests.post(url, json={}, auth=signer(magento), timeout=5)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"client_secret": "x"}, 401, "The signature is invalid. Verify and try again."),
        ({"resource_owner_secret": "x"}, 401, "The signature is invalid."),
        ({"client_key": "x"}, 401, "Consumer key is not the correct length"),
        ({"client_key": "x" * 32}, 401, "A consumer having the specified key does not exist"),
        ({"resource_owner_key": "x"}, 401, "The token length is invalid."),
        ({"resource_owner_key": "x" * 32}, 401, "Specified token does not exist"),
        ({"resource_owner_key": None}, 400, "is required. Enter and try again."),
        ({"signature_method": "PLAINTEXT"}, 400, "Signature method %1 is not supported"),
        ({"timestamp": "soon"}, 400, "Incorrect timestamp value"),
        ({"timestamp": str(int(time.time()) + 4000)}, 400, "Incorrect timestamp value"),
    ],
)
def test_what_is_signed_wrongly_is_refused(
    magento: Magento, wrong: dict[str, Any], status: int, said: str
) -> None:
    answer = ask(magento, auth=signer(magento, **wrong))
    assert answer.status_code == status
    assert said in answer.json()["message"]


def test_an_old_timestamp_is_taken_as_the_vendor_does(magento: Magento) -> None:
    old = str(int(time.time()) - 40000)
    assert ask(magento, auth=signer(magento, timestamp=old)).status_code == 200


def test_a_nonce_serves_once(magento: Magento) -> None:
    first, again = (ask(magento, auth=signer(magento, nonce="abc")) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 401)
    assert again.json()["message"].startswith("The nonce is already being used")


def test_a_signature_is_for_one_address_only(magento: Magento) -> None:
    address = f"{magento.url}/rest/V1/orders/3"
    signed = requests.Request("GET", address, auth=signer(magento)).prepare()
    headers = {"Authorization": signed.headers["Authorization"]}
    assert ask(magento, "orders/4", headers=headers).status_code == 401


def test_a_bare_token_is_taken_unless_the_shop_refuses_it(magento: Magento) -> None:
    headers = bearer(magento.access.access_token)
    assert ask(magento, headers=headers).status_code == 200
    magento.access.allows_bearer = False
    assert ask(magento, headers=headers).status_code == 401
    assert ask(magento, auth=signer(magento)).status_code == 200


def test_an_integration_that_is_off_is_refused(magento: Magento) -> None:
    magento.access.is_active = False
    assert ask(magento, headers=bearer(magento.access.access_token)).status_code == 401
    assert ask(magento, auth=signer(magento)).status_code == 401


def test_an_administrators_token_lives_for_four_hours(magento: Magento) -> None:
    headers = bearer(sign_in(magento).json())
    now = time.time()
    magento.shop.clock = lambda: now + 4 * 3600 - 60
    assert ask(magento, headers=headers).status_code == 200
    magento.shop.clock = lambda: now + 4 * 3600 + 60
    assert ask(magento, headers=headers).status_code == 401


def test_an_administrators_tokens_can_be_ended(magento: Magento) -> None:
    headers = bearer(sign_in(magento).json())
    magento.access.expire()
    assert ask(magento, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"password": "x"}, 401, "The account sign-in was incorrect"),
        ({"username": "x"}, 401, "The account sign-in was incorrect"),
        ({"password": ""}, 400, "is required. Enter and try again."),
    ],
)
def test_a_wrong_password_is_refused(
    magento: Magento, wrong: dict[str, str], status: int, said: str
) -> None:
    answer = sign_in(magento, **wrong)
    assert answer.status_code == status
    assert said in answer.json()["message"]


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("orders", "Magento_Sales::actions_view"),
        ("invoices", "Magento_Sales::sales_invoice"),
        ("shipments", "Magento_Sales::shipment"),
        ("products", "Magento_Catalog::products"),
    ],
)
@pytest.mark.parametrize("headers", [{}, bearer("nonsense"), {"Authorization": "Basic eDp5"}])
def test_a_stranger_is_told_what_he_may_not_have(
    magento: Magento, path: str, resource: str, headers: dict[str, str]
) -> None:
    answer = ask(magento, path, headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {
        "message": "The consumer isn't authorized to access %resources.",
        "parameters": {"resources": resource},
    }


def test_a_store_view_in_the_address_changes_nothing_but_must_exist(magento: Magento) -> None:
    headers = bearer(magento.access.access_token)
    addresses = [f"{magento.url}/rest{store}/V1/orders/3" for store in ("", "/polski", "/all")]
    bodies = {requests.get(one, headers=headers, timeout=5).text for one in addresses}
    assert len(bodies) == 1

    nowhere = requests.get(f"{magento.url}/rest/no/V1/orders/3", headers=headers, timeout=5)
    assert nowhere.status_code == 404
    assert nowhere.json() == {"message": "Request does not match any route."}
