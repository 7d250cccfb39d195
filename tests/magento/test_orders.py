"""A shop's orders become ours: what is invoiced is confirmed, once, whatever comes again."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Customer
from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.inbound.decisions import retry_rejected
from app.integrations.sync.models import RejectedRecord
from app.orders.models import SalesOrder
from tests.factories import CustomerFactory, ProductFactory
from tests.integrations.conftest import ours, work
from tests.magento.conftest import Sync, goods, parts
from tests.orders.conftest import reserved
from tests.standins.magento import Magento, states
from tests.standins.magento.orders import Demand
from tests.standins.magento.products import sku_of

pytestmark = pytest.mark.committed


def lines(order: SalesOrder) -> list[tuple[str, Any]]:
    return [(line.sku, line.quantity) for line in order.lines]


def test_an_order_that_is_not_paid_is_a_draft(shop: Magento, sync: Sync) -> None:
    goods(1)
    number = shop.shop.order(shop.shop.place([(1, 2)]))["increment_id"]

    sync()

    [order] = parts(number)
    assert (order.status, order.channel) == ("draft", "magento")
    assert lines(order) == [(sku_of(1), 2)]
    assert reserved(order) == []


def test_a_paid_order_is_confirmed_and_reserved(shop: Magento, sync: Sync) -> None:
    goods(1)
    there = shop.shop.order(shop.shop.place_paid([(1, 2)]))

    sync()

    [order] = parts(there["increment_id"])
    assert order.status == "allocated"
    assert [quantity for _place, quantity in reserved(order)] == [2]
    assert order.currency == there["order_currency_code"]
    assert (
        order.ship_street.splitlines()
        == (
            there["extension_attributes"]["shipping_assignments"][0]["shipping"]["address"][
                "street"
            ]
        )
    )
    assert order.subtotal == Decimal(str(there["subtotal"]))
    assert order.tax == Decimal(str(there["tax_amount"]))


def test_the_same_again_changes_nothing(shop: Magento, sync: Sync) -> None:
    goods(1)
    there = shop.shop.order(shop.shop.place_paid([(1, 2)]))
    sync()
    [before] = parts(there["increment_id"])
    version = before.version

    sync("full")
    sync()

    [after] = parts(there["increment_id"])
    assert after.version == version
    assert db.session.scalars(select(RejectedRecord)).all() == []


def test_what_is_invoiced_in_part_is_split_off(shop: Magento, sync: Sync) -> None:
    goods(1)
    goods(2)
    key = shop.shop.place([(1, 3), (2, 1)])
    there = shop.shop.order(key)
    sync()
    first, second = (item["item_id"] for item in there["items"])
    shop.shop.invoice(key, {first: 2})

    sync()

    rest, part = parts(there["increment_id"])
    assert (rest.status, lines(rest)) == ("draft", [(sku_of(1), 1), (sku_of(2), 1)])
    assert (part.status, lines(part)) == ("allocated", [(sku_of(1), 2)])

    shop.shop.invoice(key, {first: 1, second: 1})
    sync()

    rest, part = parts(there["increment_id"])
    assert (rest.status, part.status) == ("allocated", "allocated")


def test_a_configurable_counts_once(shop: Magento, sync: Sync) -> None:
    goods(19)
    there = shop.shop.order(shop.shop.place_paid([(20, 2)]))

    sync()

    [order] = parts(there["increment_id"])
    assert lines(order) == [(sku_of(19), 2)]
    assert order.lines[0].external_id == str(there["items"][0]["item_id"])
    assert order.subtotal == Decimal(str(there["subtotal"]))
    assert order.status == "allocated"


def test_of_a_bundle_the_parts_are_picked(shop: Magento, sync: Sync) -> None:
    goods(9, 100)
    goods(8, 100)
    there = shop.shop.order(shop.shop.place_paid([(10, 3)]))

    sync()

    [order] = parts(there["increment_id"])
    assert lines(order) == [(sku_of(9), 6), (sku_of(8), 3)]
    assert order.status == "allocated"
    assert order.subtotal == Decimal(str(there["subtotal"]))


def test_services_lie_on_no_shelf(shop: Magento, sync: Sync) -> None:
    goods(1)
    mixed = shop.shop.order(shop.shop.place_paid([(5, 1), (1, 1)]))["increment_id"]
    alone = shop.shop.order(shop.shop.place_paid([(5, 1)]))["increment_id"]

    sync()

    assert lines(parts(mixed)[0]) == [(sku_of(1), 1)]
    assert parts(alone) == []


def test_a_currency_and_a_discount_are_the_orders_own(shop: Magento, sync: Sync) -> None:
    goods(1)
    there = shop.shop.order(shop.shop.place_paid(Demand([(1, 3)], "PLN", 10)))

    sync()

    [order] = parts(there["increment_id"])
    assert order.currency == "PLN"
    assert order.subtotal == pytest.approx(
        Decimal(str(there["subtotal"] + there["discount_amount"])), abs=Decimal("0.01")
    )


def test_who_has_bought_before_is_the_same_customer(shop: Magento, sync: Sync) -> None:
    goods(1)
    there = shop.shop.order(shop.shop.place([(1, 1)]))
    known = CustomerFactory.create(email=there["customer_email"].upper(), currency="EUR")

    sync()

    assert parts(there["increment_id"])[0].customer_id == known.id
    assert len(db.session.scalars(select(Customer)).all()) == 1


def test_history_does_not_become_work(shop: Magento, sync: Sync) -> None:
    goods(1)
    key = shop.shop.place_paid([(1, 1)])
    there = shop.shop.order(key)
    shop.shop.ship(key, {there["items"][0]["item_id"]: 1})
    gone = shop.shop.place([(1, 1)])
    shop.shop.change(gone, states.cancel)

    sync("full")

    assert db.session.scalars(select(SalesOrder)).all() == []


def test_what_was_shipped_before_we_came_is_not_shipped_again(
    shop: Magento, sync: Sync
) -> None:
    goods(1)
    key = shop.shop.place_paid([(1, 3)])
    there = shop.shop.order(key)
    shop.shop.ship(key, {there["items"][0]["item_id"]: 1})

    sync("full")

    [order] = parts(there["increment_id"])
    assert (lines(order), order.status) == ([(sku_of(1), 2)], "allocated")


def test_an_order_on_hold_waits_and_goes_on(shop: Magento, sync: Sync) -> None:
    goods(1)
    key = shop.shop.place_paid([(1, 1)])
    number = shop.shop.order(key)["increment_id"]
    sync()
    shop.shop.change(key, states.hold)
    sync()
    [held] = parts(number)
    assert (held.status, held.hold_reason) == ("on_hold", "On hold in Magento")

    shop.shop.change(key, states.unhold)
    sync()

    assert parts(number)[0].status == "allocated"


def test_an_order_that_is_called_off_is_cancelled(shop: Magento, sync: Sync) -> None:
    goods(1)
    key = shop.shop.place_paid([(1, 1)])
    sync()
    shop.shop.change(key, states.cancel_by_force)

    sync()

    [order] = parts(shop.shop.order(key)["increment_id"])
    assert (order.status, order.hold_reason) == ("cancelled", "Order cancelled in Magento")
    assert reserved(order) == []


def test_an_edited_order_takes_the_place_of_the_old_one(shop: Magento, sync: Sync) -> None:
    goods(1)
    key = shop.shop.place([(1, 1)])
    number = shop.shop.order(key)["increment_id"]
    sync()

    shop.shop.edit(key, Demand([(1, 2)]))
    sync()

    assert [order.status for order in parts(number)] == ["cancelled"]
    assert lines(parts(f"{number}-1")[0]) == [(sku_of(1), 2)]


def test_a_product_that_nobody_knows_is_told_and_can_be_retried(
    shop: Magento, connection: Connection, sync: Sync
) -> None:
    sync("full")
    key = shop.shop.place_paid([(1, 1)])
    there = shop.shop.order(key)
    item = there["items"][0]
    item["sku"], item["product_id"] = "NEVER-HEARD-OF", 9999
    shop.shop.orders.put(there)

    sync()

    aside = ours(RejectedRecord)
    assert aside.reason == "We do not know NEVER-HEARD-OF: choose products of ours."
    assert (
        parts(there["increment_id"]) == [] or parts(there["increment_id"])[0].status == "draft"
    )

    ProductFactory.create(sku="NEVER-HEARD-OF", currency="EUR")
    retry_rejected([aside.id])
    work()

    assert parts(there["increment_id"])[0].status == "confirmed"
    db.session.refresh(aside)
    assert aside.resolved_at is not None


def test_new_products_come_with_the_shop(shop: Magento, sync: Sync) -> None:
    number = shop.shop.order(shop.shop.place_paid([(1, 1)]))["increment_id"]

    sync()

    [order] = parts(number)
    assert order.lines[0].product_id is not None
    assert order.status == "confirmed"  # there is none of it
