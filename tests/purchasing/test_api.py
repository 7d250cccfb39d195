"""Purchase orders for programs: their shape, their filters, their steps."""

from datetime import timedelta
from typing import Any

from flask import Flask

from app.accounts import services as accounts
from app.catalog.models import Product
from app.core.days import today
from tests.factories import RoleFactory, UserFactory, VendorFactory
from tests.purchasing.conftest import Call, drafted, incoming, sent

ROOT = "/api/v1/purchase-orders"


def test_an_order_is_written_read_and_taken_through_its_steps(
    call: Call, product: Product
) -> None:
    vendor = VendorFactory.create(currency="EUR")
    item = {"sku": "P-1", "quantity": "2", "pack_quantity": "12", "unit_price": "30"}

    made: Any = call("POST", ROOT, {"vendor_id": vendor.id, "items": [item]})
    at = f"{ROOT}/{made.json['id']}"

    assert (made.status_code, made.json["total_amount"], made.json["status"]) == (
        201,
        "60",
        "draft",
    )
    assert made.json["items"][0]["ordered"] == "24"
    assert call("POST", f"{at}/send", {"without_email": True}).status_code == 409
    assert call("POST", f"{at}/approve").json["status"] == "approved"  # type: ignore[index]
    assert call("POST", f"{at}/send", {"without_email": True}).json["status"] == "sent"  # type: ignore[index]
    assert incoming(product) == 24
    day = (today() + timedelta(3)).isoformat()
    said = {"vendor_reference": "SO-1", "items": [{"sku": "P-1", "confirmed_on": day}]}
    confirmed: Any = call("POST", f"{at}/confirm", said).json
    assert (confirmed["status"], confirmed["due_on"]) == ("confirmed", day)
    closed: Any = call("POST", f"{at}/close", {"items": [{"sku": "P-1", "quantity": "5"}]}).json
    assert (closed["items"][0]["open"], incoming(product)) == ("19", 19)
    cancelled = call("POST", f"{at}/cancel", {"reason": "Too dear"})
    assert cancelled.json["status"] == "cancelled"  # type: ignore[index]


def test_an_approval_over_the_limit_is_refused_with_a_code(
    call: Call, product: Product
) -> None:
    order = drafted((product, 100))
    role = RoleFactory.create()
    limit = {"role_id": role.id, "currency": "EUR", "amount": "10"}
    made: Any = call("POST", "/api/v1/approval-limits", limit)
    assert made.status_code == 201, made.text

    assert call("POST", f"{ROOT}/{order.id}/approve").status_code == 200  # another role
    assert call("DELETE", f"/api/v1/approval-limits/{made.json['id']}").status_code == 204


def test_the_list_is_filtered(call: Call, product: Product) -> None:
    late = sent((product, 1), expected_on=today() - timedelta(1), vendor_reference="SLIP-77")
    draft = drafted((product, 1))

    def found(query: str) -> list[int]:
        listed: Any = call("GET", f"{ROOT}?{query}").json
        return [one["id"] for one in listed["items"]]

    assert found("status=late") == found("q=slip-77") == [late.id]
    assert found(f"vendor={draft.vendor_id}") == [draft.id]
    assert found("sort=number") == [late.id, draft.id]


def test_without_an_address_nothing_is_sent(call: Call, product: Product) -> None:
    order = drafted((product, 1))

    assert call("POST", f"{ROOT}/{order.id}/send", {}).status_code == 503
    assert call("POST", f"{ROOT}/999999/approve").status_code == 404


def test_incoming_is_told_by_date_and_by_document(app: Flask, product: Product) -> None:
    later = sent((product, 2), expected_on=today() + timedelta(3))
    late = sent((product, 3), expected_on=today() - timedelta(1))
    role = RoleFactory.create(permissions=["stock.view"])
    token = accounts.create_token(UserFactory.create(role=role), name="test")
    bearer = {"Authorization": f"Bearer {token}"}

    path = f"/api/v1/inventory/{product.id}"
    told: Any = app.test_client().get(f"{path}/incoming", headers=bearer).json
    inventory: Any = app.test_client().get(path, headers=bearer).json

    assert [(one["document"], one["quantity"]) for one in told] == [
        (late.number, "3"),
        (later.number, "2"),
    ]
    assert inventory["quantity_incoming"] == "5"
