"""The named indexes, as programs ask them."""

import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.factories import (
    BarcodeFactory,
    CustomerFactory,
    ProductFactory,
    VendorFactory,
)


def test_a_product_is_found_with_its_sku_and_its_price_as_a_number(sign_in: SignIn) -> None:
    product = ProductFactory.create(sku="OAT-1", name="Oat drink", price="2.5")

    answer = sign_in("products.view").get("/api/search/product_names?q=oat")

    assert answer.get_json() == {
        "query": "oat",
        "results": [
            {
                "id": product.id,
                "name": "Oat drink",
                "type": "item",
                "active": True,
                "sku": "OAT-1",
                "unit_price": 2.5,
            }
        ],
        "total": 1,
    }


@pytest.mark.parametrize(
    ("index", "kind", "factory"),
    [
        ("client_names", "customer", CustomerFactory),
        ("vendor_names", "vendor", VendorFactory),
    ],
)
def test_customers_and_vendors_show_company_and_email(
    sign_in: SignIn, index: str, kind: str, factory: type[CustomerFactory]
) -> None:
    record = factory.create(name="Zoë", company="Bakery Ltd", email="zoe@example.com")

    answer = sign_in(f"{kind}s.view").get(f"/api/search/{index}?q=bakery")

    assert answer.get_json()["results"] == [
        {
            "id": record.id,
            "name": "Zoë",
            "type": kind,
            "active": True,
            "company": "Bakery Ltd",
            "email": "zoe@example.com",
        }
    ]


def test_what_is_inactive_says_so(sign_in: SignIn) -> None:
    ProductFactory.create(name="Old kettle", is_active=False)

    answer = sign_in("products.view").get("/api/search/part_names?q=kettle")

    assert [hit["active"] for hit in answer.get_json()["results"]] == [False]


def test_fifteen_are_given_unless_more_are_asked_for_and_never_above_a_hundred(
    sign_in: SignIn,
) -> None:
    ProductFactory.create_batch(103, name="Mug")
    client = sign_in("products.view")

    def total(asked: str) -> int:
        return client.get(f"/api/search/product_names?q=mug{asked}").get_json()["total"]

    assert [total(""), total("&limit=3"), total("&limit=500")] == [15, 3, 100]


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1.5", "²"])
def test_a_limit_that_is_no_number_is_refused(sign_in: SignIn, limit: str) -> None:
    answer = sign_in("products.view").get(f"/api/search/product_names?q=mug&limit={limit}")

    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20"])
def test_an_empty_term_is_refused(sign_in: SignIn, query: str) -> None:
    answer = sign_in("products.view").get(f"/api/search/product_names{query}")

    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("index", ["nothing", "everything"])
def test_an_unknown_index_is_not_found(sign_in: SignIn, index: str) -> None:
    assert sign_in("products.view").get(f"/api/search/{index}?q=x").status_code == 404


@pytest.mark.parametrize(
    ("index", "needed"),
    [
        ("client_names", "customers.view"),
        ("vendor_names", "vendors.view"),
        ("product_names", "products.view"),
        ("product_descriptions", "products.view"),
        ("part_names", "products.view"),
        ("part_numbers", "products.view"),
    ],
)
def test_each_index_takes_the_permission_of_its_area(
    sign_in: SignIn, index: str, needed: str
) -> None:
    others = {"products.view", "customers.view", "vendors.view"} - {needed}

    assert sign_in(needed).get(f"/api/search/{index}?q=x").status_code == 200
    assert sign_in(*others).get(f"/api/search/{index}?q=x").status_code == 403


def test_a_stranger_hears_that_a_token_is_needed(app: Flask) -> None:
    assert app.test_client().get("/api/search/product_names?q=x").status_code == 401


def test_one_statement_answers_a_search(sign_in: SignIn, queries: list[str]) -> None:
    client = sign_in("products.view")
    client.get("/api/search/product_names?q=mug")
    queries.clear()

    client.get("/api/search/product_names?q=mug")

    assert len([query for query in queries if "search_products" in query]) == 1
    assert len(queries) == 1


def test_the_status_counts_what_the_caller_may_search(sign_in: SignIn) -> None:
    BarcodeFactory.create()
    CustomerFactory.create_batch(2)

    everything = sign_in("products.view", "customers.view", "vendors.view")
    answer = everything.get("/api/indexes/status").get_json()
    less = sign_in("customers.view").get("/api/indexes/status").get_json()

    assert answer["indexes"] == {
        "client_names": 2,
        "vendor_names": 0,
        "product_names": 1,
        "product_descriptions": 1,
        "part_names": 1,
        "part_numbers": 1,
    }
    assert answer["total_indexed_items"] == 3
    assert less == {
        "indexes": {"client_names": 2},
        "total_indexed_items": 2,
        "available_indexes": ["client_names"],
    }
