"""The QuickBooks search service's own calls, as API.md fixes them."""

from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.db import db
from app.integrations.hub.models import Connection
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory
from tests.integrations.conftest import Sync, work
from tests.standins.quickbooks import QuickBooks

VIEWS = ("customers.view", "vendors.view", "products.view", "products.costs", "invoices.view")

SLEEP = "app.integrations.systems.quickbooks.api.time.sleep"


@pytest.fixture
def synced(quickbooks: QuickBooks, sync: Sync) -> QuickBooks:
    sync()
    return quickbooks


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    return sign_in(*VIEWS)


def program(app: Flask, *permissions: str) -> FlaskClient:
    user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='test')}"
    return client


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_json()


def invoice_with_po(quickbooks: QuickBooks) -> tuple[dict[str, Any], str]:
    for invoice in quickbooks.company.objects("Invoice"):
        for field in invoice.get("CustomField", []):
            if field.get("StringValue"):
                return invoice, field["StringValue"]
    raise LookupError


def test_invoices_are_found_by_number_customer_and_order_number(
    synced: QuickBooks, reader: FlaskClient
) -> None:
    invoice, order_number = invoice_with_po(synced)
    name = invoice["CustomerRef"]["name"]

    for term in (invoice["DocNumber"], name[:8], order_number):
        found = get(reader, f"/api/search/invoices?q={term}&limit=100")
        assert invoice["DocNumber"] in [hit["number"] for hit in found["results"]]
    hit = get(reader, f"/api/search/invoices?q={invoice['DocNumber']}")["results"][0]
    assert (hit["name"], hit["type"], hit["active"]) == (invoice["DocNumber"], "invoice", True)
    assert hit["total"] == float(invoice["TotalAmt"])
    assert hit["customer"] == name


def test_order_numbers_have_an_index_of_their_own(
    synced: QuickBooks, reader: FlaskClient
) -> None:
    invoice, order_number = invoice_with_po(synced)

    found = get(reader, f"/api/search/client_pos?q={order_number}")
    by_name = get(reader, f"/api/search/client_pos?q={invoice['CustomerRef']['name']}")

    assert found["results"][0]["name"] == order_number
    assert found["total"] == len(found["results"])
    assert by_name["results"] == []


@pytest.mark.parametrize("written", ["{}", "{lower}", "{bare}"])
def test_case_and_dashes_do_not_matter(
    synced: QuickBooks, reader: FlaskClient, written: str
) -> None:
    _invoice, number = invoice_with_po(synced)
    term = written.format(number, lower=number.lower(), bare=number.replace("-", ""))

    assert get(reader, f"/api/search/client_pos?q={term}")["results"][0]["name"] == number


def test_what_was_mirrored_is_in_the_older_indexes(
    synced: QuickBooks, reader: FlaskClient
) -> None:
    item = next(o for o in synced.company.objects("Item") if o.get("Sku"))
    customer = synced.company.objects("Customer")[0]

    part = get(reader, f"/api/search/part_numbers?q={item['Sku']}")["results"][0]
    client = get(reader, f"/api/search/client_names?q={customer['DisplayName'][:12]}")

    assert part["sku"] == item["Sku"]
    assert client["results"]


def test_invoices_take_a_permission(synced: QuickBooks, sign_in: SignIn) -> None:
    get(sign_in("products.view"), "/api/search/invoices?q=1", 403)
    get(sign_in("products.view"), "/api/data/invoices", 403)


def test_the_cache_says_how_much_it_holds(synced: QuickBooks, reader: FlaskClient) -> None:
    said = get(reader, "/api/cache/status")

    assert set(said) == {
        "last_updated",
        "customers_count",
        "vendors_count",
        "items_count",
        "invoices_count",
    }
    assert said["items_count"] == len(synced.company.objects("Item"))
    assert said["last_updated"] is not None


def test_an_empty_cache_says_so(reader: FlaskClient) -> None:
    said = get(reader, "/api/cache/status")

    assert (said["last_updated"], said["customers_count"]) == (None, 0)


def test_a_refresh_starts_a_sync(app: Flask, connection: Connection) -> None:
    answer = program(app, "integrations.sync").post("/api/cache/refresh")

    assert answer.status_code == 202
    assert set(answer.get_json()) == {"message", "job_id"}
    work()
    assert get(program(app), "/api/cache/status")["last_updated"] is not None


def test_who_waits_hears_when_it_is_done(
    app: Flask, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SLEEP, lambda _seconds: work())

    answer = program(app, "integrations.sync").post("/api/cache/refresh?wait=1")

    assert (answer.status_code, answer.get_json()) == (
        200,
        {"message": "Cache refreshed successfully"},
    )


def test_who_waits_hears_why_it_failed(
    app: Flask,
    quickbooks: QuickBooks,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quickbooks.expire()
    quickbooks.faults.add("invalid_grant", times=9)
    monkeypatch.setattr(SLEEP, lambda _seconds: work())

    answer = program(app, "integrations.sync").post("/api/cache/refresh?wait=1")

    assert answer.status_code == 503
    assert "Connect again" in answer.get_json()["error"]


def test_without_a_connection_there_is_nothing_to_refresh(app: Flask) -> None:
    answer = program(app, "integrations.sync").post("/api/cache/refresh")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "not_connected")


def test_the_configuration_shows_no_secret(
    app: Flask, quickbooks: QuickBooks, connection: Connection
) -> None:
    said = get(program(app, "integrations.manage"), "/api/config")

    assert said["company_id"] == quickbooks.realm
    assert said["client_id"] == f"{quickbooks.client_id[:10]}..."
    assert (said["has_access_token"], said["has_refresh_token"]) == (True, True)
    assert said["token_expires_at"] is not None
    assert quickbooks.client_secret not in str(said)


def test_before_anything_is_set_up_the_configuration_is_empty(app: Flask) -> None:
    said = get(program(app, "integrations.manage"), "/api/config")

    assert said == {
        "company_id": None,
        "client_id": None,
        "has_access_token": False,
        "has_refresh_token": False,
        "token_expires_at": None,
    }


def test_the_configuration_is_for_who_manages(app: Flask) -> None:
    get(program(app, "integrations.view", "integrations.sync"), "/api/config", 403)


def test_health_knows_whether_quickbooks_is_connected(app: Flask, synced: QuickBooks) -> None:
    said = get(app.test_client(), "/api/health")

    assert (said["status"], said["authenticated"]) == ("healthy", True)
    assert said["cache_age_minutes"] < 1


def test_health_without_quickbooks(app: Flask) -> None:
    said = get(app.test_client(), "/api/health")

    assert (said["authenticated"], said["cache_age_minutes"]) == (False, None)


def test_the_indexes_count_invoices_too(synced: QuickBooks, reader: FlaskClient) -> None:
    said = get(reader, "/api/indexes/status")

    assert said["indexes"]["invoices"] == len(synced.company.objects("Invoice"))
    assert {"client_pos", "invoices"} <= set(said["available_indexes"])


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("customers", "Customer"),
        ("vendors", "Vendor"),
        ("items", "Item"),
        ("invoices", "Invoice"),
    ],
)
def test_the_data_are_as_quickbooks_has_them(
    synced: QuickBooks, reader: FlaskClient, name: str, entity: str
) -> None:
    said = get(reader, f"/api/data/{name}?limit=3")

    assert len(said) == 3
    for record in said:
        assert record["Id"] in [one["Id"] for one in synced.company.objects(entity)]
        assert record == synced.company.get(entity, record["Id"])


def test_costs_of_items_take_a_permission(app: Flask, synced: QuickBooks) -> None:
    said = get(program(app, "products.view"), "/api/data/items?limit=3")

    assert len(said) == 3
    theirs = [synced.company.get("Item", item["Id"]) for item in said]
    assert any("PurchaseCost" in item for item in theirs)
    assert said == [{n: v for n, v in t.items() if n != "PurchaseCost"} for t in theirs]


def test_there_are_no_other_data(reader: FlaskClient) -> None:
    get(reader, "/api/data/secrets", 404)


@pytest.mark.parametrize("limit", ["0", "x", "-1"])
def test_a_limit_is_a_number(reader: FlaskClient, limit: str) -> None:
    get(reader, f"/api/data/items?limit={limit}", 400)


def test_the_command_bar_finds_invoices(synced: QuickBooks, reader: FlaskClient) -> None:
    invoice, _number = invoice_with_po(synced)
    name = invoice["CustomerRef"]["name"]

    page = unescape(reader.get("/search", query_string={"q": name}).text)
    by_number = reader.get("/search", query_string={"q": invoice["DocNumber"]})

    assert "Invoices" in page
    assert invoice["DocNumber"] in page
    assert by_number.location.startswith("/invoices/")


def test_a_disconnected_company_counts_no_more(
    session: Session, synced: QuickBooks, reader: FlaskClient, connection: Connection
) -> None:
    connection.state = "disconnected"
    session.commit()

    assert get(reader, "/api/cache/status")["items_count"] == 0
    assert get(reader, "/api/data/items") == []
    db.session.rollback()
