"""The catalogue for programs."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.services import create_token
from app.catalog import services
from app.catalog.figures import FIGURES, Figures
from app.catalog.models import BarcodeLine
from app.core.db import db
from app.core.slices import slices
from tests.factories import (
    BarcodeFactory,
    CustomerFactory,
    ProductFactory,
    RoleFactory,
    UserFactory,
    VendorFactory,
)

UPC = "036000291452"
AREAS = pytest.mark.parametrize("area", ["products", "customers", "vendors"])
NEW = {
    "products": {"sku": "OAT-1", "name": "Oat drink"},
    "customers": {"name": "Ana"},
    "vendors": {"name": "Acme"},
}
FACTORIES: dict[str, Any] = {
    "products": ProductFactory,
    "customers": CustomerFactory,
    "vendors": VendorFactory,
}


class Caller:
    """A program with a token."""

    def __init__(self, client: FlaskClient, *permissions: str) -> None:
        user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
        self.client, self.token = client, create_token(user, name="test")

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            f"/api/v1/{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.token}", **names},
        )


@pytest.fixture
def call(app: Flask) -> Caller:
    areas = ("products", "customers", "vendors")
    verbs = [f"{area}.{verb}" for area in areas for verb in ("view", "edit")]
    verbs.append("products.costs")
    return Caller(app.test_client(), *verbs)


def test_a_product_has_the_shape_that_is_documented(
    call: Caller, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier = VendorFactory.create()
    product = services.create_product(
        sku="OAT-1",
        name="Oat drink",
        price=Decimal("2.50"),
        supplier_id=supplier.id,
        barcodes=[BarcodeLine(UPC, Decimal(12))],
    )
    stock = {product.id: Figures(Decimal("12.500"), Decimal(2), Decimal("10.5"))}
    monkeypatch.setitem(slices().provided, FIGURES, lambda _ids: stock)

    response = call("GET", f"products/{product.id}")

    shown = response.json
    assert response.headers["ETag"] == '"1"'
    assert "+00:00" in shown.pop("created_at")
    assert "+00:00" in shown.pop("updated_at")
    assert shown == {
        "id": product.id,
        "sku": "OAT-1",
        "name": "Oat drink",
        "description": "",
        "category": "",
        "price": "2.5",
        "cost": "0",
        "currency": "USD",
        "unit": "pcs",
        "tax_class": "standard",
        "weight": None,
        "supplier_id": supplier.id,
        "reorder_point": "0",
        "reorder_quantity": "0",
        "maximum_stock": None,
        "safety_stock": "0",
        "tracking": "none",
        "has_expiry": False,
        "lead_time_days": None,
        "kind": "item",
        "build_quantity": "1",
        "image_url": None,
        "vendor_parts": [],
        "barcodes": [{"code": UPC, "units": "12", "is_own": False}],
        "is_active": True,
        "version": 1,
        "quantity_on_hand": "12.5",
        "quantity_reserved": "2",
        "quantity_available": "10.5",
    }


def test_a_product_is_made_and_says_where_it_is(call: Caller) -> None:
    body = {**NEW["products"], "price": "2.50", "barcodes": [{"code": UPC}]}

    response = call("POST", "products", body)

    assert response.status_code == 201
    assert response.location.endswith(f"/api/v1/products/{response.json['id']}")
    assert response.headers["ETag"] == '"1"'
    assert response.json["barcodes"] == [{"code": UPC, "units": "1", "is_own": False}]
    assert call("GET", f"products/{response.json['id']}").json == response.json


@AREAS
def test_a_record_is_made_shown_changed_and_deactivated(call: Caller, area: str) -> None:
    made = call("POST", area, NEW[area])
    here = f"{area}/{made.json['id']}"
    assert (made.status_code, made.location) == (201, f"/api/v1/{here}")

    changed = call("PUT", here, {"name": "Other", "version": 1})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json == {
        **made.json,
        "name": "Other",
        "version": 2,
        "updated_at": changed.json["updated_at"],
    }

    assert call("DELETE", here).status_code == 204
    assert call("GET", here).json["is_active"] is False
    assert call("PUT", here, {"is_active": True}).json["is_active"] is True


@AREAS
def test_a_stale_version_is_refused_with_both_values(call: Caller, area: str) -> None:
    record = FACTORIES[area].create(name="Oat")
    here = f"{area}/{record.id}"
    call("PUT", here, {"name": "Oats"})

    for refusal in (
        call("PUT", here, {"name": "Oat milk", "version": 1}),
        call("PUT", here, {"name": "Oat milk"}, If_Match='"1"'),
    ):
        assert refusal.status_code == 409
        assert refusal.json["code"] == "stale_version"
        assert refusal.json["fields"] == {
            "name": ["It is Oats now; you sent Oat milk."],
            "version": ["It is 2 now."],
        }
    assert call("DELETE", here, If_Match='"1"').status_code == 409


@AREAS
def test_the_same_key_gives_the_first_answer_again(call: Caller, area: str) -> None:
    first = call("POST", area, NEW[area], Idempotency_Key="k-1")

    again = call("POST", area, NEW[area], Idempotency_Key="k-1")

    assert (again.status_code, again.json) == (201, first.json)
    assert again.location == first.location
    assert call("GET", area).json["total"] == 1


@pytest.mark.parametrize(
    ("area", "changes", "field"),
    [
        ("products", {"sku": " "}, "sku"),
        ("products", {"name": None}, "name"),
        ("products", {"price": "-1"}, "price"),
        ("products", {"price": "1.23456"}, "price"),
        ("products", {"price": "NaN"}, "price"),
        ("products", {"price": "10000000000"}, "price"),
        ("products", {"currency": "XXX"}, "currency"),
        ("products", {"description": "a\x00b"}, "description"),
        ("products", {"supplier_id": 7}, "supplier_id"),
        ("products", {"supplier_id": "7"}, "supplier_id"),
        ("products", {"barcodes": [{"code": "5.65E+12"}]}, "barcodes.0.code"),
        ("products", {"barcodes": [{"code": UPC, "units": "0"}]}, "barcodes"),
        ("products", {"barcodes": [{"code": UPC}, {"code": UPC.zfill(14)}]}, "barcodes"),
        ("products", {"colour": "red"}, "colour"),
        ("products", {"version": 1}, "version"),
        ("products", {"quantity_on_hand": "7"}, "quantity_on_hand"),
        ("customers", {"email": "nobody"}, "email"),
        ("customers", {"country": "Atlantis"}, "country"),
        ("customers", {"sales_rep_id": 7}, "sales_rep_id"),
        ("customers", {"shipping_address": {"planet": "Mars"}}, "shipping_address.planet"),
        ("customers", {"lead_time_days": 7}, "lead_time_days"),
        ("vendors", {"lead_time_days": -1}, "lead_time_days"),
        ("vendors", {"name": ""}, "name"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    call: Caller, area: str, changes: dict[str, Any], field: str
) -> None:
    refusal = call("POST", area, {**NEW[area], **changes})

    assert refusal.status_code == 422
    assert set(refusal.json["fields"]) == {field}
    assert call("GET", area).json["total"] == 0


@AREAS
def test_what_is_needed_is_asked_for(call: Caller, area: str) -> None:
    refusal = call("POST", area, {})

    assert refusal.status_code == 422
    assert set(refusal.json["fields"]) == set(NEW[area])


def test_a_taken_sku_or_barcode_is_a_conflict_that_names_its_product(call: Caller) -> None:
    BarcodeFactory.create(product=ProductFactory.create(sku="TEA", name="Tea"), code=UPC)

    sku = call("POST", "products", {"sku": "TEA", "name": "Other"})
    barcode = call("POST", "products", {**NEW["products"], "barcodes": [{"code": f"00{UPC}"}]})

    assert (sku.status_code, barcode.status_code) == (409, 409)
    assert sku.json["code"] == "already_exists"
    assert sku.json["fields"] == {"sku": ["TEA is the SKU of Tea already."]}
    assert barcode.json["fields"] == {"barcodes": [f"{UPC} belongs to TEA Tea already."]}


@pytest.mark.parametrize("area", ["customers", "vendors"])
def test_a_taken_code_is_a_conflict(call: Caller, area: str) -> None:
    FACTORIES[area].create(code="SHOP-1")

    refusal = call("POST", area, {"name": "Ana", "code": "shop-1"})

    assert refusal.status_code == 409
    assert set(refusal.json["fields"]) == {"code"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A-1", "B-2", "C-3"]),
        ("q=oat", ["A-1"]),
        (f"q={UPC}", ["B-2"]),
        ("category=Tea", ["B-2"]),
        ("supplier_id={supplier}", ["A-1"]),
        ("is_active=false", ["C-3"]),
        ("updated_since=2999-01-01T00:00:00Z", []),
        ("updated_since=2001-01-01T00:00:00Z&sort=-sku", ["C-3", "B-2", "A-1"]),
        ("sort=-price", ["B-2", "C-3", "A-1"]),
        ("per_page=1&page=2", ["B-2"]),
    ],
)
def test_products_are_filtered_and_sorted(call: Caller, query: str, found: list[str]) -> None:
    supplier = VendorFactory.create()
    ProductFactory.create(sku="A-1", name="Oat drink", supplier_id=supplier.id)
    tea = ProductFactory.create(sku="B-2", category="Tea", price=Decimal(9))
    BarcodeFactory.create(product=tea, code=UPC.zfill(14))
    ProductFactory.create(sku="C-3", is_active=False)

    page = call("GET", f"products?{query.format(supplier=supplier.id)}").json

    assert [item["sku"] for item in page["items"]] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort=name", ["Ana", "Gone", "Zoe"]),
        ("q=roma", ["Ana"]),
        ("country=it", ["Ana"]),
        ("is_active=false", ["Gone"]),
        ("sales_rep_id={rep}", ["Zoe"]),
        ("updated_since=2999-01-01T00:00:00Z", []),
    ],
)
def test_customers_are_filtered_and_sorted(call: Caller, query: str, found: list[str]) -> None:
    rep = UserFactory.create()
    CustomerFactory.create(name="Ana", company="Roma Srl", country="IT")
    CustomerFactory.create(name="Zoe", sales_rep_id=rep.id)
    CustomerFactory.create(name="Gone", is_active=False)

    page = call("GET", f"customers?{query.format(rep=rep.id)}").json

    assert [item["name"] for item in page["items"]] == found


@pytest.mark.parametrize("query", ["sort=colour", "page=0", "per_page=201", "updated_since=x"])
@AREAS
def test_a_query_that_does_not_fit_is_refused(call: Caller, area: str, query: str) -> None:
    assert call("GET", f"{area}?{query}").status_code == 422


@AREAS
def test_a_longer_list_takes_no_more_queries(
    call: Caller, area: str, queries: list[str]
) -> None:
    counts = []
    for length in (1, 20):
        for _ in range(length):
            FACTORIES[area].create()
        db.session.expire_all()
        queries.clear()
        call("GET", area)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@AREAS
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/{id}"), ("PUT", "/{id}"), ("DELETE", "/{id}")],
)
def test_calls_are_closed_without_the_permission(
    app: Flask, area: str, method: str, path: str
) -> None:
    stranger = Caller(app.test_client(), "stock.view")
    record = FACTORIES[area].create()

    refusal = stranger(method, area + path.format(id=record.id), {})

    assert (refusal.status_code, refusal.json["code"]) == (403, "not_allowed")


@AREAS
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_not_there_is_not_found(call: Caller, area: str, method: str) -> None:
    assert call(method, f"{area}/7", {}).status_code == 404


def test_a_code_that_looks_like_a_gtin_may_be_said_to_be_an_own_one(call: Caller) -> None:
    code = "69045451079834"

    refused = call("POST", "products", {**NEW["products"], "barcodes": [{"code": code}]})
    own = [{"code": code, "is_own": True}]
    made = call("POST", "products", {**NEW["products"], "barcodes": own})

    assert (refused.status_code, [*refused.json["fields"]]) == (422, ["barcodes.0.code"])
    assert made.json["barcodes"] == [{"code": code, "units": "1", "is_own": True}]


def test_a_sku_in_another_case_is_taken(call: Caller) -> None:
    call("POST", "products", {**NEW["products"], "sku": "Oat-1"})

    again = call("POST", "products", {**NEW["products"], "sku": "oat\u200b-1 "})

    assert (again.status_code, [*again.json["fields"]]) == (409, ["sku"])


def test_a_product_has_terms_of_its_vendors_weight_and_tax_class(call: Caller) -> None:
    vendor = VendorFactory.create()
    part = {"vendor_id": vendor.id, "part_number": "AC-9", "price": "3.5"}
    body = {
        "weight": "1.25",
        "tax_class": "reduced",
        "maximum_stock": "50",
        "safety_stock": "3",
        "lead_time_days": 7,
    }
    product = ProductFactory.create()

    changed = call("PUT", f"products/{product.id}", body | {"vendor_parts": [part]}).json

    terms = {
        "lead_time_days": None,
        "minimum_quantity": None,
        "purchase_unit": "",
        "pack_quantity": "1",
        "order_multiple": None,
        "price_breaks": "",
        "currency": "",
    }
    assert {name: changed[name] for name in body} == body
    assert changed["vendor_parts"] == [part | terms]


def test_a_product_gets_a_picture_and_loses_it(call: Caller) -> None:
    product = ProductFactory.create()
    address = f"/api/v1/products/{product.id}/image"
    bearer = {"Authorization": f"Bearer {call.token}"}
    png = {"image": (BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(20)), "a.png")}
    text = {"image": (BytesIO(b"no picture"), "a.png")}

    refused: Any = call.client.post(address, data=text, headers=bearer)
    given: Any = call.client.post(address, data=png, headers=bearer)
    taken = call.client.delete(address, headers=bearer)

    assert refused.json is not None
    assert given.json is not None
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["image"])
    assert given.json["image_url"].startswith("/files/")
    assert taken.status_code == 204
    assert call("GET", f"products/{product.id}").json["image_url"] is None


def test_a_line_of_a_change_is_a_whole_one(call: Caller) -> None:
    at = f"products/{ProductFactory.create().id}"

    usual = call("PUT", at, {"barcodes": [{"code": UPC}]})
    unnamed = call("PUT", at, {"barcodes": [{"units": "2"}]})

    assert usual.json["barcodes"] == [{"code": UPC, "units": "1", "is_own": False}]
    assert (unnamed.status_code, [*unnamed.json["fields"]]) == (422, ["barcodes.0.code"])
