"""What of a shop's record does not fit is kept in another room, told, or sets it aside."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Barcode, Customer, Product
from app.core.db import db
from app.integrations.hub.models import Connection
from tests.factories import ProductFactory
from tests.magento.mirrored import came, connected, item, order, ours_of, reasons

PRODUCT = {"id": 1, "sku": "P1", "name": "Pot", "type_id": "simple", "status": 1, "price": 9}
ADDRESS = {
    "firstname": "Ana",
    "street": ["1"],
    "city": "L",
    "postcode": "6",
    "country_id": "FR",
}


@pytest.fixture
def shop() -> Connection:
    return connected()


@pytest.fixture
def known() -> None:
    ProductFactory.create(sku="K1", currency="EUR")


def sent_to(*addresses: dict[str, Any]) -> dict[str, Any]:
    assigned = [{"shipping": {"address": one}} for one in addresses]
    return {"extension_attributes": {"shipping_assignments": assigned}}


def with_attribute(name: str, value: Any) -> dict[str, Any]:
    return PRODUCT | {"custom_attributes": [{"attribute_code": name, "value": value}]}


# Products


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (PRODUCT | {"price": "9,50"}, "price 9,50"),
        (with_attribute("cost", "abc"), "cost abc"),
        (with_attribute("ean", "4006381333932"), "barcode 4006381333932 (The check digit"),
    ],
)
def test_what_a_product_loses_is_told(
    shop: Connection, record: dict[str, Any], told: str
) -> None:
    came(shop, "product", [record])

    [reason] = reasons(shop)
    assert reason.startswith("Taken over, but for: ")
    assert told in reason
    assert db.session.scalars(select(Product.sku)).all() == ["P1"]


def test_it_is_told_no_more_once_it_was_put_right(shop: Connection) -> None:
    came(shop, "product", [PRODUCT | {"price": "9,12"}])

    came(shop, "product", [PRODUCT | {"price": 9.12, "updated_at": "2026-12-02 08:00:00"}])

    assert reasons(shop) == []


@pytest.mark.parametrize("price", [926.6400000000001, "926.640000"])
def test_what_a_program_computed_loses_nothing(shop: Connection, price: Any) -> None:
    came(shop, "product", [PRODUCT | {"price": price}])

    assert reasons(shop) == []
    assert db.session.scalars(select(Product.price)).all() == [Decimal("926.64")]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": None}, "Its status is None"),
        ({"status": 9}, "Its status is 9"),
        ({"sku": "X" * 400}, "At most 300 characters"),
        ({"name": "n" * 400}, "At most 300 characters"),
        ({"sku": ["A"]}, "is no text"),
        ({"name": {"x": 1}}, "is no text"),
    ],
)
def test_a_product_that_nobody_can_be_sure_of_is_set_aside(
    shop: Connection, values: dict[str, Any], why: str
) -> None:
    came(shop, "product", [PRODUCT | values, PRODUCT | {"id": 2, "sku": "GOOD"}])

    [reason] = reasons(shop)
    assert why in reason
    assert db.session.scalars(select(Product.sku)).all() == ["GOOD"]


@pytest.mark.parametrize(("status", "is_active"), [("1", True), (2, False), ("2", False)])
def test_a_status_is_a_figure_or_its_text(
    shop: Connection, status: Any, is_active: bool
) -> None:
    came(shop, "product", [PRODUCT | {"status": status}])

    assert db.session.scalars(select(Product.is_active)).all() == [is_active]


def test_the_barcode_of_a_shop_is_brought_in(shop: Connection) -> None:
    came(shop, "product", [with_attribute("ean", "4006381333931")])

    assert db.session.scalars(select(Barcode.code)).all() == ["4006381333931"]


# Orders


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("record", "why"),
    [
        (order(1, item(1, "K1") | {"qty_ordered": None}), "qty_ordered of a line is no quant"),
        (order(1, item(1, "K1"), item(1, "K1")), "Two of its lines have one number."),
        (
            order(1, item(1, "K1"), extension_attributes=None, billing_address=None),
            "no address",
        ),
        (order(1, item(1, "K1"), **sent_to(ADDRESS, ADDRESS | {"city": "M"})), "several addr"),
        (order(1, item(1, "K1"), **sent_to(ADDRESS | {"street": ["x" * 400]})), "At most 300"),
        (order(1, item(1, "K1"), order_currency_code=None), "no currency"),
        (order(1, item(1, "K1"), **sent_to(ADDRESS | {"country_id": "XX"})), "no country"),
        (order(1, item(1, "K1", tax_percent=200)), "a tax rate is from 0"),
        (order(1, item(1, "K1"), created_at="11/29/2026"), "It has no date."),
    ],
)
def test_an_order_that_does_not_fit_is_set_aside_and_never_vanishes(
    shop: Connection, record: dict[str, Any], why: str
) -> None:
    came(shop, "order", [record])

    [reason] = reasons(shop)
    assert why in reason
    assert ours_of(shop) == []


@pytest.mark.usefixtures("known")
def test_the_same_address_twice_is_one(shop: Connection) -> None:
    came(shop, "order", [order(1, item(1, "K1"), **sent_to(ADDRESS, {**ADDRESS}))])

    assert [one.ship_city for one in ours_of(shop)] == ["L"]


@pytest.mark.usefixtures("known")
def test_what_was_wished_stands_in_the_notes(shop: Connection) -> None:
    chosen = [{"option_id": "7", "option_value": "Engrave: ANA"}]
    wished = {"extension_attributes": {"custom_options": chosen}}
    gift = sent_to(ADDRESS)
    gift["extension_attributes"]["gift_message"] = {"message": "Happy birthday"}
    note = "Long story. " * 40

    came(
        shop,
        "order",
        [order(1, item(1, "K1", product_option=wished), customer_note=note, **gift)],
    )

    [ours] = ours_of(shop)
    assert "K1, option 7: Engrave: ANA" in ours.notes
    assert "Gift message: Happy birthday" in ours.notes
    assert note.strip() in ours.notes


@pytest.mark.usefixtures("known")
def test_a_control_character_costs_only_itself(shop: Connection) -> None:
    came(shop, "order", [order(1, item(1, "K1"), **sent_to(ADDRESS | {"city": "Ly\x07on"}))])

    assert [one.ship_city for one in ours_of(shop)] == ["Ly on"]


@pytest.mark.usefixtures("known")
def test_an_e_mail_address_that_is_none_is_kept_all_the_same(shop: Connection) -> None:
    came(shop, "order", [order(1, item(1, "K1"), customer_email="ana at example")])

    notes = db.session.scalars(select(Customer.notes)).all()
    assert notes == ["E-mail as the shop has it: ana at example"]
