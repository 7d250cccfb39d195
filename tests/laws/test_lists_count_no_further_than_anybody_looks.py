"""A list says how long it is as far as anybody looks: to count on costs more than its page."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.core import totals
from tests.conftest import client_of, contract_of
from tests.factories import CustomerFactory, RoleFactory, UserFactory
from tests.test_permissions import CATALOGUE, program

WHOLE = re.compile(r"SELECT count\(\*\) AS count_1\s+FROM (?!\(SELECT.*LIMIT)", re.DOTALL)
# What is counted on the way to a list, and is not how long it is.
OTHERWISE = {
    "picking.index": "tiles of a board: orders of this moment",
    "pick.index": "tiles of a board: orders of this moment",
}


def lists_of(app: Flask) -> Iterator[tuple[str, str]]:
    """Every list of the pages and of the API that needs no record, at its second page."""
    pages = {one.endpoint for one in app.extensions["lists"].values()}
    for rule in app.url_map.iter_rules():
        is_call = rule.endpoint.partition(".")[0] in app.extensions["flask-smorest"][
            "blp_name_to_api"
        ] and "GET" in (rule.methods or ())
        if not rule.arguments and (is_call or rule.endpoint in pages):
            yield rule.endpoint, rule.rule


def test_no_list_is_counted_to_its_end(app: Flask, queries: list[str]) -> None:
    user = UserFactory.create(role=RoleFactory.create(permissions=sorted(CATALOGUE)))
    pages, calls = client_of(app, user), program(app, user)
    counted, wrong = set(), set()

    for endpoint, path in lists_of(app):
        queries.clear()
        client = calls if path.startswith("/api/") else pages
        client.get(f"{path}?page=2", headers={"Accept": "*/*"})
        if any("count(*)" in one for one in queries):
            counted.add(endpoint)
        if any(WHOLE.match(one) for one in queries):
            wrong.add(endpoint)

    assert wrong - OTHERWISE.keys() == set()
    # Else this law would pass by looking nowhere.
    assert {"products.index", "products_api.list_products", "orders.index"} <= counted


def test_whoever_says_a_total_says_whether_it_is_exact(app: Flask) -> None:
    schemas = contract_of(app).document["components"]["schemas"]
    lists = {
        name: one["properties"]
        for name, one in schemas.items()
        if {"items", "total"} <= one.get("properties", {}).keys()
        and "integer" in one["properties"]["total"]["type"]
    }

    assert [name for name, one in lists.items() if "total_is_exact" not in one] == []
    assert len(lists) > 50


def test_what_is_longer_is_said_to_be(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory.create(role=RoleFactory.create(permissions=["customers.view"]))
    CustomerFactory.create_batch(4)
    monkeypatch.setattr(totals, "COUNTED", 3)

    short = program(app, user).get("/api/v1/customers?per_page=2").get_json()
    last = program(app, user).get("/api/v1/customers?per_page=3&page=2").get_json()

    assert (short["total"], short["total_is_exact"]) == (3, False)
    assert (len(last["items"]), last["total"], last["total_is_exact"]) == (1, 3, False)


def test_what_fits_is_said_exactly(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory.create(role=RoleFactory.create(permissions=["customers.view"]))
    CustomerFactory.create_batch(4)
    monkeypatch.setattr(totals, "COUNTED", 4)

    said = program(app, user).get("/api/v1/customers?per_page=2").get_json()

    assert (said["total"], said["total_is_exact"]) == (4, True)
