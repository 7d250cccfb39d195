"""The stand-in is held to the vendor's own schemas and recordings."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from intuitlib.client import AuthClient

from tests.standins.exchanges import Exchange
from tests.standins.quickbooks import QuickBooks, envelopes, schemas, vendor
from tests.standins.quickbooks.company import ENTITIES
from tests.standins.quickbooks.grammar import parse

pytest_plugins = "tests.standins.quickbooks.fixtures"
pytestmark = pytest.mark.skipif(
    not vendor.AVAILABLE, reason="../shared/specs/qbo or jsonschema-rs is absent"
)


def recorded() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(
        (schemas.SPECS / "recorded_exchanges.json").read_text()
    )
    return read


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_generated_object_is_valid_by_the_vendors_schema(entity: str) -> None:
    made = QuickBooks(items=400, customers=120, vendors=50, invoices=200, others=20, seed=7)
    objects = made.company.objects(entity)
    assert objects
    assert [p for one in objects for p in schemas.object_problems(entity, one)] == []


def test_the_schemas_find_an_unknown_field_and_a_wrong_type() -> None:
    assert schemas.object_problems("Item", {"Id": 7})
    assert schemas.object_problems("Item", {"Nonsense": "7"})
    assert schemas.object_problems("PurchaseOrder", {"Nonsense": "7"})
    assert not schemas.object_problems("PurchaseOrder", {"Id": "7", "VendorRef": {}})


def test_the_grammar_takes_every_recorded_query() -> None:
    queries = [parse_qs(urlsplit(one["uri"]).query).get("query") for one in recorded()]
    asked = [text[0] for text in queries if text]
    assert len(asked) > 10
    for text in asked:
        assert parse(text).entity


def test_recorded_queries_of_our_entities_are_answered_in_the_recorded_shape(
    qb: QuickBooks, qb_client: requests.Session
) -> None:
    url = f"{qb.url}/v3/company/{qb.realm}/query"
    for one in recorded():
        text = parse_qs(urlsplit(one["uri"]).query).get("query", [""])[0]
        if "FROM Customer" in text or "FROM Vendor" in text or "Custmoer" in text:
            answer = qb_client.get(url, params={"query": text})
            assert answer.status_code == one["status"]
            assert answer.json().keys() == one["json"].keys()


def test_a_401_has_the_recorded_fields(qb: QuickBooks) -> None:
    wanted = next(one for one in recorded() if one["status"] == 401)["json"]
    answer = requests.get(f"{qb.url}/v3/company/{qb.realm}/customer/1", timeout=5)
    assert answer.status_code == 401
    assert answer.json().keys() == wanted.keys()
    assert answer.json()["fault"].keys() == wanted["fault"].keys()
    assert answer.json()["fault"]["error"][0].keys() == wanted["fault"]["error"][0].keys()


def test_what_the_stand_in_answers_has_no_problems(
    qb: QuickBooks, qb_client: requests.Session
) -> None:
    base = f"{qb.url}/v3/company/{qb.realm}"
    qb.company.delete("Bill", "3")
    for entity in ENTITIES:
        qb_client.get(f"{base}/query", params={"query": f"SELECT * FROM {entity}"})  # noqa: S608
        qb_client.get(f"{base}/query", params={"query": f"SELECT COUNT(*) FROM {entity}"})  # noqa: S608
        qb_client.get(f"{base}/{entity.lower()}/1?minorversion=75")
    since = qb.company.get("Item", "20")["MetaData"]["CreateTime"]
    qb_client.get(f"{base}/companyinfo/{qb.realm}")
    qb_client.get(f"{base}/cdc", params={"entities": "Bill,Item", "changedSince": since})
    assert len(qb.exchanges) == 3 * len(ENTITIES) + 2
    assert [problem for one in qb.exchanges for problem in vendor.problems(one)] == []


READS = {"Accept": "application/json"}
WRITES = READS | {"Content-Type": "application/x-www-form-urlencoded"}
BEARER, REVOKE = "/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke"
REFRESH = b"grant_type=refresh_token&refresh_token=x"


def exchange(path: str, query: dict[str, str]) -> Exchange:
    return Exchange("GET", path, query, READS, b"", 429, b"", "too_many", "Bearer")


def signing_in(path: str, body: bytes) -> Exchange:
    return Exchange("POST", path, {}, WRITES, body, 500, b"", "token_500", "Basic")


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/v3/company/1/nonsense", {}, "path"),
        ("/v3/company/1/query", {"query": "SELECT * FROM Item", "x": "1"}, "parameter x"),
        ("/v3/company/1/query", {"query": "SELECT * FROM Item MAXRESULTS 1001"}, "range"),
        ("/v3/company/1/item/1", {"minorversion": "new"}, "minorversion"),
        (
            "/v3/company/1/cdc",
            {"entities": "Item", "changedSince": "2025-01-01T00:00:00"},
            "off",
        ),
        ("/v3/company/1/cdc", {"entities": "Item", "changedSince": "today"}, "ISO"),
        ("/v3/company/1/cdc", {"entities": "Toy", "changedSince": "2025-01-01T00:00Z"}, "Toy"),
    ],
)
def test_a_wrong_request_is_a_problem(path: str, query: dict[str, str], said: str) -> None:
    (problem,) = vendor.problems(exchange(path, query))
    assert said in problem


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scheme": "Basic"}, "not signed in by Bearer"),
        ({"headers": {}}, "does not accept JSON"),
        ({"method": "POST"}, "method POST"),
    ],
)
def test_a_wrong_manner_is_a_problem(wrong: dict[str, Any], said: str) -> None:
    good = exchange("/v3/company/1/companyinfo/1", {})
    assert vendor.problems(good) == []

    (problem,) = vendor.problems(replace(good, **wrong))

    assert said in problem


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scheme": ""}, "not signed in by Basic"),
        ({"headers": READS}, "not sent as a form"),
        ({"method": "PUT"}, "method PUT"),
        ({"body": b"grant_type=password"}, "grant_type 'password'"),
        ({"path": REVOKE, "body": b"{}"}, "token is missing"),
    ],
)
def test_a_wrong_sign_in_is_a_problem(wrong: dict[str, Any], said: str) -> None:
    good = signing_in(BEARER, REFRESH)
    assert vendor.problems(good) == []

    (problem,) = vendor.problems(replace(good, **wrong))

    assert said in problem


@pytest.mark.parametrize("body", [b'{"token": "x"}', b"token=x"])
def test_a_revocation_names_its_token_in_either_way(body: bytes) -> None:
    assert vendor.problems(signing_in(REVOKE, body)) == []


def test_the_vendors_own_client_keeps_to_its_rules(qb: QuickBooks) -> None:
    with AuthClient(
        qb.client_id,
        qb.client_secret,
        "http://127.0.0.1:9/",
        f"{qb.url}/.well-known/openid_configuration",
    ) as client:
        client.refresh(refresh_token=qb.grant()[1])
        client.revoke()

    assert [one.path for one in qb.exchanges] == [BEARER, REVOKE]
    assert [problem for one in qb.exchanges for problem in vendor.problems(one)] == []


@pytest.mark.parametrize(
    "error", [{}, {"Fault": {"type": "x"}}, {"fault": {"type": "x", "error": [{}]}}]
)
def test_an_error_without_its_parts_is_a_problem(error: Any) -> None:
    assert envelopes.problems("/v3/company/1/query", 400, error)


@pytest.mark.parametrize("status", [400, 401])
def test_recorded_errors_have_no_problem(status: int) -> None:
    errors = [one["json"] for one in recorded() if one["status"] == status]

    assert errors
    assert [envelopes.problems("/v3/company/1/query", status, one) for one in errors] == [
        [] for _ in errors
    ]


def test_a_wrong_token_form_is_a_problem() -> None:
    assert vendor.token_problems("grant_type=refresh_token&refresh_token=x") == []
    assert vendor.token_problems("grant_type=refresh_token&scope=x") == [
        "refresh_token is missing",
        "unknown field scope",
    ]
