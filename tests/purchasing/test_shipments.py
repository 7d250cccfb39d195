"""Goods of several orders come in one shipment: its costs are spread over all of them."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product, Vendor
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.core.exchange_rates import ExchangeRate
from app.core.versions import StaleVersion
from app.documents.errors import NotAllowed
from app.purchasing import services
from app.purchasing.models import CostEntry, InboundShipment, ProductCost
from app.purchasing.services import ReceivedItem
from app.vendor_returns import services as vendor_returns
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import ProductFactory
from tests.purchasing.conftest import again, drafted, number, sent

__all__ = ["bearer"]

KEYS = count(1)
FREIGHT: Any = {"kind": "freight", "amount": Decimal(30), "currency": "EUR", "spread": "value"}


@pytest.fixture
def cup() -> Product:
    return ProductFactory.create(sku="CUP", currency="EUR", weight=Decimal(1))


@pytest.fixture
def pot() -> Product:
    return ProductFactory.create(sku="POT", currency="EUR", weight=Decimal(9))


@pytest.fixture
def orders(cup: Product, pot: Product) -> list[Any]:
    """Ten cups at 4 from one vendor, and ten pots at 2 from another."""
    return [sent((cup, 10), unit_price=4), sent((pot, 10), unit_price=2)]


def planned(*orders: Any, **more: Any) -> InboundShipment:
    return services.create_shipment(
        name="MSKU 12", order_ids=[one.id for one in orders], **more
    )


def received(order: Any, quantity: object = 10) -> Any:
    item = ReceivedItem(number(quantity), line_id=again(order).lines[0].id)
    return services.receive_goods(order.id, [item], key=f"shipped {next(KEYS)}")


def arrived(found: InboundShipment, *receipts: Any) -> Any:
    return services.note_arrival(found.id, receipt_ids=[one.id for one in receipts])


def averages(*products: Product) -> list[Any]:
    query = select(ProductCost.product_id, ProductCost.average)
    known = dict(db.session.execute(query).all())
    return [known[one.id] for one in products]


def landed(product: Product) -> list[tuple[Any, Any]]:
    """What came to the stock of a product, and what fell on goods that had gone."""
    query = select(CostEntry.value, CostEntry.difference)
    mine = query.where(CostEntry.product_id == product.id, CostEntry.kind == "landed")
    return [(row.value, row.difference) for row in db.session.execute(mine)]


@pytest.mark.parametrize(
    ("spread", "each"),
    [("value", (6, 3)), ("quantity", ("5.5", "3.5")), ("weight", ("4.3", "4.7"))],
)
def test_costs_wait_for_the_shipment_and_are_spread_over_all_that_came(
    cup: Product, pot: Product, orders: list[Any], spread: str, each: tuple[object, object]
) -> None:
    found = planned(*orders)
    cost = services.add_shipment_cost(found.id, **(FREIGHT | {"spread": spread}))
    receipts = [received(one) for one in orders]
    assert (averages(cup, pot), cost.spread_at) == ([4, 2], None)

    arrived(found, *receipts)

    assert averages(cup, pot) == [number(one) for one in each]
    assert db.session.get_one(type(cost), cost.id).spread_at is not None


def test_a_cost_that_comes_late_is_spread_at_once_over_what_is_left(
    cup: Product, pot: Product, orders: list[Any]
) -> None:
    found = planned(*orders)
    receipts = [received(one) for one in orders]
    arrived(found, *receipts)
    vendor = db.session.get_one(Vendor, orders[0].vendor_id)
    item = vendor_returns.ReturnItem(number(5), receipt_line_id=receipts[0].lines[0].id)
    back = vendor_returns.create_return(vendor_id=vendor.id, items=[item], key="back")
    vendor_returns.send_return(back.id)

    services.add_shipment_cost(found.id, **FREIGHT)

    assert landed(cup) == [(10, 10)]  # half of them went back: half of it is a difference
    assert landed(pot) == [(10, 0)]
    assert averages(cup, pot) == [6, 3]


def test_a_cost_in_another_currency_is_worth_what_the_rate_says(
    cup: Product, pot: Product, orders: list[Any]
) -> None:
    found = planned(*orders)
    arrived(found, *[received(one) for one in orders])

    with pytest.raises(Invalid, match="No rate of"):
        services.add_shipment_cost(found.id, **(FREIGHT | {"currency": "USD"}))
    db.session.add(ExchangeRate(currency="USD", day=today(), rate=Decimal(2)))
    db.session.commit()
    services.add_shipment_cost(
        found.id, **(FREIGHT | {"currency": "USD", "amount": Decimal(60)})
    )

    assert averages(cup, pot) == [6, 3]


def test_each_cent_is_spread(cup: Product, pot: Product, orders: list[Any]) -> None:
    found = planned(*orders)
    arrived(found, *[received(one) for one in orders])

    services.add_shipment_cost(found.id, **(FREIGHT | {"amount": Decimal("0.01")}))

    parts = [*landed(cup), *landed(pot)]
    assert sum(value + difference for value, difference in parts) == Decimal("0.01")


def test_its_orders_are_expected_on_its_day(orders: list[Any]) -> None:
    day = date(2031, 5, 4)
    found = planned(orders[0], expected_on=day)
    services.send_off(found.id)
    assert again(orders[0]).due_on == day

    later = day + timedelta(7)
    services.change_shipment(found.id, version=None, expected_on=later)
    both = [one.id for one in orders]
    services.change_shipment(found.id, version=None, order_ids=both)

    assert [again(one).due_on for one in orders] == [later, later]


def test_what_does_not_belong_to_it_is_refused(cup: Product, orders: list[Any]) -> None:
    found = planned(orders[0])
    other = received(orders[1])

    with pytest.raises(Invalid, match="did not come with this shipment"):
        arrived(found, other)
    with pytest.raises(Invalid, match="Choose purchase orders"):
        planned(drafted((cup, 1)))
    with pytest.raises(Invalid, match="what people call it"):
        services.create_shipment(name=" ")
    with pytest.raises(StaleVersion):
        services.change_shipment(found.id, version=7, name="Other")
    with pytest.raises(Invalid, match="other than zero"):
        services.add_shipment_cost(found.id, **(FREIGHT | {"amount": Decimal(0)}))


def test_a_receipt_comes_with_one_shipment(orders: list[Any]) -> None:
    receipt = received(orders[0], 5)
    arrived(planned(orders[0]), receipt)

    with pytest.raises(Invalid, match="did not come with"):
        arrived(planned(orders[0]), receipt)


def test_an_arrival_is_taken_back_until_its_costs_are_spread(orders: list[Any]) -> None:
    found = planned(orders[0])
    receipt = received(orders[0])
    arrived(found, receipt)

    assert services.reopen_shipment(found.id).status == "under_way"
    services.add_shipment_cost(found.id, **FREIGHT)
    arrived(found, receipt)
    with pytest.raises(NotAllowed, match="have come to its goods"):
        services.reopen_shipment(found.id)


def test_costs_without_goods_wait_or_are_taken_away(orders: list[Any]) -> None:
    found = planned(orders[0])
    cost = services.add_shipment_cost(found.id, **FREIGHT)

    with pytest.raises(NotAllowed, match="Nothing came with"):
        arrived(found)
    with pytest.raises(NotAllowed, match="take them away first"):
        services.cancel_shipment(found.id)
    services.drop_shipment_cost(found.id, cost.id)
    assert services.cancel_shipment(found.id).status == "cancelled"
    with pytest.raises(NotAllowed, match="is cancelled"):
        services.add_shipment_cost(found.id, **FREIGHT)


def test_people_follow_a_shipment(sign_in: SignIn, cup: Product, orders: list[Any]) -> None:
    person = sign_in(
        *("purchase_orders.view", "purchase_orders.edit", "purchase_orders.receive"),
        "products.costs",
    )
    asked = {"name": "MSKU 12", "order_ids": [str(one.id) for one in orders]}

    assert orders[0].number in person.get("/inbound-shipments/new").text
    made = person.post("/inbound-shipments", data=asked)
    found = db.session.scalars(select(InboundShipment)).one()
    at = f"/inbound-shipments/{found.id}"
    assert made.status_code == 303
    assert person.post(f"{at}/dispatch").status_code == 303
    cost = {"kind": "freight", "amount": "30", "currency": "EUR", "spread": "value"}
    assert person.post(f"{at}/costs", data=cost).status_code == 303
    assert "Waits until it has arrived" in person.get(at).text
    receipt = received(orders[0])
    assert receipt.number in person.get(f"{at}/arrival/new").text
    come = person.post(f"{at}/arrival", data={"receipt_ids": [str(receipt.id)]})
    assert (come.status_code, averages(cup)) == (303, [7])
    assert found.number in person.get(f"/receipts/{receipt.id}").text
    assert "MSKU 12" in person.get("/inbound-shipments?status=arrived").text
    assert person.post(f"{at}/edit", data=asked).status_code in (404, 405)
    other = sign_in("purchase_orders.view")
    assert "Costs" not in other.get(at).text
    assert other.post(f"{at}/costs", data=cost).status_code == 403


def test_programs_follow_a_shipment(bearer: Bearer, cup: Product, orders: list[Any]) -> None:
    program = bearer(
        *("purchase_orders.view", "purchase_orders.edit", "purchase_orders.receive"),
        "products.costs",
    )
    root = "/api/v1/inbound-shipments"
    ids = [one.id for one in orders]

    made = program.post(root, json={"name": "MSKU 12", "order_ids": ids})
    at = f"{root}/{made.json['id']}"
    changed = program.put(at, json={"carrier": "Sea", "version": made.json["version"]})
    off = program.post(f"{at}/send-off")
    cost = {"kind": "duty", "amount": "30", "currency": "EUR"}
    waiting = program.post(f"{at}/costs", json=cost)
    dropped = program.delete(f"{at}/costs/{waiting.json['id']}")
    kept = program.post(f"{at}/costs", json=cost)
    receipt = received(orders[0])
    come = program.post(f"{at}/arrival", json={"receipt_ids": [receipt.id]})

    assert (made.status_code, changed.json["carrier"]) == (201, "Sea")
    assert (off.json["status"], dropped.status_code, kept.status_code) == (
        "under_way",
        204,
        201,
    )
    assert (come.json["status"], averages(cup)) == ("arrived", [7])
    assert [one["spread_at"] is None for one in program.get(f"{at}/costs").json["items"]] == [
        False
    ]
    assert [one["name"] for one in program.get(f"{root}?q=sea").json["items"]] == ["MSKU 12"]
    assert program.post(f"{at}/cancel").status_code == 409
