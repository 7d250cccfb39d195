"""Records as real shops have them: none costs another, and no paid order is lost."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.alerts import Alert
from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.sync.models import RejectedRecord
from app.integrations.systems.magento import reading
from tests.bulk import act
from tests.cases import case
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.magento.mirrored import came, connected, item, order, ours_of, reasons


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
    monkeypatch.setattr(reading, "_price", lambda said: Decimal(str(said)))
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
    really = reading.lines

    def breaks(record: Any, invoiced: Any) -> Any:
        if record["increment_id"] == "M1":
            raise error
        return really(record, invoiced)

    monkeypatch.setattr(reading, "lines", breaks)

    came(shop, "order", [order(1, item(1, "K1")), order(2, item(2, "K1"))])

    assert [one.external_number for one in ours_of(shop)] == ["M2"]
    assert len(reasons(shop)) == 1


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
