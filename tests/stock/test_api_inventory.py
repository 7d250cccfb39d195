"""How much there is, and what runs low, for programs."""

from decimal import Decimal
from typing import Any

import pytest

from app.stock import services
from app.stock.models import Location
from app.stock.reservations import ReservedQuantity
from tests.factories import (
    ProductFactory,
    VendorFactory,
)
from tests.stock.conftest import ROOT, Call, data, stocked


def test_the_inventory_tells_how_much_lies_where(call: Call, second: Location) -> None:
    product = stocked(10, ProductFactory.create(sku="OAT-1", reorder_point=20))
    stocked("2.5", product, second)
    services.reserve(ReservedQuantity(product.id, second.id, None, Decimal(2)), key="r")

    [row] = data(call("GET", f"{ROOT}?q=oat"))["items"]

    usual: dict[str, Any] = dict.fromkeys(("lot", "lot_id", "expires_on"))
    usual |= {"is_doubted": False, "is_withheld": False}
    assert row == {
        "product_id": product.id,
        "sku": "OAT-1",
        "name": product.name,
        "quantity_on_hand": "12.5",
        "quantity_reserved": "2",
        "quantity_available": "10.5",
        "quantity_incoming": "0",
        "reorder_point": "20",
        "reorder_quantity": "0",
        "last_counted": None,
        "status": "low",
        "version": product.version,
        "locations": [
            {"code": "MAIN-01", "on_hand": "10", "reserved": "0", **usual},
            {"code": "MAIN-02", "on_hand": "2.5", "reserved": "2", **usual},
        ],
    }
    assert data(call("GET", f"{ROOT}/{product.id}")) == row


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("", ["A", "B", "C", "D"]),
        ("?status=low", ["B", "C"]),
        ("?status=out", ["C", "D"]),
        ("?location=main", ["A", "B"]),
        ("?location=MAIN-02", ["B"]),
        ("?location=MAIN-02&status=low", ["B"]),
        ("?sort=-sku", ["D", "C", "B", "A"]),
        ("?per_page=2&page=2", ["C", "D"]),
        ("?q=b", ["B"]),
    ],
)
def test_filters_narrow_the_inventory(
    call: Call, second: Location, filters: str, found: list[str]
) -> None:
    for sku, point in [("A", 0), ("B", 5), ("C", 5), ("D", 0)]:
        ProductFactory.create(sku=sku, name="x", reorder_point=point)
    ProductFactory.create(sku="E", is_active=False)
    a, b = (services.find_target(sku=sku, reason="found") for sku in "AB")
    services.adjust_stock(a, quantity=Decimal(3), reason="found", key="a")
    services.adjust_stock(
        b._replace(location_id=second.id), quantity=Decimal(5), reason="found", key="b"
    )

    response = call("GET", f"{ROOT}{filters}")

    assert [row["sku"] for row in data(response)["items"]] == found


@pytest.mark.parametrize("filters", ["?location=nowhere", "?status=strange", "?sort=price"])
def test_an_impossible_filter_is_refused(call: Call, filters: str) -> None:
    assert call("GET", f"{ROOT}{filters}").status_code == 422


def test_low_stock_says_how_much_to_buy(call: Call) -> None:
    vendor = VendorFactory.create()
    wanted: dict[str, tuple[dict[str, Any], int, str]] = {
        "A": ({"reorder_quantity": 12}, 3, "12"),  # the reorder quantity is more
        "B": ({"maximum_stock": 30, "reorder_quantity": 12}, 3, "27"),  # up to the maximum
        "C": ({}, 3, "2"),  # up to the reorder point
        "D": ({"reorder_quantity": 1}, 5, "1"),  # just there
    }
    for sku, (values, quantity, _suggested) in wanted.items():
        product = ProductFactory.create(
            sku=sku, reorder_point=5, supplier_id=vendor.id, **values
        )
        stocked(quantity, product)
    stocked(6, ProductFactory.create(reorder_point=5))
    ProductFactory.create(reorder_point=5, is_active=False)
    ProductFactory.create(reorder_point=0)

    items = data(call("GET", f"{ROOT}/low-stock"))["items"]

    assert {row["sku"]: row["suggested_quantity"] for row in items} == {
        sku: suggested for sku, (_, _, suggested) in wanted.items()
    }
    assert {row["supplier_id"] for row in items} == {vendor.id}


def test_low_stock_of_one_supplier(call: Call) -> None:
    vendor = VendorFactory.create()
    product = ProductFactory.create(reorder_point=5, supplier_id=vendor.id)
    ProductFactory.create(reorder_point=5)

    items = data(call("GET", f"{ROOT}/low-stock?supplier_id={vendor.id}"))["items"]

    assert [row["product_id"] for row in items] == [product.id]


def test_reserved_goods_do_not_keep_a_product_from_being_low(
    call: Call, main: Location
) -> None:
    product = stocked(10, ProductFactory.create(reorder_point=5))
    services.reserve(ReservedQuantity(product.id, main.id, None, Decimal(5)), key="r")

    assert data(call("GET", f"{ROOT}/low-stock"))["total"] == 1


def test_reorder_settings_are_changed_and_versioned(call: Call) -> None:
    product = stocked(10)
    path = f"{ROOT}/{product.id}"

    response = call("PUT", path, {"reorder_point": "12.5", "reorder_quantity": 24})
    stale = call("PUT", path, {"reorder_point": "1", "version": 1})

    assert (data(response)["reorder_point"], data(response)["status"]) == ("12.5", "low")
    assert data(response)["reorder_quantity"] == "24"
    assert response.headers["ETag"] == '"2"'
    assert (stale.status_code, data(stale)["code"]) == (409, "stale_version")


def test_what_is_on_hand_is_no_setting(call: Call) -> None:
    product = stocked(10)

    response = call("PUT", f"{ROOT}/{product.id}", {"quantity_on_hand": "7"})

    assert (response.status_code, data(response)["quantity_on_hand"]) == (200, "10")


def test_an_inactive_product_is_shown_by_its_id(call: Call) -> None:
    product = ProductFactory.create(is_active=False)

    assert data(call("GET", f"{ROOT}/{product.id}"))["sku"] == product.sku
    assert call("GET", f"{ROOT}/0").status_code == 404


def test_a_longer_inventory_takes_no_more_queries(call: Call, queries: list[str]) -> None:
    stocked(1)
    call("GET", ROOT)
    queries.clear()
    call("GET", ROOT)
    for_one = len(queries)
    for _ in range(10):
        stocked(1)
    queries.clear()

    call("GET", ROOT)

    assert len(queries) == for_one
