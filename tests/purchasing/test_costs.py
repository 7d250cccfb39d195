"""What goods cost: last and on average, with what it cost to get them here, and their worth."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.core.exchange_rates import ExchangeRate
from app.documents.errors import NotAllowed
from app.orders import services as orders
from app.purchasing import services
from app.purchasing.models import CostEntry, ProductCost
from app.purchasing.services import ReceivedItem
from app.stock import services as stock
from app.stock.models import Balance, Location, Movement
from tests.conftest import SignIn
from tests.factories import ProductFactory, VendorFactory
from tests.orders.conftest import confirmed
from tests.purchasing.conftest import Call, key, number, sent, stocked

VALUE = "/api/v1/costs/stock-value"


def receive(product: Product, quantity: object, price: object, **more: Any) -> Any:
    order = sent((product, quantity), unit_price=price, **more)
    [line] = order.lines
    item = ReceivedItem(line.units_ordered, line_id=line.id)
    return services.receive_goods(order.id, [item], key=key())


def cost(product: Product) -> list[Any]:
    """Last, and on average."""
    query = select(ProductCost).where(ProductCost.product_id == product.id)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one()
    return [found.last, found.average]


def entries(product: Product) -> list[Any]:
    query = select(CostEntry).where(CostEntry.product_id == product.id).order_by(CostEntry.id)
    return [*db.session.scalars(query)]


def ship(product: Product, quantity: int) -> None:
    sold = confirmed((product, quantity))
    orders.ship_order(sold.id, key=key())


def test_the_average_moves_with_each_receipt(product: Product) -> None:
    receive(product, 10, 4)
    receive(product, 30, 8)

    assert cost(product) == [8, 7]
    assert [(one.value, one.average_before, one.average_after) for one in entries(product)] == [
        (40, 0, 4),
        (240, 4, 7),
    ]


def test_a_carton_costs_its_pieces_exactly(product: Product) -> None:
    receive(product, 2, 10, pack_quantity=12)

    assert cost(product) == [Decimal("0.8333"), Decimal("0.8333")]
    assert entries(product)[0].value == 20


def test_of_what_was_there_before_any_receipt_the_catalogue_knows_the_cost(
    product: Product,
) -> None:
    stocked(10, product)  # at 3, as the catalogue says

    receive(product, 10, 5)

    assert cost(product) == [5, 4]


def test_of_nothing_on_hand_no_average_is_taken(product: Product) -> None:
    receive(product, 10, 100)
    ship(product, 10)

    receive(product, 5, 2)

    assert cost(product) == [2, 2]


def test_another_currency_changes_nothing_and_the_receipt_says_so(
    sign_in: SignIn, product: Product
) -> None:
    receipt = receive(product, 10, 4, vendor=VendorFactory.create(currency="USD"))

    assert entries(product) == []
    page = sign_in("purchase_orders.view").get(f"/receipts/{receipt.id}").text
    assert "P-1: what this cost is not known. It was ordered in USD" in page


def test_goods_in_another_currency_cost_what_the_rate_of_the_day_says(
    sign_in: SignIn, product: Product
) -> None:
    db.session.add(ExchangeRate(currency="USD", day=today(), rate=Decimal("1.25")))
    db.session.flush()
    receipt = receive(product, 10, 5, vendor=VendorFactory.create(currency="USD"))
    [line] = receipt.lines

    assert (line.exchange_rate, cost(product)) == (Decimal("0.8"), [4, 4])
    assert db.session.scalar(select(Movement.unit_cost).order_by(Movement.id.desc())) == 4
    services.add_landed_cost(receipt.id, kind="freight", amount=Decimal(25), spread="value")
    assert cost(product) == [4, 6]  # 25 dollars are 20 euros, on 10 pieces
    page = sign_in("products.view", "products.costs").get(f"/products/{product.id}").text
    assert "Average cost" in page
    assert "60.00" in page
    services.undo_receipt(receipt.id)
    assert sum(one.value for one in entries(product)) == 0


def test_a_rate_of_last_month_is_no_rate(product: Product) -> None:
    old = today() - timedelta(days=30)
    db.session.add(ExchangeRate(currency="USD", day=old, rate=Decimal("1.25")))
    db.session.flush()

    receipt = receive(product, 10, 5, vendor=VendorFactory.create(currency="USD"))

    assert (receipt.lines[0].exchange_rate, entries(product)) == (None, [])


def test_an_undone_receipt_takes_back_what_it_did(product: Product) -> None:
    receive(product, 10, 4)
    wrong = receive(product, 30, 8)

    services.undo_receipt(wrong.id)

    assert cost(product)[1] == 4
    assert [one.kind for one in entries(product)] == ["receipt", "receipt", "undone"]
    assert sum(one.value for one in entries(product)) == 40


def test_freight_raises_what_is_there_and_is_a_difference_for_what_has_gone(
    product: Product,
) -> None:
    receipt = receive(product, 10, 4)
    ship(product, 4)

    services.add_landed_cost(receipt.id, kind="freight", amount=Decimal(10), spread="value")

    landed = entries(product)[-1]
    assert [landed.value, landed.difference, cost(product)[1]] == [6, 4, 5]


def test_no_cent_of_freight_is_lost_whatever_it_is_spread_by(product: Product) -> None:
    heavy = ProductFactory.create(currency="EUR", weight=Decimal(3))
    light = ProductFactory.create(currency="EUR", weight=Decimal(1))
    free = ProductFactory.create(currency="EUR")
    order = sent((heavy, 1), (light, 1), (free, 1), unit_price=0)
    items = [ReceivedItem(number(1), line_id=line.id) for line in order.lines]
    receipt = services.receive_goods(order.id, items, key=key())

    for spread, amount in (("weight", "15"), ("value", "10"), ("quantity", "-0.01")):
        services.add_landed_cost(receipt.id, kind="duty", amount=Decimal(amount), spread=spread)

    landed = [one for product in (heavy, light, free) for one in entries(product)[1:]]
    assert sum(one.value + one.difference for one in landed) == Decimal("24.99")
    by_weight = [entries(one)[1].value for one in (heavy, light, free)]
    assert by_weight == [Decimal("11.25"), Decimal("3.75"), 0]


def test_nonsense_and_undone_receipts_are_refused(product: Product) -> None:
    receipt = receive(product, 10, 4)
    for wrong in ({"amount": Decimal(0)}, {"spread": "luck"}, {"kind": "bribe"}):
        values = {"kind": "duty", "amount": Decimal(1), "spread": "value"} | wrong
        with pytest.raises(Invalid):
            services.add_landed_cost(receipt.id, **values)  # type: ignore[arg-type]

    services.undo_receipt(receipt.id)
    with pytest.raises(NotAllowed, match="is undone"):
        services.add_landed_cost(receipt.id, kind="duty", amount=Decimal(1), spread="value")


def test_the_stock_is_worth_its_average_now_and_on_another_day(
    call: Call, session: Session, product: Product
) -> None:
    receive(product, 10, 4)
    receive(product, 30, 8)

    [row] = call("GET", VALUE).json["items"]  # type: ignore[index]
    assert call("GET", VALUE).json["sums"] == [{"currency": "EUR", "value": "280"}]  # type: ignore[index]
    assert (row["location"], row["quantity"], row["value"]) == ("MAIN-01", "40", "280")
    asked = f"{VALUE}?on={today().isoformat()}"
    assert call("GET", asked).json["items"] == [row]  # type: ignore[index]
    assert call("GET", f"{VALUE}?on=2020-01-01").json["items"] == []  # type: ignore[index]
    assert call("GET", f"{VALUE}?on=2020-01-01").json["sums"] == []  # type: ignore[index]
    [known] = call("GET", "/api/v1/costs").json["items"]  # type: ignore[index]
    assert (known["sku"], known["last_cost"], known["average_cost"]) == ("P-1", "8", "7")


def test_landed_costs_are_added_on_the_receipts_page(sign_in: SignIn, product: Product) -> None:
    receipt = receive(product, 10, 4)
    client = sign_in("purchase_orders.view", "products.costs", "stock.view")
    body = {"kind": "freight", "amount": "12.5", "spread": "value"}

    assert client.post(f"/receipts/{receipt.id}/landed-costs", data=body).status_code == 303
    assert "12.50" in client.get(f"/receipts/{receipt.id}").text
    assert "52.50" in client.get("/stock-value").text
    assert "All 1 location now" in client.get("/stock-value").text
    without = sign_in("purchase_orders.view", "purchase_orders.receive")
    assert "12.50" not in without.get(f"/receipts/{receipt.id}").text
    assert without.get("/stock-value").status_code == 403


def _target(product: Product, reason: str) -> Any:
    lying = select(Location.code).join(Balance, Balance.location_id == Location.id)
    code = db.session.scalars(lying.where(Balance.product_id == product.id)).first()
    return stock.find_target(reason=reason, product_id=product.id, location=code)


def _write_off(product: Product, quantity: int) -> None:
    target = _target(product, "damaged")
    stock.write_off(target, quantity=Decimal(quantity), reason="damaged", key=key())


def _adjustments(call: Call, address: str) -> Any:
    return call("GET", address).json


def test_write_offs_and_counts_are_valued_at_the_average_of_their_time(
    product: Product, call: Call
) -> None:
    receive(product, 10, 4)
    _write_off(product, 2)
    counted = stock.count_stock(_target(product, "counted"), counted=Decimal(9), key=key())
    receive(product, 10, 8)  # dearer: what was lost before is not
    dearer = entries(product)[-1]
    dearer.created_at += timedelta(hours=1)
    db.session.flush()

    said = _adjustments(call, "/api/v1/costs/adjustments?sort=date")
    lost = _adjustments(call, "/api/v1/costs/adjustments?reason=damaged")

    assert {(one["reason"], one["quantity"], one["value"]) for one in said["items"]} == {
        ("damaged", "-2", "-8"),
        ("counted", "1", "4"),
    }
    assert said["sums"] == [{"currency": "EUR", "value": "-4"}]
    assert [one["unit_cost"] for one in lost["items"]] == ["4"]
    stock.reverse_posting(counted.id, key=key())
    again = _adjustments(call, "/api/v1/costs/adjustments?reason=counted&sort=date")
    assert {one["value"] for one in again["items"]} == {"4", "-4"}
    assert again["sums"] == [{"currency": "EUR", "value": "0"}]
    tomorrow = (today() + timedelta(days=1)).isoformat()
    none = _adjustments(call, f"/api/v1/costs/adjustments?from={tomorrow}")
    assert none["items"] == []


def test_write_offs_and_counts_are_listed_for_who_may_see_costs(
    product: Product, sign_in: SignIn
) -> None:
    receive(product, 10, 4)
    _write_off(product, 2)

    shown = sign_in("products.costs").get("/stock-adjustments")

    assert "Damaged" in shown.text
    assert "8.00" in shown.text
    assert sign_in("stock.view").get("/stock-adjustments").status_code == 403
