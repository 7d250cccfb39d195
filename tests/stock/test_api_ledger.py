"""Movements and locations for programs."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts import services as accounts
from app.stock.models import Location
from tests.conftest import SignIn
from tests.factories import (
    LocationFactory,
    ProductFactory,
    RoleFactory,
    UserFactory,
)
from tests.stock.conftest import (
    ADJUSTMENTS,
    ALL,
    LOCATIONS,
    MOVEMENTS,
    ROOT,
    TRANSFERS,
    Call,
    Mover,
    data,
)


def test_movements_are_listed_newest_first(call: Call, move: Mover) -> None:
    product = ProductFactory.create()
    for quantity in (1, 2, 3):
        move(product, quantity, note="x")

    page = data(call("GET", f"{MOVEMENTS}?per_page=2"))
    rest = data(call("GET", f"{MOVEMENTS}?per_page=2&page=2"))

    assert [row["quantity"] for row in page["items"] + rest["items"]] == ["3", "2", "1"]
    assert (page["total"], page["page"], page["per_page"]) == (3, 1, 2)
    row = page["items"][0]
    assert (row["sku"], row["from"], row["to"]) == (product.sku, "ADJUSTMENTS", "MAIN-01")
    of_posting = data(call("GET", f"{MOVEMENTS}?posting_id={row['posting_id']}"))
    assert [one["id"] for one in of_posting["items"]] == [row["id"]]
    assert of_posting["total"] == 1
    assert data(call("GET", f"{MOVEMENTS}?person=999"))["items"] == []
    assert row["occurred_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("?sku=A", ["2", "5"]),
        ("?sku=nothing", []),
        ("?location=MAIN-02", ["2"]),
        ("?location=main-01", ["3", "2", "5"]),
        ("?reason=received", ["3"]),
        ("?from=2026-03-02", ["3"]),
        ("?to=2026-03-01", ["2", "5"]),
        ("?from=2026-03-01&to=2026-03-01", ["2"]),
    ],
)
def test_filters_narrow_the_movements(
    call: Call, move: Mover, main: Location, second: Location, filters: str, found: list[str]
) -> None:
    a, b = ProductFactory.create(sku="A"), ProductFactory.create(sku="B")
    ends = {"from_location_id": main.id, "to_location_id": second.id}
    move(a, 5, occurred_at=datetime(2026, 2, 28, 12, tzinfo=UTC))
    move(a, 2, occurred_at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC), **ends)
    move(b, 3, occurred_at=datetime(2026, 3, 2, tzinfo=UTC), reason="received")

    page = data(call("GET", f"{MOVEMENTS}{filters}"))

    assert [row["quantity"] for row in page["items"]] == found
    assert page["total"] == len(found)


def test_only_so_many_movements_are_paged_through(call: Call) -> None:
    assert call("GET", f"{MOVEMENTS}?page=51&per_page=200").status_code == 422


def test_a_location_is_made_in_another_one(call: Call) -> None:
    body = {"code": "A-01", "kind": "bin", "parent": "main", "barcode": "LOC-A-01"}

    response = call("POST", LOCATIONS, body)

    assert response.status_code == 201
    row = data(response)
    assert (row["path"], row["barcode"], row["version"]) == ("MAIN/A-01/", "LOC-A-01", 1)
    assert (row["is_pickable"], row["is_active"]) == (True, True)
    listed = data(call("GET", f"{LOCATIONS}?q=a-01"))["items"]
    assert listed == [row]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"code": "main-01", "parent": "MAIN"}, 409, "code"),
        ({"code": "A/1", "parent": "MAIN"}, 422, "code"),
        ({"code": "A-01"}, 422, "parent_id"),
        ({"code": "A-01", "parent": "MAIN-01"}, 422, "parent_id"),
        ({"code": "A-01", "parent": "nowhere"}, 422, "parent"),
        ({"code": "A-01", "parent": "MAIN", "kind": "shelf"}, 422, "kind"),
    ],
)
def test_a_refused_location_says_why(
    call: Call, body: dict[str, Any], status: int, field: str
) -> None:
    response = call("POST", LOCATIONS, {"kind": "bin"} | body)

    assert (response.status_code, list(data(response)["fields"])) == (status, [field])


def test_locations_are_filtered_by_kind_and_use(call: Call) -> None:
    LocationFactory.create(code="OLD", is_active=False)

    kinds = data(call("GET", f"{LOCATIONS}?kind=warehouse"))["items"]
    inactive = data(call("GET", f"{LOCATIONS}?is_active=0"))["items"]

    assert [row["code"] for row in kinds] == ["MAIN"]
    assert [row["code"] for row in inactive] == ["OLD"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ROOT),
        ("GET", f"{ROOT}/1"),
        ("GET", f"{ROOT}/low-stock"),
        ("GET", MOVEMENTS),
        ("GET", LOCATIONS),
    ],
)
def test_reading_needs_its_permission(sign_in: SignIn, method: str, path: str) -> None:
    assert sign_in("something.else").open(path, method=method).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ADJUSTMENTS),
        ("POST", TRANSFERS),
        ("POST", LOCATIONS),
        ("PUT", f"{ROOT}/1"),
    ],
)
def test_writing_needs_a_token_and_its_permission(
    app: Flask, sign_in: SignIn, method: str, path: str
) -> None:
    user = UserFactory.create(role=RoleFactory.create(permissions=["stock.view"]))
    token = accounts.create_token(user, name="reader")
    bearer = {"Authorization": f"Bearer {token}"}

    forbidden = app.test_client().open(path, method=method, json={}, headers=bearer)
    by_cookie = sign_in(*ALL).open(path, method=method, json={})

    assert (forbidden.status_code, by_cookie.status_code) == (403, 401)
