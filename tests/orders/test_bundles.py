"""Bundles in orders: sold as one line, reserved, shipped and returned as their components."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.figures import figures_of
from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from app.core.db import db
from app.core.errors import Invalid
from app.core.uses import InUse
from app.documents.errors import InvalidQuantity
from app.orders import queries, services
from app.orders.models import ItemDraft, OrderLine
from app.orders.papers import SALES_ORDERS
from app.stock.models import Balance, Reservation
from app.stock.services import check_ledger
from tests.factories import ProductFactory
from tests.orders.conftest import (
    again,
    bearer,
    confirmed,
    drafted,
    held,
    key,
    new_bin,
    number,
    place,
    stocked,
)
from tests.stock.conftest import deadlocks
from tests.stock.test_concurrency import at_once

__all__ = ["bearer", "deadlocks", "new_bin"]


def kit_of(*parts: tuple[Product, object], sku: str = "KIT") -> Any:
    kit = ProductFactory.create(sku=sku, name="Gift set")
    return changed(kit, *parts)


def changed(kit: Product, *parts: tuple[Product, object]) -> Any:
    drafts = [ComponentDraft(number(quantity), product_id=part.id) for part, quantity in parts]
    return set_components(kit.id, kind="bundle", components=drafts, version=None)


def parts_of(order: Any) -> dict[str, Any]:
    return {one.sku: one for line in again(order).lines for one in line.components}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is announced of shipments."""
    events: list[Any] = []
    monkeypatch.setattr("app.orders.services.shipping.publish", events.append)
    return events


def test_as_many_are_available_as_the_scarcest_component_allows(session: Session) -> None:
    mug, tea, box = stocked(10), stocked(11), ProductFactory.create()
    kit, never = kit_of((mug, 1), (tea, 2)), kit_of((mug, 1), (box, 1), sku="NEVER")

    found: Any = figures_of([kit.id, never.id, mug.id])

    assert found == {kit.id: (0, 0, 5), never.id: (0, 0, 0), mug.id: (10, 0, 10)}


def test_an_order_reserves_components_and_shows_the_bundle_whole(session: Session) -> None:
    mug, tea = stocked(10), stocked(10)
    kit = kit_of((mug, 1), (tea, 3))

    order = confirmed((kit, 2), (mug, 1))

    assert order.status == "allocated"
    assert [(line.sku, line.total) for line in again(order).lines] == [
        ("KIT", 20),
        (mug.sku, 10),
    ]
    assert {sku: one.quantity for sku, one in parts_of(order).items()} == {
        mug.sku: 2,
        tea.sku: 6,
    }
    assert (held(mug), held(tea)) == ((10, 3), (10, 6))
    assert figures_of([kit.id])[kit.id].available == 1


def test_a_scarce_component_holds_the_bundle_and_nothing_else(session: Session) -> None:
    mug, tea = stocked(10), stocked(4)
    kit = kit_of((mug, 1), (tea, 3))

    order = confirmed((kit, 2))

    assert order.status == "part_allocated"
    assert (held(mug), held(tea)) == ((10, 1), (4, 3))
    other = confirmed((mug, 9))
    assert other.status == "allocated"


def test_what_comes_completes_the_bundle_that_has_waited_longest(session: Session) -> None:
    mug, tea = stocked(10), ProductFactory.create()
    kit = kit_of((mug, 1), (tea, 3))
    first, second = confirmed((kit, 1)), confirmed((kit, 1))
    assert (first.status, second.status) == ("confirmed", "confirmed")
    stocked(4, tea)

    services.allocate_waiting([tea.id])

    assert (again(first).status, again(second).status) == ("allocated", "confirmed")
    assert (held(mug), held(tea)) == ((10, 1), (4, 3))


def test_components_leave_and_the_bundle_counts_when_it_is_whole(
    session: Session, told: list[Any]
) -> None:
    mug, tea = stocked(10), stocked(10)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 2))
    parts = parts_of(order)
    [bundle] = again(order).lines

    services.ship_order(order.id, {parts[mug.sku].id: number(2)}, key=key())
    assert again(order).lines[0].quantity_shipped == 0
    assert again(order).status == "allocated"
    services.ship_order(order.id, key=key())

    assert again(order).status == "shipped"
    assert again(order).lines[0].quantity_shipped == 2
    assert (held(mug), held(tea)) == ((8, 0), (6, 0))
    first, second = told
    assert bundle.id not in first.quantities
    assert second.quantities[bundle.id] == "2"


def test_whole_bundles_are_shipped_and_come_back_as_components(session: Session) -> None:
    mug, tea = stocked(10), stocked(10)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 3))
    [bundle] = again(order).lines
    services.ship_order(order.id, {bundle.id: number(2)}, key=key())
    assert (held(mug), held(tea)) == ((8, 1), (6, 2))
    receipt = services.ReturnReceipt("unwanted", "good", place("MAIN-01").id)

    services.return_goods(
        order.id, {parts_of(order)[tea.sku].id: number(3)}, receipt, key=key()
    )
    assert again(order).lines[0].quantity_returned == 0
    services.return_goods(order.id, {bundle.id: number("0.5")}, receipt, key=key())

    assert held(mug) == (Decimal("8.5"), 1)
    with pytest.raises(InvalidQuantity, match="at most"):
        services.return_goods(order.id, {bundle.id: number(2)}, receipt, key=key())


def test_an_undone_shipment_reserves_the_bundle_again(session: Session) -> None:
    mug, tea = stocked(2), stocked(4)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 2))
    posted = services.ship_order(order.id, key=key())

    services.undo_shipment(order.id, posted.id, key=key())

    assert again(order).status == "allocated"
    assert again(order).lines[0].quantity_shipped == 0
    assert (held(mug), held(tea)) == ((2, 2), (4, 4))


def test_a_bundle_is_split_and_closed_as_a_whole(session: Session) -> None:
    mug, tea = stocked(10), stocked(10)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 5))
    [bundle] = again(order).lines

    apart = services.split_order(order.id, {bundle.id: number(2)})
    services.close_short(order.id, {bundle.id: number(1)})

    assert {sku: one.quantity for sku, one in parts_of(apart).items()} == {
        mug.sku: 2,
        tea.sku: 4,
    }
    assert {sku: one.quantity_open for sku, one in parts_of(order).items()} == {
        mug.sku: 2,
        tea.sku: 4,
    }
    assert (again(order).status, again(apart).status) == ("allocated", "allocated")
    assert (held(mug), held(tea)) == ((10, 4), (10, 8))
    with pytest.raises(InvalidQuantity, match="enter a whole number"):
        services.split_order(order.id, {bundle.id: number("0.5")})
    with pytest.raises(InvalidQuantity, match="enter a whole number"):
        services.close_short(order.id, {bundle.id: number("0.5")})


def test_all_of_a_bundle_is_split_off(session: Session) -> None:
    mug = stocked(10)
    order = confirmed((kit_of((mug, 2)), 2), (mug, 1))
    bundle = again(order).lines[0]

    apart = services.split_order(order.id, {bundle.id: number(2)})

    assert [line.sku for line in again(order).lines] == [mug.sku]
    assert parts_of(apart)[mug.sku].quantity == 4
    assert held(mug) == (10, 5)
    check_ledger(lambda _done, _total: None)


def test_what_waits_of_a_bundle_becomes_an_order_of_its_own(session: Session) -> None:
    mug, tea = stocked(10), stocked(4)
    order = confirmed((kit_of((mug, 1), (tea, 3)), 3))

    rest = services.backorder(order.id)

    assert (again(order).lines[0].quantity, again(rest).lines[0].quantity) == (1, 2)
    assert (again(order).status, again(rest).status) == ("allocated", "confirmed")
    assert (held(mug), held(tea)) == ((10, 1), (4, 3))


def test_reservations_follow_a_changed_quantity_and_a_changed_product(session: Session) -> None:
    mug, tea = stocked(10), stocked(10)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 4))
    [bundle] = again(order).lines

    def change(**item: Any) -> None:
        draft = ItemDraft(**({"id": bundle.id, "sku": "KIT", "unit_price": number(1)} | item))
        services.change_order(order.id, version=None, items=[draft])

    change(quantity=number(1))
    assert (held(mug), held(tea)) == ((10, 1), (10, 2))
    change(quantity=number(3))
    assert (held(mug), held(tea)) == ((10, 3), (10, 6))
    change(quantity=number(2), sku=mug.sku)
    assert (held(mug), held(tea)) == ((10, 2), (10, 0))
    assert parts_of(order) == {}
    services.cancel_order(order.id)
    assert (held(mug), held(tea)) == ((10, 0), (10, 0))


def test_a_draft_follows_its_bundle_and_a_confirmed_order_does_not(session: Session) -> None:
    mug, tea = stocked(10), stocked(10)
    kit = kit_of((mug, 1))
    draft, order = drafted((kit, 1)), confirmed((kit, 1))

    changed(kit, (mug, 2), (tea, 1))
    services.confirm_order(draft.id)

    assert {sku: one.quantity for sku, one in parts_of(draft).items()} == {
        mug.sku: 2,
        tea.sku: 1,
    }
    assert {sku: one.quantity for sku, one in parts_of(order).items()} == {mug.sku: 1}


def test_what_an_open_order_wants_becomes_no_bundle(session: Session) -> None:
    mug, kit = stocked(10), ProductFactory.create(sku="KIT")
    order = confirmed((kit, 1))

    with pytest.raises(InUse, match=order.number):
        changed(kit, (mug, 1))
    services.cancel_order(order.id)
    waiting = drafted((kit, 1))
    changed(kit, (mug, 1))

    services.confirm_order(waiting.id)
    assert held(mug) == (10, 1)


def test_half_a_bundle_is_not_sold(session: Session) -> None:
    kit = kit_of((stocked(10), 1))

    with pytest.raises(Invalid, match="KIT is a bundle: it is sold whole"):
        drafted((kit, "1.5"))


def test_a_bundle_has_no_stock_of_its_own(session: Session) -> None:
    kit = kit_of((stocked(10), 1))

    with pytest.raises(Invalid, match="KIT is a bundle"):
        stocked(1, kit)


def test_many_orders_confirmed_at_once_reserve_whole_bundles(session: Session) -> None:
    mug, tea = stocked(3), stocked(10)
    kit = kit_of((mug, 1), (tea, 2))
    orders = [drafted((kit, 2)), drafted((kit, 2)), drafted((tea, 4))]

    services.confirm_orders([one.id for one in orders])

    assert [again(one).status for one in orders] == ["allocated", "part_allocated", "allocated"]
    assert (held(mug), held(tea)) == ((3, 3), (10, 10))


def test_paper_and_programs_show_a_bundle_whole(session: Session, bearer: Any) -> None:
    mug, tea = stocked(10), stocked(10)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 2))
    shown = db.session.scalars(queries.order_page(order.id)).one()

    printed = SALES_ORDERS.printing(shown, "packing-slip")
    told = bearer("orders.view").get(f"/api/v1/orders/{order.id}").json

    [line] = shown.lines
    assert printed["in_parcel"][line.id] == 2
    [item] = told["items"]
    assert (item["sku"], item["reserved"]) == ("KIT", "2")
    assert [(one["sku"], one["reserved"], one["per_bundle"]) for one in item["components"]] == [
        (mug.sku, "2", "1"),
        (tea.sku, "4", "2"),
    ]


def test_programs_ship_and_return_bundles_by_their_sku(session: Session, bearer: Any) -> None:
    mug, tea = stocked(10), stocked(10)
    order = confirmed((kit_of((mug, 1), (tea, 2)), 2))
    program = bearer("orders.view", "orders.ship", "orders.return")
    url = f"/api/v1/orders/{order.id}"

    shipped = program.post(f"{url}/ship", json={"items": [{"sku": "KIT", "quantity": "2"}]})
    back = {"items": [{"sku": tea.sku, "quantity": "1"}], "reason": "defective"}
    returned = program.post(f"{url}/return", json=back)

    assert (shipped.status_code, returned.status_code) == (200, 200), returned.json
    assert (shipped.json["status"], shipped.json["items"][0]["shipped"]) == ("shipped", "2")
    assert [one["returned"] for one in returned.json["items"][0]["components"]] == ["0", "1"]
    assert held(tea) == (7, 0)


def test_the_page_of_an_order_shows_what_is_in_a_bundle(session: Session, sign_in: Any) -> None:
    mug = stocked(10)
    order = confirmed((kit_of((mug, 3)), 2))

    page = sign_in("orders.view", "stock.view").get(f"/orders/{order.id}").text

    assert "3 in each" in page
    assert page.count("<tr") == 3


@pytest.mark.committed
def test_orders_at_once_share_a_scarce_component_in_whole_bundles(
    app: Flask,
    session: Session,
    deadlocks: Callable[[], int],
) -> None:
    mug, tea, jam = stocked(7), stocked(40), stocked(40)
    kits = [
        kit_of((mug, 1), (tea, 2), sku="KIT-A"),
        kit_of((jam, 1), (mug, 1), sku="KIT-B"),
        kit_of((tea, 1), (jam, 2), (mug, 2), sku="KIT-C"),
    ]
    ids = [drafted((kits[n % 3], 1), (kits[(n + 1) % 3], 1)).id for n in range(12)]

    at_once(app, lambda number: services.confirm_order(ids[number]).status, 12)

    assert deadlocks() == 0
    check_ledger(lambda _done, _total: None)
    sums = select(func.sum(Balance.reserved)).where(Balance.product_id == mug.id)
    assert 6 <= (db.session.scalar(sums) or 0) <= 7
    reserved = dict(
        db.session.execute(
            select(Reservation.document_id, func.sum(Reservation.quantity))
            .where(Reservation.state == "active")
            .group_by(Reservation.document_id)
        ).all()
    )
    wholes = set()
    lines_of_bundles: Any = select(OrderLine).where(OrderLine.per_bundle.is_not(None))
    for one in db.session.scalars(lines_of_bundles):
        wholes.add((one.bundle_line_id, reserved.get(one.id, Decimal(0)) / one.per_bundle))
    lines = [line for line, _kits in wholes]
    assert len(lines) == len(set(lines)) == 24  # each line has as many of every component
