"""Shipping through the API, and what it refuses."""

from typing import Any

import pytest
import requests

from tests.standins.magento import Magento, states
from tests.standins.magento.client import Client

pytest_plugins = "tests.standins.magento.fixtures"
SIMPLE, SERVICE, TOGETHER, CONFIGURABLE, APART = 1, 5, 10, 20, 30
HEAD = "Shipment Document Validation Error(s):\n"
NOTHING = "You can't create a shipment without products."


def lines(client: Client, key: int) -> Any:
    return client.get(f"orders/{key}").json()["items"]


def ship(
    client: Client, key: int, *wanted: tuple[int, float], **more: Any
) -> requests.Response:
    items = [{"order_item_id": item, "qty": count} for item, count in wanted]
    return client.post(f"order/{key}/ship", {"items": items} | more)


def shipment(client: Client, answer: requests.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return client.get(f"shipment/{answer.json()}").json()


def test_a_shipment_has_its_tracks_comment_and_source(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 3)])
    (line,) = lines(magento_client, key)
    track = {"track_number": "1Z9", "title": "UPS Ground", "carrier_code": "ups"}
    comment = {"comment": "pick 41", "is_visible_on_front": 1}
    source = {"extension_attributes": {"source_code": "outlet"}}

    answer = ship(
        magento_client,
        key,
        (line["item_id"], 2),
        tracks=[track],
        comment=comment,
        arguments=source,
        notify=True,
    )

    made = shipment(magento_client, answer)
    assert (made["order_id"], made["total_qty"]) == (key, 2)
    assert made["tracks"][0].items() >= track.items()
    assert made["comments"][0]["comment"] == "pick 41"
    assert made["comments"][0]["is_customer_notified"] == 1
    assert made["extension_attributes"] == source["extension_attributes"]
    (found,) = magento_client.items("shipments", [("order_id", "eq", str(key))])
    assert found == made
    assert lines(magento_client, key)[0]["qty_shipped"] == 2


def test_the_answer_is_the_bare_id_as_a_text_or_a_number(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2)])
    item = lines(magento_client, key)[0]["item_id"]
    text = ship(magento_client, key, (item, 1)).text
    magento.state.ids_are_texts = False
    number = ship(magento_client, key, (item, 1)).text
    assert text == f'"{int(number) - 1}"'


def test_only_a_shipment_that_moves_the_state_moves_the_time(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2)])
    item = lines(magento_client, key)[0]["item_id"]
    before = magento_client.get(f"orders/{key}").json()
    later = magento.shop.clock() + 100
    magento.shop.clock = lambda: later

    ship(magento_client, key, (item, 1))
    half = magento_client.get(f"orders/{key}").json()
    ship(magento_client, key, (item, 1))
    whole = magento_client.get(f"orders/{key}").json()

    assert (half["state"], half["updated_at"]) == ("processing", before["updated_at"])
    assert whole["state"] == "complete"
    assert whole["updated_at"] > before["updated_at"]


def test_a_shop_may_touch_the_order_with_every_shipment(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2)])
    before = magento_client.get(f"orders/{key}").json()["updated_at"]
    later = magento.shop.clock() + 100
    magento.shop.clock, magento.shop.shipping_touches_orders = (lambda: later), True
    ship(magento_client, key, (lines(magento_client, key)[0]["item_id"], 1))
    assert magento_client.get(f"orders/{key}").json()["updated_at"] > before


def test_a_configurable_is_shipped_by_its_parent(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(CONFIGURABLE, 2)])
    parent, child = lines(magento_client, key)

    refused = ship(magento_client, key, (child["item_id"], 2))
    assert refused.json()["message"] == HEAD + NOTHING

    ship(magento_client, key, (parent["item_id"], 2))
    assert [one["qty_shipped"] for one in lines(magento_client, key)] == [2, 0]
    assert magento_client.get(f"orders/{key}/statuses").json() == "complete"


@pytest.mark.parametrize(("product", "by_parent"), [(TOGETHER, True), (APART, False)])
def test_a_bundle_is_shipped_as_its_product_says(
    magento: Magento, magento_client: Client, product: int, by_parent: bool
) -> None:
    key = magento.shop.place_paid([(product, 1)])
    parent, first, second = lines(magento_client, key)
    parts = [(first["item_id"], 2), (second["item_id"], 1)]
    good, bad = (
        ([(parent["item_id"], 1)], parts) if by_parent else (parts, [(parent["item_id"], 1)])
    )

    assert ship(magento_client, key, *bad).json()["message"] == HEAD + NOTHING
    assert ship(magento_client, key, *good).status_code == 200
    assert magento_client.get(f"orders/{key}/statuses").json() == "complete"


def test_too_many_are_refused_by_name(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2)])
    (line,) = lines(magento_client, key)
    answer = ship(magento_client, key, (line["item_id"], 3))
    assert answer.status_code == 400
    said = f'We found an invalid quantity to ship for item "{line["name"]}".'
    assert answer.json()["message"] == f"{HEAD}{said}\n{NOTHING}"
    assert not magento_client.items("shipments", [("order_id", "eq", str(key))])


def test_a_shop_may_cut_too_many_to_what_is_left(
    magento: Magento, magento_client: Client
) -> None:
    magento.shop.clamps_quantities = True
    key = magento.shop.place_paid([(SIMPLE, 2)])
    item = lines(magento_client, key)[0]["item_id"]
    assert shipment(magento_client, ship(magento_client, key, (item, 30)))["total_qty"] == 2


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("hold", "A shipment cannot be created when an order has a status of holded"),
        (
            "cancel_by_force",
            "A shipment cannot be created when an order has a status of canceled",
        ),
        ("refund", "The order does not allow a shipment to be created."),
    ],
)
def test_an_order_in_the_wrong_state_is_not_shipped(
    magento: Magento, magento_client: Client, how: str, said: str
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    magento.shop.change(key, getattr(states, how))
    answer = ship(magento_client, key, (lines(magento_client, key)[0]["item_id"], 1))
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(HEAD + said)


def test_services_and_what_is_sent_already_are_not_shipped(
    magento: Magento, magento_client: Client
) -> None:
    service = magento.shop.place_paid([(SERVICE, 1)])
    done = magento.shop.place_paid([(SIMPLE, 1)])
    item = lines(magento_client, done)[0]["item_id"]
    ship(magento_client, done, (item, 1))

    virtual = ship(magento_client, service).json()["message"]
    again = ship(magento_client, done, (item, 1)).json()["message"]

    assert "has a status of complete" in virtual
    assert again == f"{HEAD}The order does not allow a shipment to be created.\n{NOTHING}"


@pytest.mark.parametrize("body", [{}, {"entity": {"items": [{"order_item_id": 0, "qty": 1}]}}])
def test_a_body_that_names_no_items_ships_all(
    magento: Magento, magento_client: Client, body: dict[str, Any]
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2), (CONFIGURABLE, 1), (TOGETHER, 1), (APART, 1)])
    made = shipment(magento_client, magento_client.post(f"order/{key}/ship", body))
    assert made["total_qty"] == 2 + 1 + 1 + 3
    assert magento_client.get(f"orders/{key}/statuses").json() == "complete"


def test_a_track_needs_a_number(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    track = {"track_number": "", "title": "UPS", "carrier_code": "ups"}
    answer = ship(magento_client, key, tracks=[track])
    assert answer.json()["message"] == f"{HEAD}Please enter a tracking number."


def test_lines_of_another_order_are_passed_over(
    magento: Magento, magento_client: Client
) -> None:
    mine, other = (magento.shop.place_paid([(SIMPLE, 1)]) for _ in range(2))
    item = lines(magento_client, other)[0]["item_id"]
    assert ship(magento_client, mine, (item, 1)).json()["message"] == HEAD + NOTHING


def test_an_unknown_order_is_404_and_nonsense_is_400(magento_client: Client) -> None:
    assert ship(magento_client, 9999).status_code == 404
    url = f"{magento_client.base}/order/3/ship"
    answer = magento_client.session.post(url, data="{", timeout=5)
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Decoding error: Syntax error",
    )


def test_what_is_sent_leaves_its_source(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2), (TOGETHER, 3)])
    before = magento.shop.quantity("KW-000009"), magento.shop.quantity("KW-000001")
    ship(magento_client, key)
    assert magento.shop.quantity("KW-000009") == before[0] - 6
    assert magento.shop.quantity("KW-000001") == before[1] - 2


def test_an_empty_source_ships_nothing(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place_paid([(SIMPLE, 2)])
    magento.shop.set_quantity("KW-000001", "default", 1)
    answer = ship(magento_client, key)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Could not save a shipment, see error log for details"
    assert lines(magento_client, key)[0]["qty_shipped"] == 0
