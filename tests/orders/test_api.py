"""Orders for programs: the shape of API.md, its filters, its steps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import services as accounts
from app.catalog.models import Product
from app.orders import services
from app.orders.models import ItemDraft, SalesOrder
from tests.factories import CustomerFactory, ProductFactory, RoleFactory, UserFactory
from tests.orders.conftest import confirmed, drafted, held, on_hand, stocked

ROOT = "/api/v1/orders"
ALL = ("view", "edit", "confirm", "cancel", "ship", "return")
Call = Callable[..., TestResponse]


@pytest.fixture
def call(app: Flask) -> Call:
    """Call the API as a program that may do everything with orders."""
    role = RoleFactory.create(permissions=[f"orders.{verb}" for verb in ALL])
    token = accounts.create_token(UserFactory.create(role=role), name="test")

    def call(method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token}", **named}
        return app.test_client().open(path, method=method, json=body, headers=bearer)

    return call


def at(order: SalesOrder, step: str = "") -> str:
    return f"{ROOT}/{order.id}{step and '/' + step}"


def data(response: TestResponse) -> Any:
    return response.json


def test_an_order_is_written_and_read_in_the_shape_of_the_contract(
    call: Call, product: Product
) -> None:
    customer = CustomerFactory.create(currency="EUR")
    body = {
        "customer_id": customer.id,
        "order_date": "2026-03-01",
        "customer_po": "PO-7",
        "tax_rate": "10",
        "items": [{"sku": "P-1", "quantity": "2"}],
        "shipping_address": {"street": "1 Quay", "country": "de"},
    }

    made = call("POST", ROOT, body)

    assert made.status_code == 201
    assert made.headers["Location"] == f"{ROOT}/{data(made)['id']}"
    read = data(call("GET", made.headers["Location"]))
    assert read == data(made)
    [item] = read.pop("items")
    assert item == {
        "id": item["id"],
        "product_id": product.id,
        "sku": "P-1",
        "description": "Paper filters",
        "quantity": "2",
        "unit_price": "5",
        "tax_rate": "10",
        "discount": "",
        "is_free": False,
        "components": [],
        "total": "10",
        "reserved": "0",
        "from_vendor": "0",
        "picked": "0",
        "shipped": "0",
        "cancelled": "0",
        "returned": "0",
    }
    said = {
        "customer_id": customer.id,
        "status": "draft",
        "order_date": "2026-03-01",
        "delivery_date": None,
        "customer_po": "PO-7",
        "currency": "EUR",
        "subtotal": "10",
        "tax": "1",
        "total_amount": "11",
        "notes": "",
        "version": 1,
        "channel": "api",
    }
    assert {name: read[name] for name in said} == said
    assert read["order_number"].startswith("SO-")
    assert read["shipping_address"]["country"] == "DE"


def test_the_same_key_writes_one_order(call: Call, product: Product) -> None:
    body = {"customer_id": CustomerFactory.create().id}

    answers = [call("POST", ROOT, body, Idempotency_Key="one") for _ in range(2)]

    assert data(answers[0]) == data(answers[1])
    assert data(call("GET", ROOT))["total"] == 1


def test_a_change_of_an_old_version_is_refused_with_both_values(
    call: Call, product: Product
) -> None:
    order = drafted((product, 1))
    call("PUT", at(order), {"notes": "first", "version": 1})

    refused = call("PUT", at(order), {"notes": "second", "version": 1})

    assert refused.status_code == 409
    assert data(refused)["code"] == "stale_version"
    assert data(refused)["fields"]["notes"] == ["It is first now; you sent second."]


def test_a_change_takes_its_version_from_if_match(call: Call, product: Product) -> None:
    order = drafted((product, 1))

    changed = call("PUT", at(order), {"notes": "hello"}, If_Match='"1"')

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


def test_items_that_are_sent_are_all_the_lines(call: Call, product: Product) -> None:
    order = drafted((product, 1), (product, 2))
    kept = order.lines[1].id

    changed = call("PUT", at(order), {"items": [{"id": kept, "sku": "P-1", "quantity": "3"}]})

    [item] = data(changed)["items"]
    assert (item["id"], item["quantity"], item["unit_price"]) == (kept, "3", "10")
    assert data(changed)["total_amount"] == "30"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "customer_id"),
        ({"customer_id": 0}, "customer_id"),
        ({"customer_id": 1, "items": [{"sku": "P-1", "quantity": "-1"}]}, "items.0.quantity"),
        ({"customer_id": 1, "items": [{"sku": "P-1"}]}, "items.0.quantity"),
        ({"customer_id": 1, "currency": "EURO"}, "currency"),
        ({"customer_id": 1, "tax_rate": "x"}, "tax_rate"),
        ({"customer_id": 1, "status": "shipped"}, "status"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(
    call: Call, product: Product, body: dict[str, Any], field: str
) -> None:
    refused = call("POST", ROOT, body)

    assert refused.status_code == 422
    assert field in data(refused)["fields"]


def test_an_order_that_is_not_there_is_not_found(call: Call) -> None:
    for method, path in [("GET", ""), ("PUT", ""), ("POST", "/confirm"), ("POST", "/cancel")]:
        assert call(method, f"{ROOT}/999{path}", {}).status_code == 404


def test_orders_are_filtered_and_sorted(call: Call, product: Product) -> None:
    ada = CustomerFactory.create(name="Ada", currency="EUR")
    first = drafted((product, 1), customer=ada, customer_po="PO-77", order_date=_day(1))
    second = drafted((product, 9), order_date=_day(5))

    def found(query: str) -> list[int]:
        return [one["id"] for one in data(call("GET", f"{ROOT}?{query}"))["items"]]

    assert found("") == [first.id, second.id]
    assert found("sort=-number") == [second.id, first.id]
    assert found("sort=-total") == [second.id, first.id]
    assert found(f"customer={ada.id}") == [first.id]
    assert found("from=2026-03-02") == [second.id]
    assert found("to=2026-03-02") == [first.id]
    assert found("q=po-77") == found("q=ada") == [first.id]
    assert found("status=confirmed") == []
    assert found("status=draft") == [first.id, second.id]
    assert call("GET", f"{ROOT}?status=lost").status_code == 422


def _day(number: int) -> Any:
    return datetime(2026, 3, number, tzinfo=UTC).date()


def test_late_orders_are_open_and_beyond_their_cut_off(call: Call, product: Product) -> None:
    past, future = (datetime.now(UTC) + timedelta(hours=hours) for hours in (-1, 1))
    late = confirmed((product, 1), ship_by=past)
    confirmed((product, 1), ship_by=future)
    drafted((product, 1), ship_by=past)

    items = data(call("GET", f"{ROOT}?status=late"))["items"]

    assert [one["id"] for one in items] == [late.id]


def test_a_page_of_the_list_takes_as_many_queries_as_one_order(
    call: Call, product: Product, queries: list[str]
) -> None:
    drafted((product, 1))
    call("GET", ROOT)
    queries.clear()
    call("GET", ROOT)
    one = len(queries)
    for _ in range(5):
        drafted((product, 1), (product, 2))
    queries.clear()

    call("GET", ROOT)

    assert len(queries) == one


def test_confirming_answers_with_what_is_reserved(call: Call, product: Product) -> None:
    stocked(2, product)
    order = drafted((product, 3))

    answer = call("POST", at(order, "confirm"))

    assert data(answer)["status"] == "part_allocated"
    assert data(answer)["items"][0]["reserved"] == "2"


def test_a_step_from_a_wrong_state_is_a_conflict(call: Call, product: Product) -> None:
    order = confirmed((product, 3))

    refused = call("POST", at(order, "confirm"))

    assert (refused.status_code, data(refused)["code"]) == (409, "not_allowed")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": "GHOST"}, "sku"),
        ({"sku": "OLD"}, "sku"),
        ({"product_id": 0}, "product_id"),
        ({"sku": "P-1", "quantity": "0"}, "quantity"),
        ({"sku": "DEAR"}, "unit_price"),
        ({"sku": "P-1", "tax_rate": "101"}, "tax_rate"),
        ({"sku": "P-1", "discount": "10"}, "discount"),
        ({"sku": "P-1", "id": 0}, "id"),
    ],
)
def test_what_does_not_fit_is_named_by_its_line_and_field(
    call: Call, product: Product, wrong: dict[str, Any], field: str
) -> None:
    ProductFactory.create(sku="OLD", is_active=False)
    ProductFactory.create(sku="DEAR", currency="JPY")
    good = {"sku": "P-1", "quantity": "1"}
    customer = CustomerFactory.create(currency=product.currency)
    body = {"customer_id": customer.id, "items": [good, good | wrong]}

    answer = call("POST", ROOT, body)

    assert (answer.status_code, [*data(answer)["fields"]]) == (422, [f"items.1.{field}"])


def test_what_we_do_not_know_is_refused_unless_somebody_calls_it_free(call: Call) -> None:
    item = {"sku": "GHOST", "quantity": "1", "unit_price": "1"}
    body: dict[str, Any] = {"customer_id": CustomerFactory.create().id, "items": [item]}

    unknown = call("POST", ROOT, body)
    made = data(call("POST", ROOT, body | {"items": [item | {"is_free": True}]}))
    confirmed_ = call("POST", f"{ROOT}/{made['id']}/confirm")

    assert (unknown.status_code, [*data(unknown)["fields"]]) == (422, ["items.0.sku"])
    assert [line["is_free"] for line in made["items"]] == [True]
    assert (confirmed_.status_code, data(confirmed_)["status"]) == (200, "allocated")


def test_a_line_of_a_shop_that_we_do_not_know_is_a_conflict(call: Call) -> None:
    unknown = ItemDraft(Decimal(1), sku="GHOST", unit_price=Decimal(1), external_id="7")
    order = services.create_order(customer_id=CustomerFactory.create().id, items=[unknown])

    refused = call("POST", at(order, "confirm"))

    assert (refused.status_code, data(refused)["code"]) == (409, "unknown_products")


def test_discounts_and_shipping_are_written_and_read(call: Call, product: Product) -> None:
    body: dict[str, Any] = {
        "customer_id": CustomerFactory.create(currency="EUR").id,
        "tax_rate": "20",
        "discount": "5",
        "shipping_amount": "4.5",
        "shipping_tax_rate": "0",
        "items": [{"sku": "P-1", "quantity": "3", "discount": "10%"}],
    }

    made = data(call("POST", ROOT, body))

    said = {name: made[name] for name in ("discount", "shipping_amount", "shipping_tax_rate")}
    assert said == {name: body[name] for name in said}
    assert (made["items"][0]["discount"], made["items"][0]["total"]) == ("10%", "13.5")
    assert (made["subtotal"], made["discount_amount"], made["tax"]) == ("13.5", "5", "1.7")
    assert made["total_amount"] == "14.7"
    refused = call("PUT", f"{ROOT}/{made['id']}", {"discount": "half"})
    assert (refused.status_code, [*data(refused)["fields"]]) == (422, ["discount"])


def test_an_order_waits_and_goes_on(call: Call, product: Product) -> None:
    order = confirmed((product, 3))

    waits = data(call("POST", at(order, "hold"), {"reason": "Unpaid"}))
    goes_on = data(call("POST", at(order, "hold"), {"release": True}))

    assert (waits["status"], waits["hold_reason"]) == ("on_hold", "Unpaid")
    assert (goes_on["status"], goes_on["hold_reason"]) == ("confirmed", "")
    assert call("POST", at(order, "hold"), {}).status_code == 422


def test_cancelling_frees_what_was_reserved(call: Call, product: Product) -> None:
    stocked(3, product)
    order = confirmed((product, 3))

    answer = call("POST", at(order, "cancel"), {"reason": "Doubled"})

    assert data(answer)["status"] == "cancelled"
    assert held(product) == (3, 0)


def test_shipping_a_part_and_then_the_rest(call: Call, product: Product) -> None:
    stocked(3, product)
    order = confirmed((product, 3))
    part = {"items": [{"sku": "P-1", "quantity": "1"}]}

    first = call("POST", at(order, "ship"), part, Idempotency_Key="s")
    again = call("POST", at(order, "ship"), part, Idempotency_Key="s")
    rest = call("POST", at(order, "ship"), {})

    assert data(first) == data(again)
    assert data(first)["items"][0]["shipped"] == "1"
    assert data(rest)["status"] == "shipped"
    assert on_hand(product) == 0


def test_goods_come_back(call: Call, product: Product) -> None:
    stocked(3, product)
    order = confirmed((product, 3))
    call("POST", at(order, "ship"), {})
    body = {
        "items": [{"line_id": order.lines[0].id, "quantity": "2"}],
        "reason": "unwanted",
        "location": "MAIN-01",
    }

    answer = call("POST", at(order, "return"), body)

    assert data(answer)["items"][0]["returned"] == "2"
    assert on_hand(product) == 2
    assert call("POST", at(order, "return"), body).status_code == 422
    ghost = body | {"items": [{"sku": "GHOST", "quantity": "1"}]}
    assert "items.0.sku" in data(call("POST", at(order, "return"), ghost))["fields"]
    two_names = body | {"items": [{"sku": "P-1", "line_id": 1, "quantity": "1"}]}
    assert call("POST", at(order, "return"), two_names).status_code == 422
