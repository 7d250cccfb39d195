"""What vendors deliver: partly, twice, too much, damaged, unknown, and what can be undone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.alerts import Alert
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import KeyReused
from app.core.settings import set_settings
from app.documents.errors import NotAllowed
from app.orders import services as orders
from app.purchasing import services
from app.purchasing.models import PurchaseDraft
from app.purchasing.services import Delivery, ReceivedItem
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.errors import CannotReverse
from app.stock.models import Location
from tests.factories import BarcodeFactory, ProductFactory, WarehouseFactory
from tests.orders.conftest import confirmed
from tests.orders.conftest import reserved as reserved_for
from tests.purchasing.conftest import (
    again,
    drafted,
    held,
    incoming,
    key,
    number,
    on_hand,
    place,
    sent,
)


def received(order: Any, *items: ReceivedItem, **delivery: Any) -> Any:
    once = delivery.pop("key", None) or key()
    return services.receive_goods(order.id, items, Delivery(**delivery), key=once)


def some(quantity: object, line: Any = None, **more: Any) -> ReceivedItem:
    return ReceivedItem(number(quantity), line_id=line.id if line else None, **more)


def aside() -> Location:
    return place("ASIDE")


def figures(product: Product) -> dict[str, Any]:
    """What the inventory says of a product."""
    row = stock_queries.inventory(is_active=None).where(Product.id == product.id)
    return db.session.execute(row).one()._asdict()


def test_two_deliveries_make_an_order_received(product: Product) -> None:
    order = sent((product, 10))
    [line] = order.lines

    received(order, some(4, line))
    partly = again(order)
    assert (partly.status, partly.lines[0].units_open) == ("part_received", 6)
    assert (on_hand(product), incoming(product)) == (4, 6)

    received(order, some(6, line))
    assert (again(order).status, again(order).due_on) == ("received", None)
    assert (on_hand(product), incoming(product)) == (10, 0)


def test_what_is_too_much_of_one_line_makes_up_for_no_other(product: Product) -> None:
    set_settings(receipt_tolerance="50")
    other = ProductFactory.create()
    order = sent((product, 10), (other, 5))

    received(order, some(15, order.lines[0]))

    order = again(order)
    assert order.status == "part_received"
    assert [line.units_open for line in order.lines] == [0, 5]
    services.close_short(order.id)
    assert (again(order).status, incoming(other)) == ("received", 0)


def test_the_tolerance_counts_over_all_deliveries_and_is_exact(product: Product) -> None:
    order = sent((product, 100))
    [line] = order.lines
    with pytest.raises(Invalid, match=r"Of P-1, at most 100 can be received: ordered 100\."):
        received(order, some("100.002", line))

    set_settings(receipt_tolerance="5")
    received(order, some(100, line))
    received(order, some(4, line))
    with pytest.raises(Invalid, match=r"at most 1 can be .* received 104 before, 5 % more"):
        received(order, some("1.001", line))
    received(order, some(1, line))

    assert again(order).lines[0].units_received == 105
    assert on_hand(product) == 105


def test_what_is_more_than_ordered_is_put_aside_if_somebody_says_so(product: Product) -> None:
    order = sent((product, 10))

    receipt = received(order, some(12, order.lines[0]), takes_excess=True)

    assert [(one.condition, one.quantity) for one in receipt.lines] == [
        ("good", 10),
        ("excess", 2),
    ]
    assert (on_hand(product), on_hand(product, aside())) == (10, 2)
    assert (again(order).lines[0].units_received, again(order).status) == (10, "received")


def test_damaged_pieces_are_delivered_and_never_available(
    session: Session, product: Product
) -> None:
    order = sent((product, 10))
    [line] = order.lines

    receipt = received(order, some(7, line), some(3, line, condition="damaged"))

    assert again(order).status == "received"
    assert (on_hand(product), on_hand(product, aside())) == (7, 3)
    shown = figures(product)
    assert (shown["on_hand"], shown["available"]) == (10, 7)
    waiting = confirmed((product, 9))
    assert reserved_for(waiting) == [("MAIN-01", 7)]
    [alert] = session.query(Alert).filter_by(kind="goods.aside").all()
    assert "P-1" in alert.text
    assert alert.href == f"/receipts/{receipt.id}"


def test_counted_where_it_was_put_aside_it_stays_so(product: Product) -> None:
    order = sent((product, 3))
    received(order, some(3, order.lines[0], condition="damaged"))

    target = stock.find_target(product_id=product.id, location="ASIDE", reason="counted")
    stock.count_stock(target, counted=Decimal(2), key=key())

    assert (on_hand(product, aside()), figures(product)["available"]) == (2, 0)


def test_what_nobody_ordered_and_what_nobody_knows_is_put_aside(product: Product) -> None:
    order, other = sent((product, 1)), ProductFactory.create()
    unknown = ReceivedItem(number(2), code="NO-SUCH-CODE")

    receipt = received(order, some(4, product_id=other.id), unknown)

    assert [one.condition for one in receipt.lines] == ["unordered", "unknown"]
    assert (on_hand(other, aside()), on_hand(other)) == (4, 0)
    assert (again(order).status, incoming(product)) == ("sent", 1)


def test_a_delivery_without_an_order_is_put_aside_as_a_whole(product: Product) -> None:
    BarcodeFactory.create(product=product, code="CARTON", units=12)
    items = [services.item_called(code, number(2)) for code in ("CARTON", "???")]

    receipt: Any = services.put_aside(items, key="d1")

    assert [(one.condition, one.quantity) for one in receipt.lines] == [
        ("unordered", 24),
        ("unknown", 2),
    ]
    assert on_hand(product, aside()) == 24
    assert services.put_aside(items, key="d1").id == receipt.id


def test_the_same_key_twice_is_received_once(product: Product) -> None:
    order = sent((product, 10))

    first = received(order, some(4, order.lines[0]), key="once")
    again_ = received(order, some(4, order.lines[0]), key="once")

    assert (first.id, on_hand(product)) == (again_.id, 4)
    with pytest.raises(KeyReused):
        received(order, some(5, order.lines[0]), key="once")


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_what_the_vendor_does_not_have_is_not_received(product: Product, status: str) -> None:
    order = drafted((product, 1))
    if status == "cancelled":
        services.cancel_order(order.id)

    with pytest.raises(NotAllowed, match=f"{order.number} is {status}"):
        received(order, some(1, order.lines[0]))


def test_nonsense_is_refused(product: Product) -> None:
    order, other = sent((product, 1)), sent((product, 1))
    [ours], [theirs] = order.lines, other.lines

    for item in (some(0, ours), some(1, theirs), some(-1, ours)):
        with pytest.raises(Invalid):
            received(order, item)
    with pytest.raises(Invalid, match="At most 3 decimals"):
        received(order, some("0.0001", ours))


def test_a_product_falls_on_its_lines_the_one_that_is_due_first(product: Product) -> None:
    order = sent((product, 5), (product, 5))
    services.confirm_order(
        order.id,
        days={
            order.lines[0].id: today() + timedelta(9),
            order.lines[1].id: today() + timedelta(1),
        },
    )

    received(order, some(7, product_id=product.id))

    assert [line.units_received for line in again(order).lines] == [2, 5]


def test_goods_go_where_they_live_or_where_it_is_said(product: Product) -> None:
    home = stock.create_location(
        code="HOME", kind="bin", parent_id=place("MAIN").id, is_pickable=True
    )
    stock.set_home(product.id, location_id=home.id)
    order = sent((product, 10))

    received(order, some(4, order.lines[0]))
    received(order, some(6, order.lines[0]), location_id=place("MAIN-01").id)

    assert (on_hand(product, home), on_hand(product)) == (4, 6)


def test_in_another_warehouse_somebody_has_to_say_where(product: Product) -> None:
    other = WarehouseFactory.create(code="EAST")
    order = sent((product, 1), warehouse_id=other.id)

    with pytest.raises(Invalid, match="Say where in EAST"):
        received(order, some(1, order.lines[0]))


def test_who_waits_is_served_with_the_receipt(product: Product) -> None:
    waiting = confirmed((product, 3))
    order = sent((product, 10))

    received(order, some(10, order.lines[0]), serves_first=True)

    assert reserved_for(waiting) == [("MAIN-01", 3)]
    assert held(product) == (10, 3)


def test_a_free_line_is_received_and_moves_nothing(product: Product) -> None:
    order = sent((product, 1))
    services.reopen_order(order.id)
    free = PurchaseDraft(number(1), sku="FREIGHT", is_free=True, unit_price=number(5))
    services.change_order(order.id, version=None, items=[free])
    services.approve_order(order.id)
    services.mark_sent(order.id)

    receipt = received(order, some(1, again(order).lines[0]))

    assert (receipt.posting_id, again(order).status) == (None, "received")


def test_a_receipt_is_undone_as_long_as_its_goods_lie_there(
    session: Session, product: Product
) -> None:
    order = sent((product, 10))
    receipt = received(
        order, some(4, order.lines[0]), some(2, order.lines[0], condition="damaged")
    )
    with pytest.raises(CannotReverse, match=f"caused by {order.number}"):
        stock.reverse_posting(receipt.posting_id, key=key())

    services.undo_receipt(receipt.id)

    assert (on_hand(product), on_hand(product, aside()), incoming(product)) == (0, 0, 10)
    assert (again(order).status, again(order).lines[0].units_received) == ("sent", 0)
    assert session.query(Alert).filter_by(kind="goods.aside").one().closed_at is not None
    with pytest.raises(NotAllowed, match="has been undone already"):
        services.undo_receipt(receipt.id)


def test_what_has_gone_or_is_reserved_cannot_be_undone_and_that_is_said(
    product: Product,
) -> None:
    order = sent((product, 10))
    receipt = received(order, some(10, order.lines[0]))
    sold = confirmed((product, 4))
    orders.ship_order(sold.id, key=key())
    confirmed((product, 3))

    [left] = services.undoable_of(receipt)

    assert [left.left, left.missing] == [3, 7]
    with pytest.raises(NotAllowed, match="of 10 P-1 only 3 still lie at MAIN-01"):
        services.undo_receipt(receipt.id)
    assert on_hand(product) == 6


def test_what_is_counted_of_lines_is_what_the_receipts_say(product: Product) -> None:
    order = sent((product, 10))
    received(order, some(4, order.lines[0]))
    second = received(order, some(3, order.lines[0], condition="damaged"))
    received(order, some(2, product_id=product.id))
    services.undo_receipt(second.id)

    order = again(order)
    before = [line.units_received for line in order.lines]
    services.recount(order)

    assert [line.units_received for line in order.lines] == before == [6]
    assert on_hand(product) == 6
