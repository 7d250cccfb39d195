"""Free lines: charged and shipped with the goods; nobody reserves, picks or returns them."""

from decimal import Decimal
from typing import Any

import pytest

from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.fulfilment import queries as fulfilment
from app.fulfilment import services as picking
from app.orders import services
from app.orders.errors import UnknownProducts
from app.orders.models import ItemDraft
from app.orders.papers import SALES_ORDERS
from app.stock.services import check_ledger
from tests.conftest import SignIn
from tests.factories import CustomerFactory, UserFactory
from tests.fulfilment.conftest import Hand, bin_, goods, tote
from tests.orders.conftest import again, key, number, reserved, stocked

ENGRAVING = ItemDraft(number(1), sku="ENGRAVING", unit_price=number(7), is_free=True)


def drafted_with(*lines: ItemDraft, **values: Any) -> Any:
    customer = CustomerFactory.create(currency="EUR")
    return services.create_order(customer_id=customer.id, items=lines, **values)


def of(product: Product, quantity: object) -> ItemDraft:
    return ItemDraft(number(quantity), product_id=product.id, unit_price=number(10))


def states(order: Any) -> tuple[Any, ...]:
    """State, and what has left of each line."""
    fresh = again(order)
    return fresh.status, *(line.quantity_shipped for line in fresh.lines)


def test_it_is_confirmed_charged_and_leaves_with_the_goods() -> None:
    order = drafted_with(of(stocked(5), 2), ENGRAVING)

    services.confirm_order(order.id)
    assert states(order) == ("allocated", 0, 0)
    assert reserved(order) == [("MAIN-01", 2)]

    services.ship_order(order.id, key=key())

    assert states(order) == ("shipped", 2, 1)
    assert again(order).total == 27
    check_ledger(lambda _done, _total: None)


def test_it_leaves_with_the_first_goods_and_the_rest_may_be_closed_short() -> None:
    order = drafted_with(of(stocked(3), 5), ENGRAVING)
    services.confirm_order(order.id)

    services.ship_order(order.id, key=key())
    assert states(order) == ("part_allocated", 3, 1)

    services.close_short(order.id)
    assert states(order) == ("shipped", 3, 1)


def test_a_backorder_takes_goods_only() -> None:
    order = drafted_with(of(stocked(3), 5), ENGRAVING)
    services.confirm_order(order.id)
    assert [line.sku for line, _part in services.missing_of(
        again(order), services.reserved_for(again(order)))] == [order.lines[0].sku]  # fmt: skip

    rest = services.backorder(order.id)

    assert [line.is_free for line in again(rest).lines] == [False]
    assert states(order)[0] == "allocated"


def test_goods_that_never_left_bring_it_back() -> None:
    order = drafted_with(of(stocked(5), 2), ENGRAVING)
    services.confirm_order(order.id)
    posted = services.ship_order(order.id, key=key())

    services.undo_shipment(order.id, posted.id, key=key())

    assert states(order) == ("allocated", 0, 0)


def test_an_order_of_free_lines_alone_is_shipped_without_a_posting() -> None:
    order = drafted_with(ENGRAVING)

    services.confirm_order(order.id)
    assert states(order) == ("allocated", 0)
    assert db.session.scalars(fulfilment.ready_orders(["allocated"])).all() == []

    assert services.ship(order.id, {}, key=key()) is None
    assert services.ship(order.id, {}, key=key()) is None  # the same tap
    assert states(order) == ("shipped", 1)


def test_split_off_it_is_an_order_that_waits_for_nothing() -> None:
    order = drafted_with(of(stocked(1), 2), ENGRAVING, discount="10%")
    services.confirm_order(order.id)

    apart = services.split_order(order.id, {order.lines[1].id: Decimal(1)})

    assert states(apart) == ("allocated", 0)
    assert again(apart).lines[0].is_free
    assert (again(order).total, again(apart).total) == (18, Decimal("6.30"))


def test_goods_closed_short_leave_it_ready_to_ship() -> None:
    order = drafted_with(of(stocked(0.5), 2), ENGRAVING)
    services.confirm_order(order.id)

    services.close_short(order.id, {order.lines[0].id: Decimal(2)})

    assert states(order) == ("allocated", 0, 0)
    assert services.ship(order.id, key=key()) is None
    assert states(order) == ("shipped", 0, 1)


def test_nothing_of_it_comes_back() -> None:
    order = drafted_with(of(stocked(5), 2), ENGRAVING)
    services.confirm_order(order.id)
    services.ship_order(order.id, key=key())
    free = again(order).lines[1]

    receipt = services.ReturnReceipt("unwanted", "good", 1)
    with pytest.raises(Invalid, match="at most 0"):
        services.return_goods(order.id, {free.id: Decimal(1)}, receipt, key=key())


def test_pickers_and_packers_never_meet_it() -> None:
    shelf = bin_("A-01", 1)
    tote("TOTE-1")
    product = goods(5, shelf, "F-1", "FILTER1")
    order = drafted_with(of(product, 2), ENGRAVING)
    services.confirm_order(order.id)
    hand = Hand(UserFactory.create())

    task = hand.claim()
    assert len(task.lines) == 1
    hand.scan(task, "A-01", "FILTER1", "FILTER1")
    assert states(order)[0] == "picked"  # and not short
    part = task.orders[0]
    hand.pack(part.id, "FILTER1", "FILTER1")
    picking.ship_parcels(part.id)

    assert states(order) == ("shipped", 2, 1)


def test_only_what_somebody_called_free_is() -> None:
    shop = ItemDraft(number(1), sku="FOREIGN", unit_price=number(1), external_id="9")
    order = drafted_with(shop)
    line = order.lines[0]
    with pytest.raises(UnknownProducts, match="FOREIGN"):
        services.confirm_order(order.id)

    said = ItemDraft(number(1), id=line.id, sku="FOREIGN", is_free=True)
    services.change_order(order.id, version=None, items=[said])

    assert services.confirm_order(order.id).status == "allocated"
    kept = ItemDraft(number(2), id=line.id, sku="FOREIGN")  # says nothing: it stays one
    services.change_order(order.id, version=None, items=[kept])
    assert again(order).lines[0].is_free
    with pytest.raises(Invalid, match="no SKU or barcode of ours"):
        services.change_order(order.id, version=None, items=[kept._replace(sku="ELSE")])


def test_one_that_is_taken_back_has_to_be_a_product_of_ours() -> None:
    order = drafted_with(ENGRAVING)
    draft = ItemDraft(number(1), id=order.lines[0].id, sku="ENGRAVING", is_free=False)

    with pytest.raises(Invalid, match="no SKU or barcode of ours"):
        services.change_order(order.id, version=None, items=[draft])


def test_a_free_line_with_a_product_contradicts_itself(product: Product) -> None:
    both = ItemDraft(number(1), product_id=product.id, unit_price=number(1), is_free=True)

    with pytest.raises(Invalid, match="leave its id out"):
        drafted_with(both)


def test_pages_and_papers_say_what_it_is(sign_in: SignIn) -> None:
    order = drafted_with(of(stocked(5), 2), ENGRAVING)
    services.confirm_order(order.id)
    client = sign_in("orders.view", "orders.ship", "orders.edit")

    page = client.get(f"/orders/{order.id}").text
    assert "Free line" in page
    assert "Unknown product" not in page
    asked = client.get(f"/orders/{order.id}/shipments/new").text
    assert "Free lines leave with it: ENGRAVING" in " ".join(asked.split())
    printing = SALES_ORDERS.printing(
        db.session.scalars(SALES_ORDERS.find(order.id)).one(), "packing-slip"
    )
    assert [*printing["in_parcel"].values()] == [2, 1]
