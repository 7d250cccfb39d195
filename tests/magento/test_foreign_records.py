"""Records as real shops have them: none costs another, and no paid order is lost."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product
from app.core.alerts import Alert
from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.sync.models import RejectedRecord
from app.integrations.systems.magento import reading
from app.orders import services
from app.stock.models import Reservation
from app.stock.services import check_ledger
from tests.bulk import act
from tests.cases import case
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.magento.mirrored import came, connected, item, order, ours_of, reasons
from tests.orders.conftest import stocked


@pytest.fixture
def shop() -> Connection:
    return connected()


def known(*skus: str) -> None:
    for sku in skus:
        ProductFactory.create(sku=sku, currency="EUR")


def skus_of(records: list[Any]) -> set[str]:
    return {line["sku"] for record in records for line in record["items"]}


def test_two_stores_give_two_orders_one_number(shop: Connection) -> None:
    orders = case("m01")["orders"]["items"]
    known(*skus_of(orders))

    came(shop, "order", orders)

    assert [(one.subtotal, one.status) for one in ours_of(shop)] == [
        (Decimal("30.00"), "confirmed"),
        (Decimal("99.00"), "confirmed"),
    ]
    assert reasons(shop) == []


def test_one_of_a_number_is_cancelled_and_the_other_is_not(shop: Connection) -> None:
    known("K1")
    twins = [order(n, item(n, "K1"), increment_id="TWIN") for n in (1, 2)]
    came(shop, "order", twins)

    came(shop, "order", [twins[0] | {"state": "canceled"}])

    first, second = ours_of(shop)
    assert (first.status, second.status) == ("cancelled", "confirmed")
    assert first.external_number == second.external_number == "TWIN"


def test_two_shops_number_their_records_alike(shop: Connection) -> None:
    known("K1")
    other = connected("other.example")
    for one in (shop, other):
        came(one, "order", [order(1, item(1, "K1"))])

    came(other, "order", [order(1, item(1, "K1"), state="canceled")])

    assert [one.status for one in ours_of(shop)] == ["confirmed"]
    assert [one.status for one in ours_of(other)] == ["cancelled"]


def test_a_product_that_does_not_fit_is_set_aside_and_orders_go_on(shop: Connection) -> None:
    known("K1")
    [negative] = case("m05")["items"]

    came(shop, "product", [negative, negative | {"id": 1, "sku": "GOOD", "price": 5}])
    came(shop, "order", [order(1, item(1, "K1"))])

    assert reasons(shop) == ["A price of -5 is less than nothing."]
    assert db.session.scalars(select(Product.name).filter_by(sku="GOOD")).one() == "Prod NEG"
    assert [one.status for one in ours_of(shop)] == ["confirmed"]


def test_what_only_the_database_refuses_costs_only_itself(
    shop: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a reader lets pass: the write of many is tried again by halves."""
    monkeypatch.setattr(
        reading, "_price", lambda _name, said, _told: said and Decimal(str(said))
    )
    records = [
        {"id": n, "sku": f"P{n}", "name": f"P{n}", "type_id": "simple", "status": 1, "price": n}
        for n in range(1, 9)
    ]
    records[4]["price"] = float(10**14)

    came(shop, "product", records)

    made = db.session.scalars(select(Product.sku).order_by(Product.sku)).all()
    assert len(made) == 7
    assert "P5" not in made
    [reason] = reasons(shop)
    assert reason


@pytest.mark.parametrize("error", [KeyError("sku"), RecursionError(), ZeroDivisionError("x")])
def test_any_exception_costs_one_record(
    shop: Connection, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    known("K1")
    really = reading.lines_and_worth

    def breaks(record: Any, invoiced: Any) -> Any:
        if record["increment_id"] == "M1":
            raise error
        return really(record, invoiced)

    monkeypatch.setattr(reading, "lines_and_worth", breaks)

    came(shop, "order", [order(1, item(1, "K1")), order(2, item(2, "K1"))])

    assert [one.external_number for one in ours_of(shop)] == ["M2"]
    assert len(reasons(shop)) == 1


def test_what_a_product_costs_comes_with_it(shop: Connection) -> None:
    attributes = [{"attribute_code": "cost", "value": "7.3000"}]
    record = {"id": 1, "sku": "P1", "name": "P1", "type_id": "simple", "status": 1, "price": 9}

    came(shop, "product", [record | {"custom_attributes": attributes}])

    made = db.session.scalars(select(Product)).one()
    assert (made.price, made.cost) == (Decimal(9), Decimal("7.3"))


def test_plain_orders_are_followed_together(shop: Connection, queries: list[str]) -> None:
    """What one more order costs are rows, not statements; of one buyer is one customer."""
    for sku in ("K1", "K2"):
        stocked(500, ProductFactory.create(sku=sku, currency="EUR"))
    buyer = {"customer_email": "Twice@example.com"}

    def asked(first: int, count: int) -> int:
        queries.clear()
        lines = [(item(n * 10, "K1", 2), item(n * 10 + 1, "K2")) for n in range(count)]
        came(shop, "order", [order(first + n, *two, **buyer) for n, two in enumerate(lines)])
        return sum("webhook_endpoint" not in one for one in queries)  # which is cached in life

    few, many = asked(100, 5), asked(200, 45)

    assert many - few < 10
    made = ours_of(shop)
    assert {(one.status, one.subtotal) for one in made} == {("allocated", Decimal(30))}
    assert (len(made), len({one.customer_id for one in made})) == (50, 1)
    assert sum(line.quantity for one in made for line in one.lines) == 150
    check_ledger(lambda _done, _total: None)  # raises where something does not agree
    held = select(func.sum(Reservation.quantity)).where(Reservation.state == "active")
    assert db.session.scalar(held) == 150


def test_one_that_cannot_be_written_costs_only_itself_among_those_followed_together(
    shop: Connection,
) -> None:
    known("K1")
    orders = [order(n, item(n, "K1")) for n in range(1, 8)]
    orders[3]["items"][0]["qty_ordered"] = 1.00005  # no reader minds, a rule does
    orders[5]["order_currency_code"] = "E"

    came(shop, "order", orders)

    made = {one.external_number for one in ours_of(shop)}
    assert made == {"M1", "M2", "M3", "M5", "M7"}
    assert len(reasons(shop)) == 2
    came(shop, "order", [{**one, "updated_at": "2026-11-30 08:03:01"} for one in orders])
    assert len(ours_of(shop)) == 5  # the same again makes nothing twice


def test_an_order_without_a_state_is_set_aside(shop: Connection) -> None:
    orders = case("m13")["items"]
    known(*skus_of(orders))

    came(shop, "order", orders)

    assert ours_of(shop) == []
    assert reasons(shop) == ["It says no state, so nobody knows whether to ship it."]


def test_a_state_that_is_none_of_magentos_is_set_aside(shop: Connection) -> None:
    known("K1")

    came(shop, "order", [order(1, item(1, "K1"), state="shipped_by_drone")])

    assert reasons(shop) == ["Its state is shipped_by_drone, which is none of Magento's."]


def test_people_are_told_while_records_are_rejected(shop: Connection) -> None:
    came(shop, "order", [order(1, item(1, "K1"), state=None)])

    alert = db.session.scalars(select(Alert).filter_by(closed_at=None)).one()
    assert alert.title == "One record of Magento could not be taken over"
    assert "It says no state" in alert.text

    known("K1")
    came(shop, "order", [order(1, item(1, "K1"), updated_at="2026-11-30 08:00:00")])

    assert reasons(shop) == []
    db.session.refresh(alert)
    assert alert.closed_at is not None


def test_what_was_settled_comes_back_for_another_reason_only(
    sign_in: SignIn, session: Session, shop: Connection
) -> None:
    clerk: FlaskClient = sign_in("integrations.view", "integrations.sync")
    came(shop, "order", [order(1, item(1, "K1"), state=None)])
    row = session.scalars(select(RejectedRecord)).one()
    at = f"/connections/{shop.id}/rejected"

    act(clerk, "rejected-records/actions/settle", [row.id], here=at)

    assert reasons(shop) == []
    assert session.scalars(select(Alert).filter_by(closed_at=None)).all() == []
    came(shop, "order", [order(1, item(1, "K1"), state=None, updated_at="2026-11-30 08:00:00")])
    assert reasons(shop) == []
    came(shop, "order", [order(1, item(1, "K1"), state="?", updated_at="2026-11-30 09:00:00")])
    assert reasons(shop) == ["Its state is ?, which is none of Magento's."]


def test_a_row_total_after_discount_is_not_discounted_again(shop: Connection) -> None:
    orders = case("m02")["items"]
    known(*skus_of(orders))

    came(shop, "order", orders)

    [ours] = ours_of(shop)
    assert [line.total for line in ours.lines] == [Decimal("55.20"), Decimal("179.20")]
    assert (ours.total, ours.status) == (Decimal("253.74"), "draft")


def test_a_row_total_before_discount_is(shop: Connection) -> None:
    known("K1")
    line = item(1, "K1", 2, 10, discount_amount=5, tax_percent=20)

    came(shop, "order", [order(1, line, grand_total=23, tax_amount=3)])

    ours: Any = ours_of(shop)[0]
    assert (ours.lines[0].unit_price, ours.lines[0].discount) == (10, "5")
    assert (ours.subtotal, ours.tax, ours.shipping_amount) == (15, 3, 5)
    assert (ours.total, ours.status) == (23, "confirmed")  # what the shop says


def test_carriage_has_its_tax_and_comes_once(shop: Connection) -> None:
    """What is shipped there already was charged with its carriage."""
    known("K1", "K2")
    costs = {"shipping_amount": 10, "shipping_tax_amount": 2, "grand_total": 32}
    begun = item(3, "K1", 2, 10) | {"qty_shipped": 1}
    orders = [
        order(1, item(1, "K1", 2, 10), **costs),
        order(2, begun, increment_id="BEGUN", **costs),
    ]

    came(shop, "order", orders)

    found: Any = ours_of(shop)
    whole, rest = found
    assert (whole.shipping_amount, whole.shipping_tax_rate) == (10, 20)
    assert (whole.total, whole.hold_reason) == (32, "")
    assert (rest.shipping_amount, rest.total) == (0, 10)


def test_prices_with_tax_have_a_part_of_the_discount_compensated(shop: Connection) -> None:
    """12 with 20 % tax, half off: 5 and 1, though the discount says 6."""
    known("K1")
    line = item(
        1, "K1", 1, 10, tax_percent=20, discount_amount=6, discount_tax_compensation_amount=1
    )

    came(shop, "order", [order(1, line, grand_total=11)])

    [ours] = ours_of(shop)
    assert (int(ours.subtotal), int(ours.tax), ours.status) == (5, 1, "confirmed")


def test_a_bundle_at_one_price_is_worth_that_price(shop: Connection) -> None:
    orders = case("m04")["items"]
    known(*skus_of(orders))

    came(shop, "order", orders)

    [ours] = ours_of(shop)
    assert (ours.subtotal, ours.total) == (Decimal("61.00"), Decimal("66.00"))
    assert len(ours.lines) == 2
    assert ours.hold_reason == ""


def test_a_total_that_differs_is_held_with_both_figures(shop: Connection) -> None:
    known("K1")

    came(shop, "order", [order(1, item(1, "K1"), grand_total=66)])

    [ours] = ours_of(shop)
    assert ours.status == "on_hold"
    assert ours.hold_reason == ("Magento says 66.00 EUR, its lines and shipping come to 15.00")
    came(shop, "order", [order(1, item(1, "K1"), grand_total=66, updated_at="2026-12-01")])
    assert [one.status for one in ours_of(shop)] == ["on_hold"]  # until somebody releases it


def test_yen_have_no_cents(shop: Connection) -> None:
    ProductFactory.create(sku="K1", currency="JPY")
    line = item(1, "K1", 3, 333, tax_percent=10)

    came(shop, "order", [order(1, line, order_currency_code="JPY", grand_total=1104)])

    [ours] = ours_of(shop)
    assert (int(ours.subtotal), int(ours.tax), ours.status) == (999, 100, "confirmed")


@pytest.fixture
def corrected(shop: Connection) -> Any:
    """The order as it came; gives it as the shop has it later."""
    both = case("m07")
    known(*skus_of(both["first"]["items"]))
    came(shop, "order", both["first"]["items"])
    return [one | {"updated_at": "2026-11-30 08:00:00"} for one in both["later"]["items"]]


def test_an_address_that_is_corrected_there_follows(shop: Connection, corrected: Any) -> None:
    came(shop, "order", corrected)

    [ours] = ours_of(shop)
    assert (ours.ship_street, ours.ship_city) == ("99 Corrected Street", "Paris")
    assert reasons(shop) == []


def test_an_address_that_was_changed_here_too_is_told(shop: Connection, corrected: Any) -> None:
    [ours] = ours_of(shop)
    services.change_order(ours.id, version=ours.version, ship_city="Nice")

    came(shop, "order", corrected)

    assert [one.ship_city for one in ours_of(shop)] == ["Nice"]
    [reason] = reasons(shop)
    assert "99 Corrected Street, Paris" in reason


def test_what_the_shop_has_shipped_itself_does_not_leave_twice(shop: Connection) -> None:
    both = case("m08")
    known(*skus_of(both["first"]["items"]))
    came(shop, "order", both["first"]["items"])
    assert [one.status for one in ours_of(shop)] == ["confirmed"]

    later = [one | {"updated_at": "2026-11-30 08:00:00"} for one in both["later"]["items"]]
    came(shop, "order", later)

    assert [one.status for one in ours_of(shop)] == ["cancelled"]
    assert reasons(shop) == []


def test_a_part_that_the_shop_has_shipped_is_closed_once(shop: Connection) -> None:
    known("K1")
    came(shop, "order", [order(1, item(1, "K1", 5))])

    for day in (1, 2):
        line = item(1, "K1", 5, qty_shipped=2)
        came(shop, "order", [order(1, line, updated_at=f"2026-12-0{day} 08:00:00")])

    [ours] = ours_of(shop)
    assert [line.quantity_wanted for line in ours.lines] == [3]
    assert ours.status == "confirmed"


def test_money_given_back_for_what_has_left_asks_nothing(shop: Connection) -> None:
    both = case("m09")
    skus = skus_of(both["first"]["items"])
    for sku in skus:
        stocked(10, ProductFactory.create(sku=sku, currency="EUR"))
    came(shop, "order", both["first"]["items"])
    [ours] = ours_of(shop)
    services.ship_order(ours.id, key="m09")

    later = [one | {"updated_at": "2026-11-30 08:00:00"} for one in both["later"]["items"]]
    came(shop, "order", later)

    assert [one.status for one in ours_of(shop)] == ["shipped"]
    assert reasons(shop) == []


def test_what_an_extension_sells_is_left_out_and_said(shop: Connection) -> None:
    both = case("m11")
    known("24-WG084")
    came(shop, "invoice", both["invoices"]["items"])

    came(shop, "order", both["orders"]["items"])

    [ours] = ours_of(shop)
    assert [line.sku for line in ours.lines] == ["24-WG084"]
    assert ours.status == "confirmed"
    assert "Left out, no goods of ours: AMGC-1" in ours.notes
    assert reasons(shop) == []


def test_what_an_extension_sells_and_we_know_is_goods(shop: Connection) -> None:
    known("BOX")

    came(shop, "order", [order(1, item(1, "BOX", product_type="mystery_box"))])

    assert [line.sku for one in ours_of(shop) for line in one.lines] == ["BOX"]


def test_what_there_is_room_for_is_brought_in(shop: Connection) -> None:
    known("K1")
    said = {
        "shipping_description": "Flat Rate - Fixed",
        "payment": {"method": "checkmo", "additional_information": ["Check"]},
        "customer_note": "Ring twice",
        "customer_taxvat": "FR123",
    }

    came(shop, "order", [order(1, item(1, "K1"), **said)])

    [ours] = ours_of(shop)
    assert ours.notes.split("\n") == [
        "Shipping: Flat Rate - Fixed, 5.00 EUR",
        "Payment: Check",
        "The customer says: Ring twice",
    ]
    customer = db.session.get_one(Customer, ours.customer_id)
    assert (customer.phone, customer.city, customer.notes) == (
        "0400000000",
        "Lyon",
        "VAT number: FR123",
    )
