"""Signing in: with the vendor's own client, by hand, and when it goes wrong."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError

from tests.standins.quickbooks import QuickBooks

pytest_plugins = "tests.standins.quickbooks.fixtures"
BACK = "http://127.0.0.1:9/callback"


def auth_client(qb: QuickBooks) -> Any:
    discovery = f"{qb.url}/.well-known/openid_configuration"
    return AuthClient(qb.client_id, qb.client_secret, BACK, discovery)


def consent(url: str, button: str) -> dict[str, list[str]]:
    """Press a button of the consent page; gives what comes back with the person."""
    assert "Connect" in requests.get(url, timeout=5).text
    answer = requests.post(url, data={button: ""}, timeout=5, allow_redirects=False)
    assert answer.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def refreshed(qb: QuickBooks, token: str, **headers: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    who = (qb.client_id, qb.client_secret)
    url = f"{qb.url}/oauth2/v1/tokens/bearer"
    return requests.post(url, data=form, auth=who, headers=headers, timeout=5)


def status(qb: QuickBooks, access: str) -> int:
    url = f"{qb.url}/v3/company/{qb.realm}/companyinfo/{qb.realm}"
    headers = {"Authorization": f"Bearer {access}"}
    return requests.get(url, headers=headers, timeout=5).status_code


def test_the_vendors_client_connects_refreshes_and_revokes(qb: QuickBooks) -> None:
    with auth_client(qb) as client:
        back = consent(client.get_authorization_url([Scopes.ACCOUNTING], "abc"), "connect")
        assert (back["state"], back["realmId"]) == (["abc"], [qb.realm])
        client.get_bearer_token(back["code"][0], realm_id=back["realmId"][0])
        assert status(qb, client.access_token) == 200
        assert client.expires_in == 3600
        client.include_refresh_token_hard_expires_in = True
        client.refresh()
        assert client.x_refresh_token_hard_expires_in == 157680000
        assert client.revoke()
        assert status(qb, client.access_token) == 401
        with pytest.raises(AuthClientError):
            client.refresh()


def test_a_person_may_decline(qb: QuickBooks) -> None:
    with auth_client(qb) as client:
        back = consent(client.get_authorization_url([Scopes.ACCOUNTING], "abc"), "cancel")
    assert back == {"error": ["access_denied"], "state": ["abc"]}


def test_a_code_works_once(qb: QuickBooks) -> None:
    with auth_client(qb) as client:
        back = consent(client.get_authorization_url([Scopes.ACCOUNTING], "abc"), "connect")
        client.get_bearer_token(back["code"][0])
        with pytest.raises(AuthClientError, match="invalid_grant"):
            client.get_bearer_token(back["code"][0])


def test_a_code_works_for_five_minutes(qb: QuickBooks) -> None:
    grants, now = qb.state.grants, time.time()
    for seconds, is_good in ((299, True), (301, False)):
        code = grants.code(BACK)
        qb.company.clock = lambda late=now + seconds: late  # type: ignore[misc]
        assert (grants.exchange(code, BACK) is not None) == is_good
        qb.company.clock = time.time


def test_a_code_works_for_the_address_it_was_made_for(qb: QuickBooks) -> None:
    assert qb.state.grants.exchange(qb.state.grants.code(BACK), "http://127.0.0.1/x") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "stranger"),
        ("redirect_uri", "nowhere"),
        ("redirect_uri", "http://127.0.0.1:9/elsewhere"),
        ("response_type", "token"),
        ("scope", "everything"),
        ("scope", ""),
        ("state", ""),
    ],
)
def test_a_wrong_request_for_consent_is_told_to_the_person(
    qb: QuickBooks, name: str, value: str
) -> None:
    qb.redirects.add(BACK)
    right = {
        "client_id": qb.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "com.intuit.quickbooks.accounting openid",
        "state": "abc",
    }
    url = f"{qb.url}/connect/oauth2"
    assert requests.get(url, params=right, timeout=5).status_code == 200

    for method in ("GET", "POST"):
        answer = requests.request(
            method, url, params=right | {name: value}, allow_redirects=False, timeout=5
        )
        assert answer.status_code == 400
        assert f"<code>{name}</code>" in answer.text


def test_rotation_can_be_daily_as_theirs(qb: QuickBooks) -> None:
    _, first = qb.grant()
    qb.rotation = "daily"
    assert refreshed(qb, first).json()["refresh_token"] == first

    tomorrow = time.time() + 86400
    qb.company.clock = lambda: tomorrow
    second = refreshed(qb, first).json()["refresh_token"]

    assert second != first
    assert refreshed(qb, second).json()["refresh_token"] == second
    assert refreshed(qb, first).status_code == 400


def test_rotation_kills_the_old_refresh_token(qb: QuickBooks) -> None:
    _, first = qb.grant()
    assert refreshed(qb, first).json()["refresh_token"] == first
    qb.rotates = True
    second = refreshed(qb, first).json()["refresh_token"]
    assert second != first
    old = refreshed(qb, first)
    assert (old.status_code, old.json()["error"]) == (400, "invalid_grant")
    assert refreshed(qb, second).status_code == 200
    assert qb.refresh_count == 3


def test_the_hard_end_is_told_only_when_asked_for(qb: QuickBooks) -> None:
    _, token = qb.grant()
    assert "x_refresh_token_hard_expires_in" not in refreshed(qb, token).json()


def test_a_wrong_secret_is_refused(qb: QuickBooks) -> None:
    url = f"{qb.url}/oauth2/v1/tokens/bearer"
    answer = requests.post(url, data={}, auth=(qb.client_id, "wrong"), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_access_tokens_end(qb: QuickBooks) -> None:
    access, refresh = qb.grant()
    assert status(qb, access) == 200
    qb.expire()
    assert status(qb, access) == 401
    qb.access_seconds = 0
    assert status(qb, refreshed(qb, refresh).json()["access_token"]) == 401
