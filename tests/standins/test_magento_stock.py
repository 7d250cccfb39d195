"""How many lie where, read and set through the API in both ways."""

from typing import Any

import pytest

from tests.standins.magento import Magento
from tests.standins.magento.client import Client

pytest_plugins = "tests.standins.magento.fixtures"
SKU = "KW-000007"
GOOD = {"sku": SKU, "source_code": "default", "quantity": 12.5, "status": 1}


def test_source_items_are_set_and_the_answer_is_an_empty_list(
    magento: Magento, magento_client: Client
) -> None:
    other = GOOD | {"source_code": "outlet", "quantity": 0, "status": 0}
    answer = magento_client.post("inventory/source-items", {"sourceItems": [GOOD, other]})
    assert (answer.status_code, answer.json()) == (200, [])
    found = magento_client.items("inventory/source-items", [("sku", "eq", SKU)])
    assert found == [GOOD, other]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sku": ""}, '"%field" can not be empty.'),
        ({"source_code": "moon"}, 'Source with source code "%sourceCode" does not exist.'),
        ({"quantity": "many"}, '"%field" should be numeric.'),
        ({"quantity": True}, '"%field" should be numeric.'),
        ({"status": 7}, '"%field" should be a known status.'),
    ],
)
def test_one_wrong_item_refuses_all(
    magento: Magento, magento_client: Client, wrong: dict[str, Any], said: str
) -> None:
    before = magento.shop.quantity(SKU)
    items = [GOOD, GOOD | wrong]
    answer = magento_client.post("inventory/source-items", {"sourceItems": items})
    assert answer.status_code == 400
    assert answer.json()["message"] == "Validation Failed"
    assert [one["message"] for one in answer.json()["errors"]] == [said]
    assert magento.shop.quantity(SKU) == before


def test_a_body_without_items_is_refused(magento_client: Client) -> None:
    answer = magento_client.post("inventory/source-items", {"items": []})
    assert answer.status_code == 400
    assert answer.json()["parameters"] == {"fieldName": "sourceItems"}


def test_a_stock_item_is_read_and_set(magento: Magento, magento_client: Client) -> None:
    item = magento_client.get(f"stockItems/{SKU}").json()
    assert item["qty"] == 500
    path = f"products/{SKU}/stockItems/{item['item_id']}"

    answer = magento_client.put(path, {"stockItem": {"qty": 3, "is_in_stock": False}})

    assert answer.json() == item["item_id"]
    assert magento.shop.quantity(SKU) == 3
    assert magento_client.get(f"stockItems/{SKU}").json()["is_in_stock"] is False


def test_a_stock_item_needs_a_product_and_a_body(magento_client: Client) -> None:
    assert magento_client.get("stockItems/nothing").status_code == 404
    body = {"stockItem": {"qty": 3}}
    assert magento_client.put("products/nothing/stockItems/1", body).status_code == 404
    assert magento_client.put(f"products/{SKU}/stockItems/7", {}).status_code == 400
