"""The orders of the made-up shop and what becomes of them, as the API tells it."""

from typing import Any

import pytest

from tests.standins.magento import Magento, moments
from tests.standins.magento.client import Client
from tests.standins.magento.orders import Demand

pytest_plugins = "tests.standins.magento.fixtures"
SIMPLE, SERVICE, BUNDLE, CONFIGURABLE, APART = 1, 5, 10, 20, 30


def read(client: Client, key: int) -> Any:
    return client.get(f"orders/{key}").json()


def document(client: Client, path: str, key: int) -> Any:
    return client.get(f"{path}/{key}").json()


def test_a_configurable_is_two_lines_with_one_sku_and_the_money_once(
    magento: Magento, magento_client: Client
) -> None:
    order = read(magento_client, magento.shop.place([(CONFIGURABLE, 2)]))
    parent, child = order["items"]
    assert (parent["product_type"], child["product_type"]) == ("configurable", "simple")
    assert child["parent_item_id"] == parent["item_id"]
    assert (parent["sku"], parent["qty_ordered"]) == (child["sku"], child["qty_ordered"])
    assert child["row_total"] == 0
    assert order["subtotal"] == parent["row_total"] > 0
    assert order["total_qty_ordered"] == 2


def test_a_bundle_is_a_parent_and_its_parts(magento: Magento, magento_client: Client) -> None:
    order = read(magento_client, magento.shop.place([(BUNDLE, 3)]))
    parent, first, second = order["items"]
    assert parent["sku"] == f"BU-000010-{first['sku']}-{second['sku']}"
    assert (first["qty_ordered"], second["qty_ordered"]) == (6, 3)
    assert parent["row_total"] == round(first["row_total"] + second["row_total"], 2)


def test_an_order_of_services_goes_nowhere(magento: Magento, magento_client: Client) -> None:
    order = read(magento_client, magento.shop.place([(SERVICE, 1)]))
    assert (order["is_virtual"], order["shipping_amount"]) == (1, 0)
    (assigned,) = order["extension_attributes"]["shipping_assignments"]
    assert "address" not in assigned["shipping"]


@pytest.mark.parametrize("currency", ["EUR", "USD", "PLN"])
def test_totals_add_up_in_both_currencies(
    magento: Magento, magento_client: Client, currency: str
) -> None:
    demand = Demand([(SIMPLE, 3), (BUNDLE, 1), (CONFIGURABLE, 2)], currency, discount=15)
    order = read(magento_client, magento.shop.place(demand))
    names = ("subtotal", "tax_amount", "shipping_amount", "discount_amount")
    for base in ("", "base_"):
        total = sum(order[f"{base}{name}"] for name in names)
        assert order[f"{base}grand_total"] == round(total, 2)
    rate = order["base_to_order_rate"]
    assert order["grand_total"] == pytest.approx(order["base_grand_total"] * rate, abs=0.05)
    assert (order["order_currency_code"], order["base_currency_code"]) == (currency, "EUR")
    assert order["store_id"] == (2 if currency == "PLN" else 1)


def test_guests_and_customers_order(magento: Magento) -> None:
    orders = [row.fields for row in magento.shop.orders.rows.values()]
    assert {one["customer_is_guest"] for one in orders} == {0, 1}
    assert all(("customer_id" in one) == (one["customer_is_guest"] == 0) for one in orders)


def test_all_states_occur_and_a_status_may_be_missing() -> None:
    rows = Magento(orders=200).shop.orders.rows.values()
    states = {row.columns["state"] for row in rows}
    assert states == {
        "new",
        "processing",
        "complete",
        "closed",
        "canceled",
        "holded",
        "payment_review",
    }
    assert any(row.columns["status"] is None for row in rows)


def test_an_invoice_of_a_part_leaves_the_rest_due(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place([(SIMPLE, 4)])
    (line,) = read(magento_client, key)["items"]
    item = {"order_item_id": line["item_id"], "qty": 1}

    number = magento_client.post(f"order/{key}/invoice", {"items": [item]}).json()

    part, order = document(magento_client, "invoices", number), read(magento_client, key)
    assert (part["order_id"], part["total_qty"]) == (key, 1)
    assert part["subtotal"] == round(order["subtotal"] / 4, 2)
    assert order["total_due"] == round(order["grand_total"] - part["grand_total"], 2) > 0
    assert (order["state"], order["items"][0]["qty_invoiced"]) == ("processing", 1)


def test_invoices_of_parts_add_up_to_the_order(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place(Demand([(SIMPLE, 2), (CONFIGURABLE, 2)], "USD"))
    lines = [one for one in read(magento_client, key)["items"] if "parent_item_id" not in one]
    for line in lines:
        item = {"order_item_id": line["item_id"], "qty": line["qty_ordered"]}
        magento_client.post(f"order/{key}/invoice", {"items": [item]})
    order = read(magento_client, key)
    assert order["total_due"] == 0
    assert order["total_paid"] == order["grand_total"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("cancel", "An invoice cannot be created when an order has a status of canceled"),
        ("hold", "An invoice cannot be created when an order has a status of holded"),
    ],
)
def test_a_closed_order_cannot_be_billed(
    magento: Magento, magento_client: Client, what: str, said: str
) -> None:
    key = magento.shop.place([(SIMPLE, 1)])
    assert magento_client.post(f"orders/{key}/{what}").json() is True
    answer = magento_client.post(f"order/{key}/invoice")
    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_more_than_ordered_cannot_be_billed(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place([(SIMPLE, 1)])
    (line,) = read(magento_client, key)["items"]
    items = [{"order_item_id": line["item_id"], "qty": 2}]
    answer = magento_client.post(f"order/{key}/invoice", {"items": items})
    assert answer.status_code == 400
    assert "must not be greater than the uninvoiced quantity" in answer.json()["message"]


def test_an_order_is_held_and_let_go_on_once(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    assert magento_client.post(f"orders/{key}/hold").json() is True
    assert read(magento_client, key)["hold_before_state"] == "processing"
    again = magento_client.post(f"orders/{key}/hold")
    assert (again.status_code, again.json()["message"]) == (
        400,
        "A hold action is not available.",
    )
    assert magento_client.post(f"orders/{key}/unhold").json() is True
    assert magento_client.get(f"orders/{key}/statuses").json() == "processing"
    assert magento_client.post(f"orders/{key}/unhold").status_code == 400


def test_a_paid_order_cannot_be_cancelled(magento: Magento, magento_client: Client) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    assert magento_client.post(f"orders/{key}/cancel").json() is False
    assert read(magento_client, key)["state"] == "processing"


def test_an_edited_order_is_cancelled_and_has_a_successor(
    magento: Magento, magento_client: Client
) -> None:
    old = magento.shop.place([(SIMPLE, 1)])
    first = magento.shop.edit(old)
    second = magento.shop.edit(first, Demand([(SIMPLE, 5)]))

    names = [read(magento_client, key)["increment_id"] for key in (old, first, second)]
    assert names == [names[0], f"{names[0]}-1", f"{names[0]}-2"]
    before = read(magento_client, first)
    assert (before["state"], before["relation_child_id"]) == ("canceled", str(second))
    assert before["relation_parent_real_id"] == names[0]


def test_a_change_moves_the_time_and_a_deletion_takes_all_away(
    magento: Magento, magento_client: Client
) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    later = magento.shop.clock() + 100
    magento.shop.clock = lambda: later
    magento.shop.change(key, lambda order: order.update(customer_email="new@example.com"))
    assert read(magento_client, key)["updated_at"] == moments.written(later)

    magento.shop.delete(key)

    assert magento_client.get(f"orders/{key}").status_code == 404
    assert not magento_client.items("invoices", [("order_id", "eq", str(key))])


@pytest.mark.parametrize("path", ["orders/9999", "invoices/9999", "shipment/9999"])
def test_what_is_not_there_is_404_in_the_vendors_words(
    magento_client: Client, path: str
) -> None:
    answer = magento_client.get(path)
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("The entity that was requested doesn't exist.")


def test_a_product_has_its_own_words(magento_client: Client) -> None:
    answer = magento_client.get("products/nothing/here")
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("The product that was requested doesn't exist.")


def test_an_unknown_path_is_404(magento_client: Client) -> None:
    assert magento_client.get("nonsense").json() == {
        "message": "Request does not match any route."
    }


@pytest.mark.parametrize("table", ["orders", "invoices", "shipments", "products"])
def test_the_same_seed_makes_the_same_shop(table: str) -> None:
    shops = [Magento(orders=250, seed=seed).shop for seed in (3, 3, 4)]
    one, same, other = ([r.raw for r in getattr(s, table).rows.values()] for s in shops)
    assert one == same
    assert (one == other) == (table == "products")


def test_copies_of_a_history_fit_together() -> None:
    shop = Magento(orders=600).shop
    lines = set()
    for key, row in shop.orders.rows.items():
        order = row.fields
        assert order["entity_id"] == key
        assert order["increment_id"].partition("-")[0] in {f"{key:09d}", f"{key - 1:09d}"}
        assert {one["order_id"] for one in order["items"]} == {key}
        addressed = order["billing_address_id"], order["billing_address"]["entity_id"]
        assert addressed == (2 * key - 1, 2 * key - 1)
        lines |= {(key, one["item_id"]) for one in order["items"]}
    assert len({item for _, item in lines}) == len(lines)
    for table in (shop.invoices, shop.shipments):
        for row in table.rows.values():
            made = row.fields
            of = made["order_id"]
            assert all((of, one["order_item_id"]) in lines for one in made["items"])
            assert made["created_at"] >= shop.order(of)["created_at"]


@pytest.mark.parametrize("counts", [(0, 0), (1, 5), (30, 0), (7, 40)])
def test_a_shop_can_be_small_or_empty(counts: tuple[int, int]) -> None:
    made = Magento(products=counts[0], orders=counts[1] if counts[0] else 0)
    assert len(made.shop.products.rows) == counts[0]
    assert len(made.shop.orders.rows) in {counts[1], counts[1] + 1}
