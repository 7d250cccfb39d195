"""The stand-in is held to the vendor's own description of its API."""

import json
from dataclasses import replace
from typing import Any

import pytest
import requests

from tests.standins.exchanges import Exchange
from tests.standins.magento import Magento, schemas, vendor
from tests.standins.magento.client import Client, criteria
from tests.standins.magento.orders import Demand

pytest_plugins = "tests.standins.magento.fixtures"
pytestmark = pytest.mark.skipif(
    not vendor.AVAILABLE, reason="../shared/specs/magento or jsonschema-rs is absent"
)
needs_yaml = pytest.mark.skipif(not schemas.HAS_YAML, reason="PyYAML is absent")
LISTS = ("orders", "invoices", "shipments", "products", "inventory/source-items")


def problems(magento: Magento) -> list[str]:
    return [problem for one in magento.exchanges for problem in vendor.problems(one)]


@pytest.mark.parametrize("path", LISTS)
def test_every_generated_object_is_as_the_vendor_describes_it(path: str) -> None:
    magento = Magento(orders=250, products=240, seed=7)
    with magento.running(), requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {magento.access.access_token}"
        answer = Client(magento, session).get(path, criteria())
        assert answer.json()["total_count"] == len(answer.json()["items"]) > 40
    assert problems(magento) == []


def test_what_is_made_by_hand_is_as_the_vendor_describes_it(
    magento: Magento, magento_client: Client
) -> None:
    shop = magento.shop
    key = shop.place(Demand([(1, 2), (5, 1), (10, 2), (20, 1), (30, 1)], "PLN", 10))
    for what in ("hold", "unhold"):
        magento_client.post(f"orders/{key}/{what}")
    magento_client.post(f"order/{key}/invoice", {"capture": False, "notify": True})
    track = {"track_number": "1Z9", "title": "UPS Ground", "carrier_code": "ups"}
    body = {
        "tracks": [track],
        "comment": {"comment": "pick 41", "is_visible_on_front": 0},
        "notify": True,
        "arguments": {"extension_attributes": {"source_code": "default"}},
    }
    sent = magento_client.post(f"order/{key}/ship", body).json()
    edited = shop.edit(shop.place([(1, 1)]))
    magento_client.post(f"orders/{edited}/cancel")
    for path in (f"orders/{key}", f"orders/{edited}", f"shipment/{sent}", "invoices/3"):
        assert magento_client.get(path).status_code == 200
    magento_client.get(f"orders/{key}/statuses")
    magento_client.get("products/BU-000010")
    magento_client.get("inventory/sources")
    item = {"sku": "KW-000001", "source_code": "default", "quantity": 3, "status": 1}
    magento_client.post("inventory/source-items", {"sourceItems": [item]})
    assert len(magento.exchanges) == 13
    assert problems(magento) == []


@needs_yaml
def test_stores_and_stock_items_are_as_the_vendor_describes_them(
    magento: Magento, magento_client: Client
) -> None:
    for path in ("store/storeViews", "store/storeConfigs", "stockItems/KW-000001"):
        assert magento_client.get(path).status_code == 200
    assert problems(magento) == []


def test_refusals_are_as_the_vendor_describes_them(
    magento: Magento, magento_client: Client
) -> None:
    url = f"{magento.url}/rest/V1"
    requests.post(
        f"{url}/integration/admin/token", json={"username": "x", "password": "y"}, timeout=5
    )
    magento_client.get("orders/9999")
    magento_client.get("orders", criteria([("colour", "eq", "red")]))
    magento_client.post("order/9999/ship", {})
    magento_client.post("inventory/source-items", {"sourceItems": [{"sku": ""}]})
    assert {one.status for one in magento.exchanges} == {400, 401, 404, 500}
    assert problems(magento) == []


READS = {"Accept": "application/json"}
WRITES = READS | {"Content-Type": "application/json"}


def reading(path: str, query: dict[str, str]) -> Exchange:
    return Exchange("GET", path, query, READS, b"", 429, b"", "too_many", "OAuth")


def shipping(body: Any) -> Exchange:
    sent = json.dumps(body).encode()
    return Exchange("POST", "/rest/V1/order/3/ship", {}, WRITES, sent, 0, b"", "drop", "Bearer")


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/rest/V1/nonsense", {}, "no such request"),
        ("/rest/V1/orders", {}, "is required"),
        ("/rest/default/V1/orders", criteria(page_size="x"), "type is invalid"),
    ],
)
def test_a_wrong_request_is_a_problem(path: str, query: dict[str, str], said: str) -> None:
    (problem,) = vendor.problems(reading(path, query))
    assert said in problem


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scheme": "Basic"}, "says not who is asking"),
        ({"headers": {"Accept": "text/html"}}, "does not accept JSON"),
        ({"method": "PATCH"}, "no such request"),
    ],
)
def test_a_wrong_manner_is_a_problem(wrong: dict[str, Any], said: str) -> None:
    good = reading("/rest/V1/orders", criteria())
    assert vendor.problems(good) == []

    (problem,) = vendor.problems(replace(good, **wrong))

    assert said in problem


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"entity": {"items": []}}, "entity"),
        ({"items": [{"order_item_id": 3}]}, "items"),
        ({"items": [{"order_item_id": "3", "qty": 1}]}, "items"),
        ({"tracks": [{"track_number": "1", "title": "UPS"}]}, "tracks"),
    ],
)
def test_a_wrong_shipment_is_a_problem(body: Any, said: str) -> None:
    assert vendor.problems(shipping({"items": [{"order_item_id": 3, "qty": 1}]})) == []

    (problem,) = vendor.problems(shipping(body))

    assert said in problem


def test_an_invented_field_is_a_problem(magento: Magento, magento_client: Client) -> None:
    magento.shop.change(3, lambda order: order.update(colour="red"))
    magento_client.get("orders/3")
    (problem,) = problems(magento)
    assert "colour" in problem
