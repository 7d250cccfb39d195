"""A shipment undone: the order, its lines and the shelf agree again."""

from typing import Any

import pytest

from app.catalog.models import Product
from app.core.db import db
from app.documents.errors import NotAllowed
from app.orders import queries, services
from app.orders.services import ReturnReceipt
from app.stock import services as stock
from app.stock.errors import CannotReverse
from tests.conftest import SignIn
from tests.core.conftest import Bearer
from tests.factories import ProductFactory
from tests.orders.conftest import (
    again,
    confirmed,
    held,
    key,
    number,
    on_hand,
    place,
    reserved,
    stocked,
)


def shipped(*wanted: tuple[Product, object], **values: Any) -> tuple[Any, int]:
    order = confirmed(*wanted, **values)
    return order, services.ship_order(order.id, key=key()).id


def test_the_ledger_does_not_undo_behind_an_order_s_back(product: Product) -> None:
    """It put four lines back while the order stayed shipped: they came back twice."""
    stocked(3, product)
    order, posting = shipped((product, 3))

    with pytest.raises(CannotReverse, match=f"caused by {order.number}: undo it there"):
        stock.reverse_posting(posting, key="undo")

    assert (on_hand(product), again(order).status) == (0, "shipped")


def test_the_order_undoes_it_and_waits_again(product: Product) -> None:
    stocked(3, product)
    order, posting = shipped((product, 3))

    services.undo_shipment(order.id, posting, key="undo")

    order = again(order)
    assert (order.status, order.shipped_at) == ("allocated", None)
    assert [(line.quantity_shipped, line.quantity_picked) for line in order.lines] == [(0, 0)]
    assert (held(product), reserved(order)) == ((3, 3), [("MAIN-01", 3)])


def test_what_was_undone_ships_again_and_comes_back_once(product: Product) -> None:
    stocked(3, product)
    order, posting = shipped((product, 3))
    services.undo_shipment(order.id, posting, key="undo")
    services.ship_order(order.id, key=key())
    receipt = ReturnReceipt("unwanted", "good", place("MAIN-01").id)
    line = again(order).lines[0].id

    services.return_goods(order.id, {line: number(3)}, receipt, key=key())

    assert on_hand(product) == 3
    with pytest.raises(Exception, match="returned"):
        services.return_goods(order.id, {line: number(1)}, receipt, key=key())


def test_one_of_two_shipments_is_undone(product: Product) -> None:
    stocked(2, product)
    order, _first = shipped((product, 5))
    stocked(3, product)
    services.allocate(order.id)
    second = services.ship_order(order.id, key=key()).id

    services.undo_shipment(order.id, second, key="undo")

    order = again(order)
    assert order.lines[0].quantity_shipped == 2
    assert order.status == "allocated"


def test_it_is_undone_once(product: Product) -> None:
    stocked(3, product)
    order, posting = shipped((product, 3))
    first = services.undo_shipment(order.id, posting, key="undo")

    assert services.undo_shipment(order.id, posting, key="undo").id == first.id
    with pytest.raises(NotAllowed, match="undone already"):
        services.undo_shipment(order.id, posting, key="again")


def test_what_has_come_back_is_not_undone_too(product: Product) -> None:
    stocked(3, product)
    order, posting = shipped((product, 3))
    receipt = ReturnReceipt("unwanted", "good", place("MAIN-01").id)
    services.return_goods(order.id, {order.lines[0].id: number(1)}, receipt, key=key())

    with pytest.raises(NotAllowed, match="has come back"):
        services.undo_shipment(order.id, posting, key="undo")

    assert on_hand(product) == 1


def test_what_a_shop_was_told_is_returned_instead(product: Product) -> None:
    stocked(3, product)
    order, posting = shipped((product, 3), channel="magento", external_number="100000012")

    with pytest.raises(NotAllowed, match="Return the items instead"):
        services.undo_shipment(order.id, posting, key="undo")


def test_a_shipment_of_another_order_is_none_of_this_one(product: Product) -> None:
    stocked(6, product)
    order, _posting = shipped((product, 3))
    _other, posting = shipped((product, 3))

    with pytest.raises(NotAllowed, match="no shipment of"):
        services.undo_shipment(order.id, posting, key="undo")


def test_the_page_shows_every_line_of_each_shipment_first(
    sign_in: SignIn, product: Product
) -> None:
    client = sign_in("orders.view", "orders.ship")
    other = ProductFactory.create(sku="P-2", currency="EUR")
    stocked(3, product)
    stocked(1, other)
    order, posting = shipped((product, 3), (other, 1))
    at = f"/orders/{order.id}"

    asked = client.get(f"{at}/shipments/reversals/new").text
    data = {"key": "k", "posting_id": posting}
    done = client.post(f"{at}/shipments/reversals", data=data, follow_redirects=True)
    twice = client.post(f"{at}/shipments/reversals", data={"key": "l", "posting_id": posting})

    assert "3 × P-1 from MAIN-01, 1 × P-2 from MAIN-01" in asked
    assert asked.count("checked") == 1  # it is the only one
    assert "The shipment is undone." in done.text
    assert twice.status_code == 422
    assert again(order).status == "allocated"


def test_a_shipment_that_cannot_be_undone_says_why_and_is_not_to_be_chosen(
    sign_in: SignIn, product: Product
) -> None:
    client = sign_in("orders.view", "orders.ship")
    other = ProductFactory.create(sku="P-2", currency="EUR")
    stocked(3, product)
    order, first = shipped((product, 3), (other, 1))
    stocked(1, other)
    services.allocate(order.id)
    second = services.ship_order(order.id, key=key()).id
    receipt = ReturnReceipt("unwanted", "good", place("MAIN-01").id)
    services.return_goods(order.id, {order.lines[0].id: number(1)}, receipt, key=key())
    at = f"/orders/{order.id}/shipments/reversals"

    asked = client.get(f"{at}/new").text
    refused = client.post(at, data={"key": "k", "posting_id": first})
    assert "P-1 of this shipment has come back: it cannot be undone." in asked
    assert (asked.count(" disabled>"), refused.status_code) == (1, 422)
    assert refused.text.count("has come back: it cannot be undone.") == 2  # as its error, too
    client.post(at, data={"key": "l", "posting_id": second})

    gone = client.get(f"{at}/new")
    assert (gone.status_code, "has come back" in gone.text) == (409, True)
    assert "Undo a shipment" not in client.get(f"/orders/{order.id}").text


def test_programs_list_and_undo_shipments(bearer: Bearer, product: Product) -> None:
    stocked(3, product)
    order, posting = shipped((product, 3))
    program = bearer("orders.view", "orders.ship")
    at = f"/api/v1/orders/{order.id}/shipments"

    listed = program.get(at).json
    answer = program.post(f"{at}/{posting}/reversal")

    assert [(one["posting_id"], one["refusal"]) for one in listed] == [(posting, "")]
    assert listed[0]["items"] == [{"sku": "P-1", "quantity": "3", "location": "MAIN-01"}]
    assert (answer.status_code, answer.json["status"]) == (200, "allocated")
    assert program.get(at).json == []
    assert bearer("orders.view").post(f"{at}/{posting}/reversal").status_code == 403


def test_movements_name_their_document_and_say_what_was_left(
    sign_in: SignIn, product: Product
) -> None:
    stocked(5, product)
    order, _posting = shipped((product, 2))

    client = sign_in("stock.view", "orders.view", "stock.reverse")
    of_product = client.get(f"/stock/{product.id}").text
    everything = client.get("/movements?search=P-1").text

    for page in (of_product, everything):
        assert f'<a href="/orders/{order.id}">{order.number}</a>' in page
        assert "\N{MINUS SIGN}2" in page
        assert "+5" in page
        assert page.count("Undo this posting?") == 1  # only what was done by hand
    assert [row for row in ("5", "3") if f'value="{row}.000"' in of_product] == ["5", "3"]


def test_a_program_hears_the_sign_of_a_movement(bearer: Bearer, product: Product) -> None:
    stocked(5, product)
    shipped((product, 2))

    answer = bearer("stock.view").get("/api/v1/inventory/movements?sku=P-1")

    changes = [(one["change"], one["document_type"]) for one in answer.json["items"]]
    assert changes == [("-2", queries.ORDER), ("5", None)]


def test_a_program_undoes_what_was_done_by_hand_only(bearer: Bearer, product: Product) -> None:
    stocked(5, product)
    _order, posting = shipped((product, 2))
    by_hand = db.session.scalars(queries.shipments(0)).all()
    assert by_hand == []
    program = bearer("stock.view", "stock.reverse")
    listed = program.get("/api/v1/inventory/movements?sku=P-1").json["items"]
    hand = next(one["posting_id"] for one in listed if one["document_type"] is None)

    refused = program.post(f"/api/v1/inventory/postings/{posting}/reversal")
    gone = program.post(f"/api/v1/inventory/postings/{hand}/reversal")

    assert (refused.status_code, refused.json["code"]) == (409, "cannot_reverse")
    assert gone.status_code == 409  # only 3 of the 5 are still there
    assert gone.json["code"] == "insufficient_stock"
