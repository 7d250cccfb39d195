"""searchCriteria and fields, asked over HTTP."""

from typing import Any

import pytest

from tests.standins.magento import Magento
from tests.standins.magento.client import Client, Group, criteria

pytest_plugins = "tests.standins.magento.fixtures"


def skus(client: Client, *groups: Group, **more: str) -> list[str]:
    return [one["sku"] for one in client.items("products", *groups, **more)]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (("sku", "eq", "kw-000007"), 1),
        (("sku", "neq", "KW-000007"), 199),
        (("sku", "in", "KW-000007, KW-000008,KW-9"), 2),
        (("sku", "nin", "KW-000007,KW-000008"), 198),
        (("sku", "like", "CF-%"), 10),
        (("sku", "nlike", "CF-%"), 190),
        (("sku", "like", "KW-00000_"), 8),
        (("entity_id", "gt", "198"), 2),
        (("entity_id", "gteq", "198"), 3),
        (("entity_id", "from", "198"), 3),
        (("entity_id", "lt", "3"), 2),
        (("entity_id", "lteq", "3"), 3),
        (("entity_id", "to", "3"), 3),
        (("type_id", "finset", "bundle"), 10),
        (("name", "null", ""), 0),
        (("name", "notnull", ""), 200),
    ],
)
def test_a_condition_chooses(
    magento_client: Client, condition: tuple[str, str, str], count: int
) -> None:
    answer = magento_client.get("products", criteria([condition])).json()
    assert answer["total_count"] == len(answer["items"]) == count


def test_groups_are_joined_by_and_their_filters_by_or(magento_client: Client) -> None:
    either: Group = [("type_id", "eq", "bundle"), ("type_id", "eq", "configurable")]
    both: Group = [("entity_id", "lteq", "40")]
    assert skus(magento_client, either, both) == [
        "BU-000010",
        "CF-000020",
        "BU-000030",
        "CF-000040",
    ]


def test_an_empty_column_fulfils_no_comparison(
    magento: Magento, magento_client: Client
) -> None:
    total = magento_client.get("orders", criteria()).json()["total_count"]
    without = magento_client.items("orders", [("status", "null", "")])
    others = magento_client.items("orders", [("status", "neq", "nothing")])
    assert len(without) + len(others) == total
    assert all("status" not in one for one in without)
    assert without


def test_both_spellings_are_read_and_the_search_is_repeated(magento_client: Client) -> None:
    head = "searchCriteria[filterGroups][0][filters][0]"
    query = {
        f"{head}[field]": "sku",
        f"{head}[conditionType]": "like",
        f"{head}[value]": "BU-%",
    }
    query |= {"searchCriteria[pageSize]": "2", "searchCriteria[currentPage]": "2"}
    answer = magento_client.get("products", query).json()
    assert [one["sku"] for one in answer["items"]] == ["BU-000050", "BU-000070"]
    one = {"field": "sku", "value": "BU-%", "condition_type": "like"}
    assert answer["search_criteria"] == {
        "filter_groups": [{"filters": [one]}],
        "page_size": 2,
        "current_page": 2,
    }


def test_pages_add_up_and_one_past_the_end_is_the_last_again(magento_client: Client) -> None:
    every = {"page_size": "60", "sort": "entity_id ASC"}
    pages = [skus(magento_client, current_page=str(page), **every) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [60, 60, 60, 20]
    assert len({sku for page in pages for sku in page}) == 200
    assert skus(magento_client, current_page="5", **every) == pages[-1]
    assert skus(magento_client, current_page="500", **every) == pages[-1]


def test_nothing_found_is_an_empty_list(magento_client: Client) -> None:
    answer = magento_client.get("orders", criteria([("entity_id", "eq", "0")])).json()
    assert (answer["items"], answer["total_count"]) == ([], 0)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_the_order_can_be_chosen(magento_client: Client, direction: str) -> None:
    found = magento_client.items("products", sort=f"price {direction}")
    prices = [one["price"] for one in found]
    assert prices == sorted(prices, reverse=direction == "DESC")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 400, '"%fieldName" is required. Enter and try again.'),
        (criteria([("colour", "eq", "red")]), 500, "Internal Error."),
        (criteria([("sku", "nonsense", "red")]), 500, "Internal Error."),
        (criteria([("", "eq", "red")]), 400, '"%fieldName" is required.'),
        (criteria(sort="colour ASC"), 500, "Internal Error."),
        (criteria(sort="sku UP"), 400, "The sort order has to be specified"),
        (criteria(page_size="many"), 400, 'type is invalid. The "%type" type was expected.'),
    ],
)
def test_a_wrong_search_is_refused(
    magento_client: Client, query: dict[str, str], status: int, said: str
) -> None:
    answer = magento_client.get("products", query)
    assert answer.status_code == status
    assert said in answer.json()["message"]


def test_stock_sources_need_no_criteria(magento_client: Client) -> None:
    assert magento_client.get("inventory/source-items").json()["total_count"] == 340
    assert magento_client.get("inventory/sources").json()["total_count"] == 2
    where: Group = [("sku", "eq", "KW-000007")]
    assert len(magento_client.items("inventory/source-items", where)) == 2


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ("total_count", {"total_count": 60}),
        ("items[entity_id]", {"items": [{"entity_id": 1}]}),
        (
            "items[entity_id,items[qty_ordered]],nonsense",
            {"items": [{"entity_id": 1, "items": ...}]},
        ),
    ],
)
def test_an_answer_is_cut_down_to_the_fields_asked_for(
    magento_client: Client, fields: str, shape: dict[str, Any]
) -> None:
    query = criteria(page_size="1") | {"fields": fields}
    answer = magento_client.get("orders", query).json()
    assert answer.keys() == shape.keys()
    for found, wanted in zip(answer.get("items", []), shape.get("items", []), strict=True):
        assert found.keys() == wanted.keys()
        assert all(line.keys() == {"qty_ordered"} for line in found.get("items", []))


def test_brackets_that_do_not_fit_cut_nothing(magento_client: Client) -> None:
    for fields in ("entity_id[", "]", "[entity_id]"):
        assert "increment_id" in magento_client.get("orders/3", {"fields": fields}).json()
