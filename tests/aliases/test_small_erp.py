"""A client of the small ERP changes the address and nothing else."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.services import create_token
from tests.factories import (
    CustomerFactory,
    ProductFactory,
    RoleFactory,
    UserFactory,
    VendorFactory,
)
from tests.stock.conftest import stocked

PASSWORD = "bundled tangerine 42"  # noqa: S105


@pytest.fixture
def client(app: Flask) -> Any:
    user = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='erp')}"
    return client


def test_somebody_signs_in_and_asks(client: Any, app: Flask) -> None:
    person = {"username": "ana", "email": "ana@example.com", "password": PASSWORD}
    client.post("/api/users", json=person | {"first_name": "Ana", "last_name": "María Silva"})

    signed_in = app.test_client().post(
        "/api/auth/login", json={"username": "ana", "password": PASSWORD}
    )
    bearer = {"Authorization": f"Bearer {signed_in.json['access_token']}"}  # type: ignore[index]
    asked = app.test_client().get("/api/products", headers=bearer)

    user: Any = signed_in.json
    assert (user["user"]["first_name"], user["user"]["last_name"]) == ("Ana", "María Silva")
    assert asked.status_code in {200, 403}


def test_a_wrong_password_is_an_error_in_words(app: Flask) -> None:
    answer: Any = app.test_client().post(
        "/api/auth/login", json={"username": "ana", "password": "wrong"}
    )

    assert (answer.status_code, bool(answer.json["error"])) == (401, True)


def test_registering_is_closed_until_it_is_opened(app: Flask) -> None:
    person = {"username": "ana", "email": "ana@example.com", "password": PASSWORD}

    answer = app.test_client().post("/api/auth/register", json=person)

    assert answer.status_code == 403


def test_a_product_has_the_plain_names(client: Any) -> None:
    vendor = VendorFactory.create(name="Acme")
    body = {"sku": "KE-1", "name": "Kettle", "price": "24.9", "reorder_level": "5"}

    made = client.post("/api/products", json=body | {"supplier": "Acme"})
    product = client.get(made.headers["Location"]).json

    assert made.status_code == 201
    assert {name: product[name] for name in body} == body
    assert (product["supplier"], product["quantity"]) == ("Acme", "0")
    assert client.get(f"/api/v1/products/{product['id']}").json["supplier_id"] == vendor.id


def test_what_get_gives_put_takes(client: Any) -> None:
    product = stocked(7, ProductFactory.create(supplier=VendorFactory.create()))
    customer = CustomerFactory.create(region="BE", address_line1="1 Quay")

    for address in (f"/api/products/{product.id}", f"/api/customers/{customer.id}"):
        shown = client.get(address).json
        assert client.put(address, json=shown).json == shown


def test_a_supplier_that_is_not_there_is_named(client: Any) -> None:
    body = {"sku": "KE-1", "name": "Kettle", "supplier": "Nobody"}

    refused = client.post("/api/products", json=body)

    assert (refused.status_code, list(refused.json["fields"])) == (422, ["supplier"])


def test_two_vendors_of_one_name_are_not_guessed(client: Any) -> None:
    VendorFactory.create(name="Acme")
    second = VendorFactory.create(name="Acme")
    body = {"sku": "KE-1", "name": "Kettle"}

    assert client.post("/api/products", json=body | {"supplier": "Acme"}).status_code == 422
    made = client.post("/api/products", json=body | {"supplier": second.code})
    assert made.json["supplier"] == "Acme"


def test_a_page_of_products_takes_as_many_queries_as_one(
    client: Any, queries: list[str]
) -> None:
    ProductFactory.create(supplier=VendorFactory.create())
    client.get("/api/products")
    few = len(queries)
    for _ in range(5):
        ProductFactory.create(supplier=VendorFactory.create())
    queries.clear()

    client.get("/api/products")

    assert len(queries) == few


def test_a_customer_has_the_plain_names(client: Any) -> None:
    body = {
        "name": "Ana",
        "phone": "+49 30 1",
        "address": "1 Quay",
        "city": "Berlin",
        "state": "BE",
        "postal_code": "10115",
        "country": "DE",
    }

    made = client.post("/api/customers", json=body)

    assert made.status_code == 201
    assert {name: made.json[name] for name in body} == body
    assert client.get("/api/customers?q=ana").json["total"] == 1
    assert client.delete(f"/api/customers/{made.json['id']}").status_code == 204


def test_a_person_is_changed_by_half_a_name(client: Any) -> None:
    user = UserFactory.create(name="Ana Silva")

    changed = client.put(f"/api/users/{user.id}", json={"last_name": "Souza"})

    assert (changed.json["first_name"], changed.json["last_name"]) == ("Ana", "Souza")
    assert client.delete(f"/api/users/{user.id}").status_code == 204
    assert client.get(f"/api/users/{user.id}").json["is_active"] is False


def test_what_is_wrong_with_half_a_name_is_said_of_that_half(client: Any) -> None:
    user = UserFactory.create(name="Ana Silva")

    refused = client.put(f"/api/users/{user.id}", json={"first_name": "A\x1cna"})

    assert (refused.status_code, [*refused.json["fields"]]) == (422, ["first_name"])


def test_orders_and_stock_answer_at_the_older_address(client: Any) -> None:
    product = stocked(7)
    customer = CustomerFactory.create()
    body = {
        "customer_id": customer.id,
        "items": [{"product_id": product.id, "quantity": "2"}],
    }

    order = client.post("/api/orders", json=body)
    confirmed = client.post(f"/api/orders/{order.json['id']}/confirm")

    assert (order.status_code, confirmed.json["items"][0]["reserved"]) == (201, "2")
    assert client.get(f"/api/inventory/{product.id}").json["quantity_available"] == "5"
    assert client.get("/api/inventory/low-stock").status_code == 200
