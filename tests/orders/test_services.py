"""What happens to an order from the first line to the end."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product
from app.core.audit import history
from app.core.db import db
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import set_settings
from app.core.versions import StaleVersion
from app.documents.errors import NotAllowed
from app.orders import services
from app.orders.errors import UnknownProducts
from app.orders.models import ItemDraft, SalesOrder
from app.stock.models import Movement
from tests.factories import BarcodeFactory, CustomerFactory, ProductFactory
from tests.orders.conftest import (
    Bin,
    again,
    confirmed,
    drafted,
    held,
    key,
    number,
    on_hand,
    place,
    reserved,
    stocked,
)


def test_a_new_order_takes_what_is_not_said_from_customer_product_and_settings(
    product: Product,
) -> None:
    set_settings(tax_rate="19")
    customer = CustomerFactory.create(
        name="Ada", currency="EUR", address_line1="1 High Street", city="Bath", country="GB"
    )

    order: Any = services.create_order(
        customer_id=customer.id, items=[ItemDraft(number(2), sku="P-1")]
    )

    [line] = again(order).lines
    assert (line.description, line.unit_price, line.tax_rate) == ("Paper filters", 5, 19)
    assert (order.subtotal, order.tax, order.total) == (10, Decimal("1.9"), Decimal("11.9"))
    assert (order.ship_street, order.ship_city, order.ship_country) == (
        "1 High Street",
        "Bath",
        "GB",
    )
    assert order.status == "draft"
    assert order.order_date == datetime.now(UTC).date()


def test_goods_go_to_the_shipping_address_where_there_is_one() -> None:
    customer = CustomerFactory.create(
        address_line1="Office", shipping_address={"line1": "Dock 4", "city": "Hull"}
    )

    order = services.create_order(customer_id=customer.id)

    assert (order.ship_street, order.ship_city) == ("Dock 4", "Hull")


def test_numbers_come_from_a_sequence(product: Product) -> None:
    first, second = drafted((product, 1)), drafted((product, 1))

    assert first.number.startswith("SO-")
    assert int(second.number[3:]) == int(first.number[3:]) + 1


def test_a_shop_sends_an_order_once(product: Product) -> None:
    customer = CustomerFactory.create()
    values: dict[str, Any] = {"customer_id": customer.id, "channel": "magento"}
    services.create_order(external_number="100000001", **values)

    with pytest.raises(AlreadyExists, match="100000001 has come before"):
        services.create_order(external_number="100000001", **values)


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (ItemDraft(number(0), sku="P-1"), "Line 1: enter a quantity above zero"),
        (ItemDraft(number("0.0001"), sku="P-1"), "Line 1: at most 3 decimals"),
        (ItemDraft(number(1), sku="?"), "Line 1: [?] is no SKU or barcode of ours"),
        (ItemDraft(number(1), sku="?", is_free=True), "Line 1: give the price"),
        (ItemDraft(number(1), product_id=0), "Line 1: there is no such product"),
        (ItemDraft(number(1)), "Line 1: name a product"),
        (ItemDraft(number(1), sku="P-1", tax_rate=number(101)), "Line 1: a tax rate"),
        (ItemDraft(number(1), sku="P-1", unit_price=number(-1)), "Line 1: a number"),
        (ItemDraft(number(10**9), sku="P-1", unit_price=number(11)), "So large a sum"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_its_number(
    product: Product, draft: ItemDraft, reason: str
) -> None:
    customer = CustomerFactory.create(currency="EUR")

    with pytest.raises(Invalid, match=reason) as refusal:
        services.create_order(customer_id=customer.id, items=[draft])
    assert refusal.value.field == "items"


def test_a_product_of_another_currency_needs_a_price(product: Product) -> None:
    customer = CustomerFactory.create(currency="GBP")

    with pytest.raises(Invalid, match="P-1 is priced in EUR: give its price in GBP"):
        services.create_order(customer_id=customer.id, items=[ItemDraft(number(1), sku="P-1")])


def test_nothing_is_sold_to_who_is_not_active() -> None:
    with pytest.raises(Invalid, match="not active"):
        services.create_order(customer_id=CustomerFactory.create(is_active=False).id)


def test_confirming_reserves_all_of_it(product: Product) -> None:
    stocked(5, product)

    order = confirmed((product, 3))

    assert order.status == "allocated"
    assert reserved(order) == [("MAIN-01", 3)]
    assert held(product) == (5, 3)


@pytest.mark.parametrize(("there", "status"), [(0, "confirmed"), (2, "part_allocated")])
def test_what_is_not_there_is_on_backorder(product: Product, there: int, status: str) -> None:
    if there:
        stocked(there, product)

    order = confirmed((product, 3))

    assert order.status == status
    assert held(product) == (there, there)


def test_a_line_is_reserved_from_several_bins_in_the_order_of_picking(
    product: Product, new_bin: Bin
) -> None:
    stocked(2, product, new_bin("Z-LAST", pick_sequence=9))
    stocked(2, product, new_bin("A-STORE", is_pickable=False))
    stocked(2, product, new_bin("B-FIRST", pick_sequence=-1))
    stocked(2, product, new_bin("C-BLOCKED"))
    db.session.query(type(place("MAIN-01"))).filter_by(code="C-BLOCKED").update(
        {"is_blocked": True}
    )

    order = confirmed((product, 5))

    found = dict(reserved(order))
    assert found == {"B-FIRST": 2, "Z-LAST": 2, "A-STORE": 1}


def test_two_lines_of_one_product_share_what_there_is(product: Product) -> None:
    stocked(3, product)

    order = confirmed((product, 2), (product, 2))

    assert order.status == "part_allocated"
    assert services.reserved_for(order) == {order.lines[0].id: 2, order.lines[1].id: 1}


def test_an_order_is_confirmed_once(product: Product) -> None:
    order = confirmed((product, 1))

    with pytest.raises(NotAllowed, match="is no draft"):
        services.confirm_order(order.id)


def test_an_order_without_lines_is_not_confirmed() -> None:
    order = services.create_order(customer_id=CustomerFactory.create().id)

    with pytest.raises(Invalid, match="Add a line first"):
        services.confirm_order(order.id)


def test_an_order_of_what_we_do_not_know_is_not_confirmed(product: Product) -> None:
    customer = CustomerFactory.create()
    items = [ItemDraft(number(1), sku="GHOST", unit_price=number(1), external_id="7")]
    order = services.create_order(customer_id=customer.id, items=items, channel="magento")

    with pytest.raises(UnknownProducts, match="GHOST"):
        services.confirm_order(order.id)
    assert again(order).status == "draft"


def test_a_line_names_a_product_in_any_case_or_by_a_barcode(product: Product) -> None:
    customer = CustomerFactory.create(currency="EUR")
    BarcodeFactory.create(product=product, code="House-7")
    items = [ItemDraft(number(1), sku="p-1"), ItemDraft(number(2), sku="HOUSE-7")]

    order = services.create_order(customer_id=customer.id, items=items)

    assert [(line.sku, line.product_id) for line in order.lines] == [("P-1", product.id)] * 2


def test_a_code_of_several_products_or_pieces_is_refused(product: Product) -> None:
    customer = CustomerFactory.create(currency="EUR")
    other = ProductFactory.create()
    BarcodeFactory.create(product=other, code="P-1")
    BarcodeFactory.create(product=other, code="CARTON", units=number(12))

    for code, why in {
        "p-1": "could be several products",
        "carton": "is the code of 12",
    }.items():
        items = [ItemDraft(number(1), sku=code, unit_price=number(1))]
        with pytest.raises(Invalid, match=why):
            services.create_order(customer_id=customer.id, items=items)


def test_a_free_line_stands_because_somebody_said_so(product: Product) -> None:
    customer = CustomerFactory.create()
    items = [ItemDraft(number(1), sku="Engraving", unit_price=number(5), is_free=True)]

    order = services.create_order(customer_id=customer.id, items=items)
    kept = [ItemDraft(number(2), sku="Engraving", id=order.lines[0].id)]
    changed = services.change_order(order.id, version=None, items=kept)

    assert [(line.sku, line.product_id) for line in changed.lines] == [("Engraving", None)]
    assert changed.total == 10


def test_an_order_of_what_is_out_of_use_is_not_confirmed(product: Product) -> None:
    order = drafted((product, 1))
    product.is_active = False
    db.session.commit()

    with pytest.raises(UnknownProducts, match="P-1: not in use"):
        services.confirm_order(order.id)


def test_goods_that_come_go_to_who_has_waited_longest(product: Product) -> None:
    first, second = confirmed((product, 2)), confirmed((product, 2))
    stocked(3, product)

    assert services.allocate_waiting([product.id]) == 2

    assert again(first).status == "allocated"
    assert again(second).status == "part_allocated"


def test_nobody_further_back_is_asked_once_all_is_gone(
    product: Product, queries: list[str]
) -> None:
    orders = [confirmed((product, 2)) for _ in range(20)]
    stocked(1, product)
    queries.clear()

    assert services.allocate_waiting([product.id]) == 1

    assert again(orders[0]).status == "part_allocated"
    assert len([q for q in queries if "FOR UPDATE" in q and "sales_order" in q]) == 1


def test_allocating_by_hand_takes_what_there_is_now(product: Product) -> None:
    order = confirmed((product, 2))
    stocked(2, product)

    assert services.allocate(order.id).status == "allocated"


def test_a_draft_is_not_allocated(product: Product) -> None:
    with pytest.raises(NotAllowed, match="does not wait"):
        services.allocate(drafted((product, 1)).id)


def test_cancelling_releases_what_was_reserved(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))

    order = services.cancel_order(order.id, reason="Changed their mind")

    assert (order.status, order.hold_reason) == ("cancelled", "Changed their mind")
    assert held(product) == (5, 0)


def test_an_order_that_has_left_cannot_be_cancelled(product: Product) -> None:
    stocked(5, product)
    whole, part = confirmed((product, 1)), confirmed((product, 2))
    services.ship_order(whole.id, key=key())
    services.ship_order(part.id, {part.lines[0].id: number(1)}, key=key())

    with pytest.raises(NotAllowed, match="cannot become cancelled"):
        services.cancel_order(whole.id)
    with pytest.raises(NotAllowed, match="close the rest of it short"):
        services.cancel_order(part.id)


def test_an_order_on_hold_keeps_what_is_reserved_and_goes_on_from_there(
    product: Product,
) -> None:
    stocked(2, product)
    order = confirmed((product, 3))

    held_order = services.hold_order(order.id, reason="Unpaid")
    assert (held_order.status, held_order.hold_reason) == ("on_hold", "Unpaid")
    assert held(product) == (2, 2)

    stocked(1, product)
    released = services.release_order(order.id)
    assert (released.status, released.hold_reason) == ("allocated", "")


def test_a_draft_on_hold_is_a_draft_again(product: Product) -> None:
    order = services.hold_order(drafted((product, 1)).id, reason="Ask them")

    assert services.release_order(order.id).status == "draft"


def test_holding_needs_a_reason(product: Product) -> None:
    with pytest.raises(Invalid, match="Say why"):
        services.hold_order(confirmed((product, 1)).id, reason=" ")


def test_shipping_takes_what_is_reserved_out_of_its_bins(
    product: Product, new_bin: Bin
) -> None:
    stocked(2, product)
    stocked(2, product, new_bin("MAIN-02"))
    order = confirmed((product, 3))

    posted = services.ship_order(order.id, key=key())

    order = again(order)
    assert order.status == "shipped"
    assert order.shipped_at is not None
    assert (order.lines[0].quantity_shipped, order.lines[0].quantity_picked) == (3, 3)
    assert held(product) == (0, 0)
    movements = db.session.scalars(
        select(Movement).where(Movement.id.in_(posted.movement_ids))
    ).all()
    assert {(m.reason, m.document_type, m.document_id) for m in movements} == {
        ("shipped", "order", order.id)
    }
    assert {m.to_location_id for m in movements} == {place("CUSTOMERS").id}


def test_shipping_a_part_leaves_the_rest_allocated(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    line = order.lines[0]

    services.ship_order(order.id, {line.id: number(1)}, key=key())

    order = again(order)
    assert (order.status, order.lines[0].quantity_shipped) == ("allocated", 1)
    assert held(product) == (4, 2)


def test_what_is_shipped_and_has_nothing_left_reserved_waits_for_the_rest(
    product: Product,
) -> None:
    stocked(1, product)
    order = confirmed((product, 3))

    services.ship_order(order.id, key=key())

    assert again(order).status == "part_allocated"
    with pytest.raises(NotAllowed, match="Nothing is reserved"):
        services.ship_order(order.id, key=key())


def test_shipping_twice_with_one_key_ships_once(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    quantities = {order.lines[0].id: number(1)}

    first = services.ship_order(order.id, quantities, key="once")
    second = services.ship_order(order.id, quantities, key="once")

    assert (second.id, second.is_repeat) == (first.id, True)
    assert on_hand(product) == 4


def test_no_more_is_shipped_than_is_reserved(product: Product) -> None:
    stocked(1, product)
    order = confirmed((product, 3))

    with pytest.raises(Invalid, match="at most 1 can be shipped"):
        services.ship_order(order.id, {order.lines[0].id: number(2)}, key=key())


def test_a_draft_is_not_shipped(product: Product) -> None:
    with pytest.raises(NotAllowed, match="is draft"):
        services.ship_order(drafted((product, 1)).id, key=key())


def test_closing_short_ends_an_order_that_has_left_in_part(product: Product) -> None:
    stocked(2, product)
    order: Any = confirmed((product, 3))
    services.ship_order(order.id, key=key())

    order = services.close_short(order.id)

    assert (order.status, order.lines[0].quantity_cancelled) == ("shipped", 1)
    assert order.total == 20


def test_closing_short_a_line_releases_it(product: Product) -> None:
    stocked(5, product)
    order: Any = confirmed((product, 3))

    order = services.close_short(order.id, {order.lines[0].id: number(2)})

    assert order.status == "allocated"
    assert (order.total, held(product)) == (10, (5, 1))


def test_an_order_is_not_closed_short_to_nothing(product: Product) -> None:
    with pytest.raises(NotAllowed, match="cancel it instead"):
        services.close_short(confirmed((product, 3)).id)


def test_splitting_moves_lines_and_their_amounts_into_an_order_of_their_own(
    product: Product,
) -> None:
    other = ProductFactory.create()
    stocked(5, product)
    order = confirmed((product, 4), (other, 1))
    first, second = order.lines

    apart: Any = services.split_order(order.id, {first.id: number(1), second.id: number(1)})

    order = again(order)
    assert apart.number == f"{order.number}-1"
    assert [(line.sku, line.quantity) for line in apart.lines] == [("P-1", 1), (other.sku, 1)]
    assert [(line.sku, line.quantity) for line in order.lines] == [("P-1", 3)]
    assert (order.total, apart.total) == (30, 20)
    assert (order.status, apart.status) == ("allocated", "part_allocated")
    assert held(product) == (5, 4)


def test_parts_are_numbered_below_the_first_order(product: Product) -> None:
    order = drafted((product, 5))

    one = services.split_order(order.id, {order.lines[0].id: number(2)})
    two = services.split_order(one.id, {one.lines[0].id: number(1)})

    assert (one.number, two.number) == (f"{order.number}-1", f"{order.number}-2")
    assert two.split_from_id == one.id
    assert two.status == "draft"


def test_something_stays_in_the_order_that_is_split(product: Product) -> None:
    order = drafted((product, 5))

    with pytest.raises(NotAllowed, match="Nothing would be left"):
        services.split_order(order.id, {order.lines[0].id: number(5)})
    assert [line.quantity for line in again(order).lines] == [5]


def test_a_backorder_takes_the_unreserved_rest_so_that_the_first_part_can_ship(
    product: Product,
) -> None:
    stocked(2, product)
    order = confirmed((product, 5))

    rest: Any = services.backorder(order.id)

    order = again(order)
    assert (order.status, order.lines[0].quantity) == ("allocated", 2)
    assert (rest.status, rest.lines[0].quantity) == ("confirmed", 3)
    assert rest.confirmed_at == order.confirmed_at


@pytest.mark.parametrize("there", [0, 9])
def test_there_is_no_backorder_of_all_or_nothing(product: Product, there: int) -> None:
    if there:
        stocked(there, product)
    order = confirmed((product, 5))

    with pytest.raises(NotAllowed):
        services.backorder(order.id)


def test_good_returns_are_on_hand_again(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    services.ship_order(order.id, key=key())
    line = order.lines[0].id
    arrival = services.ReturnReceipt("unwanted", "good", place("MAIN-01").id)

    back = services.return_goods(order.id, {line: number(2)}, arrival, key="back")
    twice = services.return_goods(order.id, {line: number(2)}, arrival, key="back")

    order = again(order)
    assert twice.id == back.id
    assert (order.status, order.lines[0].quantity_returned) == ("shipped", 2)
    assert on_hand(product) == 4


def test_damaged_returns_come_back_and_are_written_off(product: Product) -> None:
    stocked(3, product)
    order = confirmed((product, 3))
    services.ship_order(order.id, key=key())
    arrival = services.ReturnReceipt("damaged", "damaged", place("MAIN-01").id, "Wet")

    services.return_goods(order.id, {order.lines[0].id: number(1)}, arrival, key=key())

    assert on_hand(product) == 0
    moved = db.session.scalars(select(Movement.reason).order_by(Movement.id)).all()
    assert moved[-2:] == ["returned", "damaged"]


def test_no_more_comes_back_than_was_shipped(product: Product) -> None:
    stocked(3, product)
    order = confirmed((product, 3))
    services.ship_order(order.id, {order.lines[0].id: number(1)}, key=key())
    arrival = services.ReturnReceipt("unwanted", "good", place("MAIN-01").id)

    with pytest.raises(Invalid, match="at most 1 can be returned"):
        services.return_goods(order.id, {order.lines[0].id: number(2)}, arrival, key=key())


def change(order: SalesOrder, *items: ItemDraft, **values: Any) -> SalesOrder:
    return services.change_order(order.id, version=None, items=items, **values)


def test_a_confirmed_line_that_grows_is_reserved_and_one_that_shrinks_released(
    product: Product,
) -> None:
    other = ProductFactory.create()
    stocked(5, product)
    stocked(5, other)
    order = confirmed((product, 2), (other, 4))

    order = change(
        order,
        ItemDraft(number(4), product_id=product.id),
        ItemDraft(number(1), product_id=other.id),
    )

    assert order.status == "allocated"
    assert (held(product), held(other)) == ((5, 4), (5, 1))
    assert order.total == 50


def test_a_line_that_is_left_out_is_removed_and_released(product: Product) -> None:
    other = ProductFactory.create()
    stocked(5, product)
    order = confirmed((product, 2), (other, 4))

    order = change(order, ItemDraft(number(4), product_id=other.id))

    assert [line.sku for line in again(order).lines] == [other.sku]
    assert order.status == "confirmed"
    assert held(product) == (5, 0)


def test_a_line_keeps_its_price_when_the_product_has_another_now(product: Product) -> None:
    order: Any = drafted((product, 2))

    order = change(order, ItemDraft(number(3), sku="P-1"))

    assert (order.lines[0].unit_price, order.total) == (10, 30)


def test_a_stale_version_is_refused_with_both_values(product: Product) -> None:
    order = drafted((product, 2))
    seen = order.version
    services.change_order(order.id, version=seen, notes="first")

    with pytest.raises(StaleVersion) as refusal:
        services.change_order(order.id, version=seen, notes="second")
    assert refusal.value.conflicts["notes"] == ("first", "second")


def test_a_stale_version_of_the_lines_releases_nothing(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    change(order, ItemDraft(number(4), product_id=product.id))

    with pytest.raises(StaleVersion):
        services.change_order(
            order.id, version=1, items=[ItemDraft(number(1), product_id=product.id)]
        )
    assert held(product) == (5, 4)


def test_lines_that_only_others_changed_stay_theirs(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    mine, seen = order.lines[0].item, order.version
    change(order, ItemDraft(number(4), product_id=product.id))

    draft = ItemDraft(mine.quantity, sku=mine.sku, unit_price=mine.unit_price, id=mine.id)
    services.change_order(order.id, version=seen, notes="mine", items=[draft])

    assert (again(order).lines[0].quantity, again(order).notes) == (4, "mine")
    assert held(product) == (5, 4)


def test_an_order_that_has_left_is_not_changed(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    services.ship_order(order.id, key=key())

    with pytest.raises(NotAllowed, match="cannot be changed"):
        services.change_order(order.id, version=None, notes="late")


def test_what_has_left_stays_in_the_order(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 3))
    services.ship_order(order.id, {order.lines[0].id: number(2)}, key=key())

    with pytest.raises(Invalid, match="2 are picked or gone"):
        change(order, ItemDraft(number(1), product_id=product.id))


def test_currency_and_customer_are_fixed_once_confirmed(product: Product) -> None:
    order = confirmed((product, 3))

    with pytest.raises(Invalid, match="fixed"):
        services.change_order(order.id, version=None, currency="GBP")


def test_the_history_tells_of_lines_and_states(product: Product) -> None:
    order = confirmed((product, 3))
    change(order, ItemDraft(number(4), product_id=product.id))

    entries = db.session.scalars(history(order)).all()
    told = {
        name: values for entry in reversed(entries) for name, values in entry.changes.items()
    }
    assert told["lines"] == ["3 x P-1 at 10", "4 x P-1 at 10"]
    assert told["status"] == ["draft", "confirmed"]
