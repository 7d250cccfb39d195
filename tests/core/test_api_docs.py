"""The API as it describes itself."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import services as accounts
from app.accounts.rate_limits import Limits
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory

HERE = "https://shop.example"


@pytest.fixture
def document(sign_in: SignIn) -> dict[str, Any]:
    answer = sign_in().get("/api/openapi.json")
    assert answer.json is not None
    return dict(answer.json)


@pytest.fixture
def shared(app: Flask) -> FlaskClient:
    """Make an application that pages of another origin may call."""
    return create_app(app.config | {"CORS_ORIGINS": [HERE], "TESTING": True}).test_client()


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_the_pages_run_scripts_of_ours_only(sign_in: SignIn, path: str) -> None:
    response = sign_in().get(path)

    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "'unsafe-inline'; worker-src blob:;" in policy
    assert not re.findall(r"(?:src|href)=[\"']https?:", response.text)


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc", "/api/openapi.json"])
def test_strangers_see_no_api(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 401


def test_the_document_says_how_to_sign_in(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]

    assert schemes == {"bearer": {"type": "http", "scheme": "bearer"}}
    assert document["security"] == [{"bearer": []}]


def test_every_operation_says_what_it_does_and_how_it_refuses(
    document: dict[str, Any],
) -> None:
    operations = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]

    assert len(operations) > 5
    assert [o for o in operations if not o.get("summary")] == []
    assert [o for o in operations if "default" in o["responses"]] == []
    assert [o for o in operations if "503" not in o["responses"]] == []
    refusal = document["components"]["responses"]["Conflict"]
    assert refusal["content"]["application/json"]["schema"]["$ref"].endswith("/Error")


def test_every_path_of_the_api_is_described(app: Flask, document: dict[str, Any]) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    pages = {"/api/docs", "/api/redoc", "/api/openapi.json"}
    described = {re.sub(r"{\w+}", "*", path) for path in document["paths"]}

    paths = {re.sub(r"<[^>]+>", "*", rule.rule) for rule in rules} - pages

    assert paths - described == set()


def test_another_origin_may_ask_if_it_is_configured(shared: FlaskClient) -> None:
    headers = {
        "Origin": HERE,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "Authorization",
    }

    answer = shared.options("/api/v1/settings", headers=headers)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == HERE
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_another_origin_may_read_versions_and_how_to_sign_in(shared: FlaskClient) -> None:
    answer = shared.get("/api/health", headers={"Origin": HERE})

    exposed = {
        name.strip() for name in answer.headers["Access-Control-Expose-Headers"].split(",")
    }
    assert {"ETag", "Location", "Retry-After", "WWW-Authenticate"} <= exposed


@pytest.mark.committed
def test_a_program_in_a_page_of_another_origin_reads_what_the_api_says_in_headers(
    shared: FlaskClient,
) -> None:
    """The application is another one, so what it is to see has to be committed."""
    shared.application.extensions["limits"] = Limits(shared.application.config["REDIS_URL"], 2)
    role = RoleFactory.create(permissions=["products.view", "products.edit"])
    token = accounts.create_token(UserFactory.create(role=role), name="shop")
    headers = {"Origin": HERE, "Authorization": f"Bearer {token}"}
    told = {201: {"ETag", "Location"}, 401: {"WWW-Authenticate"}, 200: {"ETag"}}
    told[429] = {"Retry-After"}

    made = shared.post("/api/v1/products", json={"sku": "A", "name": "B"}, headers=headers)
    place = made.headers["Location"]
    wrong = shared.get(place, headers=headers | {"Authorization": "Bearer wrong"})
    [read, late] = [shared.get(place, headers=headers) for _ in range(2)]

    answers = {201: made, 401: wrong, 200: read, 429: late}
    for status, answer in answers.items():
        assert answer.status_code == status, answer.text
        assert answer.headers["Access-Control-Allow-Origin"] == HERE
        exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert told[status] <= {*answer.headers.keys()}
        assert told[status] <= {*exposed}


def test_pages_are_not_shared_with_other_origins(shared: FlaskClient) -> None:
    answer = shared.get("/health", headers={"Origin": HERE})

    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_unknown_origins_are_not_named(shared: FlaskClient, origin: str) -> None:
    answer = shared.get("/api/health", headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_origin_is_allowed_by_default(app: Flask) -> None:
    answer = app.test_client().get("/api/health", headers={"Origin": HERE})

    assert "Access-Control-Allow-Origin" not in answer.headers
