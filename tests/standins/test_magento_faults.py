"""Each planned fault does what its name says, as often as it was planned."""

import time
from typing import Any

import pytest
import requests

from tests.standins.magento import Magento
from tests.standins.magento.client import Client, criteria
from tests.standins.magento.faults import USUAL

pytest_plugins = "tests.standins.magento.fixtures"
SIMPLE = 1


def page(client: Client, number: int = 1) -> requests.Response:
    query = criteria(page_size="10", current_page=str(number), sort="entity_id ASC")
    return client.get("orders", query)


def shipments(client: Client, key: int) -> list[Any]:
    return client.items("shipments", [("order_id", "eq", str(key))])


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("too_many", 429),
        ("html_503", 503),
        ("expired", 401),
        ("truncated", 200),
        ("not_json", 200),
        ("no_envelope", 200),
        ("empty", 200),
        ("slow", 200),
    ],
)
def test_a_fault_spoils_one_answer_and_is_noted(
    magento: Magento, magento_client: Client, name: str, status: int
) -> None:
    good = page(magento_client).content
    magento.faults.add(name, seconds=0.05)
    spoilt = page(magento_client)
    assert spoilt.status_code == status
    assert (spoilt.content == good) == (name == "slow")
    assert page(magento_client).content == good
    assert [one.fault for one in magento.exchanges] == [None, name, None]


def test_too_many_may_say_when_to_come_back(magento: Magento, magento_client: Client) -> None:
    magento.faults.add("too_many", retry_after=7)
    magento.faults.add("too_many")
    assert page(magento_client).headers["Retry-After"] == "7"
    assert "Retry-After" not in page(magento_client).headers


@pytest.mark.parametrize("name", ["truncated", "not_json", "html_503"])
def test_what_is_not_json_cannot_be_read(
    magento: Magento, magento_client: Client, name: str
) -> None:
    magento.faults.add(name)
    with pytest.raises(requests.JSONDecodeError):
        page(magento_client).json()


def test_an_expired_token_is_refused_in_the_vendors_words(
    magento: Magento, magento_client: Client
) -> None:
    magento.faults.add("expired")
    assert page(magento_client).json()["parameters"] == {
        "resources": "Magento_Sales::actions_view"
    }


def test_an_envelope_can_be_missing_or_empty(magento: Magento, magento_client: Client) -> None:
    magento.faults.add("no_envelope")
    magento.faults.add("empty")
    assert page(magento_client).json().keys() == {"search_criteria"}
    empty = page(magento_client).json()
    assert (empty["items"], empty["total_count"]) == ([], 0)


def test_slow_takes_its_time(magento: Magento, magento_client: Client) -> None:
    magento.faults.add("slow", seconds=0.2)
    start = time.perf_counter()
    page(magento_client)
    assert time.perf_counter() - start > 0.2


def test_a_page_can_come_twice(magento: Magento, magento_client: Client) -> None:
    first = page(magento_client).content
    magento.faults.add("duplicate_page")
    assert page(magento_client, 2).content == first


def test_a_record_can_be_bad_and_a_count_off(magento: Magento, magento_client: Client) -> None:
    bad: dict[str, Any] = {"entity_id": None}
    magento.faults.add("bad_record", record=bad)
    magento.faults.add("count_off", by=-3)
    assert page(magento_client).json()["items"][0] == bad
    off = page(magento_client).json()["total_count"]
    assert page(magento_client).json()["total_count"] == off + 3


def test_a_busy_shop_changes_between_two_pages(
    magento: Magento, magento_client: Client
) -> None:
    before = page(magento_client).json()
    magento.faults.add("changing", match="page")
    after = page(magento_client, 2).json()
    assert after["total_count"] == before["total_count"] + 1
    first = magento_client.get("orders/1").json()
    assert first["updated_at"] > before["items"][0]["updated_at"]


def test_a_single_object_can_be_gone(magento: Magento, magento_client: Client) -> None:
    magento.faults.add("gone")
    assert page(magento_client).status_code == 200
    assert magento_client.get("orders/3").status_code == 404
    assert magento_client.get("orders/3").status_code == 200


def test_drop_closes_without_an_answer(magento: Magento, magento_client: Client) -> None:
    magento.faults.add("drop")
    with pytest.raises(requests.ConnectionError):
        page(magento_client)
    assert (magento.exchanges[-1].status, magento.exchanges[-1].fault) == (0, "drop")
    assert page(magento_client).status_code == 200


def test_a_shipment_whose_answer_is_lost_exists(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    magento.faults.add("ship_lost")
    comment = {"comment": "pick 41", "is_visible_on_front": 0}

    assert page(magento_client).status_code == 200
    with pytest.raises(requests.ConnectionError):
        magento_client.post(f"order/{key}/ship", {"comment": comment})

    (made,) = shipments(magento_client, key)
    assert made["comments"][0]["comment"] == "pick 41"
    assert magento_client.post(f"order/{key}/ship").status_code == 400


def test_a_shipment_may_be_made_and_then_break(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    magento.faults.add("ship_500")
    answer = magento_client.post(f"order/{key}/ship")
    assert answer.status_code == 500
    assert answer.json()["message"].startswith("Internal Error. Details are available")
    assert len(shipments(magento_client, key)) == 1


@pytest.mark.parametrize(("name", "status"), [("ship_refused", 400), ("html_503", 503)])
def test_a_shipment_may_be_refused_and_is_not_made(
    magento: Magento, magento_client: Client, name: str, status: int
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    magento.faults.add(name, match="ship")
    assert magento_client.post(f"order/{key}/ship").status_code == status
    assert not shipments(magento_client, key)
    assert magento_client.post(f"order/{key}/ship").status_code == 200


def test_signing_in_may_be_refused(magento: Magento) -> None:
    said = {"username": magento.access.user, "password": magento.access.password}
    url = f"{magento.url}/rest/V1/integration/admin/token"
    magento.faults.add("token_refused")
    statuses = [requests.post(url, json=said, timeout=5).status_code for _ in range(2)]
    assert statuses == [401, 200]


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "orders", "page"),
        ("GET", "inventory/source-items", "page"),
        ("GET", "orders/3", "object"),
        ("POST", "order/3/ship", "ship"),
        ("POST", "orders/3/hold", "write"),
        ("PUT", "products/KW-000001/stockItems/1", "write"),
        ("POST", "integration/admin/token", "token"),
    ],
)
def test_a_fault_means_its_kind_of_request(
    magento: Magento, magento_client: Client, method: str, path: str, kind: str
) -> None:
    for one in {"page", "object", "ship", "write", "token"} - {kind}:
        magento.faults.add("html_503", match=one)
    magento.faults.add("too_many", match=kind)
    answer = magento_client.session.request(method, f"{magento_client.base}/{path}", timeout=5)
    assert answer.status_code == 429
    assert len(magento.faults.planned) == 4


def test_faults_can_be_cleared(magento: Magento, magento_client: Client) -> None:
    for name in USUAL:
        magento.faults.add(name)
    magento.faults.clear()
    assert page(magento_client).status_code == 200
