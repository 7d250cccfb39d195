"""Shipments go out once each, whatever happens to the answers; refusals are told."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.core.alerts import Alert
from app.core.db import db, transaction
from app.fulfilment import queries
from app.fulfilment import services as fulfilment
from app.integrations.hub.models import Connection
from app.integrations.outbox import services
from app.integrations.outbox.models import OutboxMessage
from app.integrations.services.connecting import disconnect
from app.integrations.systems.magento.connector import Magento as Connector
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.stock.services import check_ledger
from tests.factories import BarcodeFactory, LocationFactory, UserFactory
from tests.fulfilment.conftest import Hand
from tests.integrations.conftest import ours, work
from tests.magento.conftest import Sync, goods, parts
from tests.orders.conftest import confirmed
from tests.standins.magento import Magento, states

pytestmark = pytest.mark.committed


def paid(shop: Magento, sync: Sync, *demand: tuple[int, int]) -> tuple[int, SalesOrder]:
    """An order that is paid there and allocated here."""
    key = shop.shop.place_paid([*demand])
    sync()
    return key, parts(shop.shop.order(key)["increment_id"])[0]


def ship(order: SalesOrder, quantities: Mapping[int, Any] | None = None) -> None:
    orders.ship_order(order.id, quantities, key=uuid4().hex)
    work()


def shipments(shop: Magento) -> list[Any]:
    return [row.fields for row in shop.shop.shipments.rows.values()]


def due_now() -> None:
    """Let what waits be due."""
    with transaction() as session:
        for write in session.scalars(select(OutboxMessage).filter_by(state="waiting")):
            services.retry_messages([write.id])
    work()


def test_a_shipment_is_told_with_what_left(shop: Magento, sync: Sync) -> None:
    goods(1)
    key, order = paid(shop, sync, (1, 3))

    ship(order, {order.lines[0].id: Decimal(2)})

    [there] = shipments(shop)
    assert [(item["order_item_id"], item["qty"]) for item in there["items"]] == [
        (shop.shop.order(key)["items"][0]["item_id"], 2)
    ]
    write = ours(OutboxMessage)
    assert (write.state, write.attempts) == ("sent", 1)
    assert write.external_id == str(there["entity_id"])

    ship(order)

    assert len(shipments(shop)) == 2
    assert shop.shop.order(key)["state"] == "complete"


def test_what_is_packed_on_a_tablet_goes_with_its_tracking_number(
    shop: Magento, sync: Sync
) -> None:
    product = goods(1)
    BarcodeFactory.create(product=product, code="ONE")
    LocationFactory.create(code="TOTE-1", kind="tote", path="TOTE-1/")
    paid(shop, sync, (1, 1))
    hand = Hand(UserFactory.create())
    hand.scan(hand.claim(), "MAIN-01", "ONE")
    part = fulfilment.find_packable("TOTE-1")
    hand.pack(part.id, "ONE")
    [parcel] = db.session.scalars(queries.parcels_of(part.id)).unique().all()
    fulfilment.update_parcel(
        parcel.id, part.id, carrier="DHL", tracking="JD0146000", weight_kg=Decimal(1)
    )

    fulfilment.ship_parcels(part.id)
    work()

    [there] = shipments(shop)
    [track] = there["tracks"]
    assert (track["track_number"], track["carrier_code"]) == ("JD0146000", "dhl")
    check_ledger(lambda _done, _total: None)


@pytest.mark.parametrize("fault", ["ship_lost", "ship_500"])
def test_a_lost_answer_makes_no_second_shipment(shop: Magento, sync: Sync, fault: str) -> None:
    goods(1)
    _key, order = paid(shop, sync, (1, 2))
    shop.faults.add(fault)

    ship(order)

    assert ours(OutboxMessage).state == "waiting"
    due_now()
    assert len(shipments(shop)) == 1
    write = ours(OutboxMessage)
    assert (write.state, write.external_id) == ("sent", str(shipments(shop)[0]["entity_id"]))


def test_a_shop_that_is_away_hears_it_later(shop: Magento, sync: Sync) -> None:
    goods(1)
    _key, order = paid(shop, sync, (1, 2))
    shop.faults.add("html_503", times=99)

    ship(order)

    write = ours(OutboxMessage)
    assert (write.state, write.reason) == (
        "waiting",
        "Magento has trouble of its own (HTTP 503).",
    )
    assert parts(order.external_number or "")[0].status == "shipped"  # ours goes on

    shop.faults.clear()
    due_now()

    assert len(shipments(shop)) == 1
    assert ours(OutboxMessage).state == "sent"


def test_a_refusal_is_listed_with_the_shops_own_reason(shop: Magento, sync: Sync) -> None:
    goods(1)
    key, order = paid(shop, sync, (1, 2))
    item = shop.shop.order(key)["items"][0]["item_id"]
    shop.shop.ship(key, {item: 2})  # somebody was faster there

    ship(order)

    write = ours(OutboxMessage)
    assert write.state == "refused"
    assert "does not allow a shipment" in (write.reason or "")
    alert = ours(Alert, closed_at=None)
    assert alert.title == "Magento has refused something"

    services.dismiss_messages([write.id])

    assert ours(OutboxMessage).state == "dismissed"
    assert ours(Alert).closed_at is not None


def test_a_message_that_cannot_be_written_keeps_no_other_waiting(
    shop: Magento, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods(1)
    (_key, first), (_other, second) = paid(shop, sync, (1, 2)), paid(shop, sync, (1, 3))
    really = Connector.write_request

    def breaks(self: Connector, payload: Any) -> Any:
        if payload["comment"]["comment"].startswith(f"Opsroom {first.number} "):
            raise KeyError("items")
        return really(self, payload)

    monkeypatch.setattr(Connector, "write_request", breaks)
    ship(first)
    ship(second)

    states = {
        message.subject_id: message.state
        for message in db.session.scalars(select(OutboxMessage))
    }
    assert states == {first.id: "refused", second.id: "sent"}


def test_a_refusal_can_be_tried_again(shop: Magento, sync: Sync) -> None:
    goods(1)
    _key, order = paid(shop, sync, (1, 2))
    shop.faults.add("ship_refused")
    ship(order)
    write = ours(OutboxMessage)
    assert write.state == "refused"

    services.retry_messages([write.id])
    work()

    assert ours(OutboxMessage).state == "sent"
    assert len(shipments(shop)) == 1


def test_a_configurable_is_shipped_by_its_parent(shop: Magento, sync: Sync) -> None:
    goods(19)
    key, order = paid(shop, sync, (20, 2))

    ship(order)

    assert shop.shop.order(key)["state"] == "complete"


@pytest.mark.parametrize("bundle", [10, 30])
def test_a_bundle_is_shipped_as_the_shop_wants_it(
    shop: Magento, sync: Sync, bundle: int
) -> None:
    """10 goes as a whole, 30 part by part."""
    first, _second = goods(bundle - 1, 100), goods(bundle - 2, 100)
    key, order = paid(shop, sync, (bundle, 2))
    line = next(one for one in order.lines if one.product_id == first.id)

    ship(order, {line.id: Decimal(2)})
    ship(order)

    assert shop.shop.order(key)["state"] == "complete"
    assert ours_all() == {"sent"}


def ours_all() -> set[str]:
    return {write.state for write in db.session.scalars(select(OutboxMessage))}


def test_nothing_is_told_of_orders_that_are_our_own(shop: Magento, sync: Sync) -> None:
    ship(confirmed((goods(1), 1)))

    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_a_shop_that_was_disconnected_is_told_nothing(
    shop: Magento, connection: Connection, sync: Sync
) -> None:
    goods(1)
    _key, order = paid(shop, sync, (1, 1))
    disconnect(connection.id)

    ship(order)

    assert shipments(shop) == []


def test_an_order_that_is_called_off_freezes_its_pick(shop: Magento, sync: Sync) -> None:
    product = goods(1)
    BarcodeFactory.create(product=product, code="ONE")
    LocationFactory.create(code="TOTE-1", kind="tote", path="TOTE-1/")
    key, order = paid(shop, sync, (1, 2))
    hand = Hand(UserFactory.create())
    task = hand.claim()
    hand.scan(task, "MAIN-01", "ONE")

    shop.shop.change(key, states.cancel_by_force)
    sync()

    assert parts(order.external_number or "")[0].status == "cancelled"
    assert hand.scan(task, "ONE").outcome == "wrong"
    check_ledger(lambda _done, _total: None)
