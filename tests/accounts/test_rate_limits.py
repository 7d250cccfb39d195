"""So many requests a minute, of a person and of an address."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rate_limits import CHEAP, UNCOUNTED, Limits
from tests.conftest import client_of
from tests.core.conftest import no_redis

__all__ = ["no_redis"]


@pytest.fixture
def few(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten requests a minute of a person, two of a stranger, one that is costly."""
    counted = Limits(app.config["REDIS_URL"], 10)
    monkeypatch.setitem(app.extensions, "limits", counted)


def statuses(client: FlaskClient, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("path", ["/account", "/api/v1/auth/me"])
def test_a_person_has_so_many_a_minute_wherever_they_sign_in(
    app: Flask, robin: User, admin: User, path: str
) -> None:
    one, other = client_of(app, robin), client_of(app, robin)

    assert statuses(one, path, 10) == [200] * 10
    assert statuses(other, path, 1) == [429]
    assert statuses(client_of(app, admin), path, 1) == [200]


@pytest.mark.usefixtures("few")
def test_strangers_share_what_their_address_has(app: Flask) -> None:
    here = {"REMOTE_ADDR": "203.0.113.7"}
    heard = [app.test_client().get("/session/new", environ_overrides=here) for _ in range(3)]
    elsewhere = app.test_client().get("/session/new")

    assert [answer.status_code for answer in heard] == [200, 200, 429]
    assert 0 < int(heard[-1].headers["Retry-After"]) <= 60
    assert elsewhere.status_code == 200


@pytest.mark.usefixtures("few")
def test_what_costs_a_hash_has_a_smaller_budget(client: FlaskClient, robin: User) -> None:
    wrong = {"username": "robin", "password": "wrong"}

    answers = [client.post("/api/v1/auth/login", json=wrong) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [401, 429]
    assert (answers[1].json or {})["code"] == "too_many_requests"


@pytest.mark.usefixtures("few", "no_redis")
def test_without_redis_each_process_counts_by_itself(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Limits("unix:///nowhere.sock", 10)
    monkeypatch.setitem(app.extensions, "limits", away)

    assert statuses(app.test_client(), "/session/new", 3) == [200, 200, 429]
    assert away._away_until > time.monotonic()  # it is not asked for each request


def test_the_addresses_named_are_there(app: Flask) -> None:
    assert (CHEAP | UNCOUNTED) - app.view_functions.keys() == set()


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("path", ["/api/auth/login", "/api/v1/auth/refresh", "/session"])
def test_all_that_a_stranger_may_send_is_costly(client: FlaskClient, path: str) -> None:
    statuses = [client.post(path, json={}).status_code for _ in range(2)]

    assert statuses == [422, 429]
