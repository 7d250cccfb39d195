"""Receiving at the desk and by call, and the receipts that come of it."""

from typing import Any

import pytest

from app.catalog.models import Product
from app.orders import services as orders
from app.purchasing import services
from app.purchasing.services import ReceivedItem
from tests.conftest import SignIn
from tests.factories import ProductFactory, VendorFactory
from tests.orders.conftest import confirmed
from tests.purchasing.conftest import Call, again, key, number, on_hand, place, sent

HTMX = {"HX-Request": "true"}
VIEW, RECEIVE = "purchase_orders.view", "purchase_orders.receive"


def form(order: Any, **values: object) -> dict[str, object]:
    """What the form of a delivery sends of an order with one line."""
    return {"key": key(), "rows-0-line_id": order.lines[0].id, **values}


def test_the_form_begins_with_what_is_open_and_says_who_waits(
    sign_in: SignIn, product: Product
) -> None:
    order, waiting = sent((product, 10)), confirmed((product, 3))

    page = sign_in(VIEW, RECEIVE).get(f"/purchase-orders/{order.id}/receipts/new").text

    assert 'value="10"' in page
    assert waiting.number in page
    assert "waits for 3" in page


def test_a_delivery_is_taken_in_and_shown(sign_in: SignIn, product: Product) -> None:
    order = sent((product, 10))
    client = sign_in(VIEW, RECEIVE, "stock.view")
    body = form(
        order,
        **{"rows-0-good": "6", "rows-0-damaged": "1", "delivery_note": "SLIP-1"},
        **{"others-0-code": "???", "others-0-quantity": "2"},
    )

    answer = client.post(f"/purchase-orders/{order.id}/receipts", data=body)
    again_ = client.post(f"/purchase-orders/{order.id}/receipts", data=body)

    assert (answer.status_code, again_.status_code) == (303, 303), answer.text
    assert (on_hand(product), on_hand(product, place("ASIDE"))) == (6, 1)
    page = client.get(f"/purchase-orders/{order.id}").text
    for words in ("GR-", "SLIP-1", "Damaged: put aside", "Partly received"):
        assert words in page
    listed = client.get("/receipts?search=slip-1").text
    assert order.number in listed
    assert "Partly put aside" in listed
    assert "<html" not in client.get("/receipts", headers=HTMX).text
    assert "Nothing matches" in client.get("/receipts?search=zzz").text


def test_what_does_not_fit_comes_back_with_the_form(sign_in: SignIn, product: Product) -> None:
    order = sent((product, 10))
    client, path = sign_in(VIEW, RECEIVE), f"/purchase-orders/{order.id}/receipts"

    too_much = client.post(path, data=form(order, **{"rows-0-good": "11"}), headers=HTMX)
    nowhere = client.post(path, data=form(order, **{"rows-0-good": "1", "location": "NO"}))
    half = client.post(path, data=form(order, **{"others-0-code": "X"}))

    assert too_much.status_code == nowhere.status_code == half.status_code == 422
    assert "at most 10 can be received" in too_much.text
    assert "There is no location NO" in nowhere.text
    assert "Say both what has come and how much" in half.text
    assert on_hand(product) == 0


@pytest.mark.parametrize("path", ["/purchase-orders/{}/receipts", "/receipts"])
def test_receiving_takes_its_permission(sign_in: SignIn, product: Product, path: str) -> None:
    order = sent((product, 10))

    assert sign_in(VIEW).post(path.format(order.id), data=form(order)).status_code == 403


def test_a_receipt_is_undone_on_its_page_or_says_why_not(
    sign_in: SignIn, product: Product
) -> None:
    order = sent((product, 10))
    item = ReceivedItem(number(10), line_id=order.lines[0].id)
    receipt = services.receive_goods(order.id, [item], key=key())
    client, at = sign_in(VIEW, RECEIVE), f"/receipts/{receipt.id}"
    sold = confirmed((product, 4))

    assert "of 10 P-1 only 6 still at MAIN-01 and not reserved" in " ".join(
        client.get(at).text.split()
    )
    assert client.post(f"{at}/reversal", headers=HTMX).status_code == 409
    orders.cancel_order(sold.id)
    assert client.post(f"{at}/reversal").status_code == 303
    assert "Undone" in client.get(at).text
    assert on_hand(product) == 0


def test_a_delivery_without_an_order_is_put_aside_on_its_page(
    sign_in: SignIn, product: Product
) -> None:
    vendor = VendorFactory.create(code="V-7")
    client = sign_in(VIEW, RECEIVE)
    body = {"key": key(), "vendor": "V-7", "others-0-code": "p-1", "others-0-quantity": "4"}

    answer = client.post("/receipts", data=body)

    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["Location"]).text
    assert vendor.name in page
    assert "Not ordered: put aside" in page
    assert on_hand(product, place("ASIDE")) == 4


def test_a_program_receives_in_parts_and_undoes(call: Call, product: Product) -> None:
    order, other = sent((product, 10)), ProductFactory.create()
    at = f"/api/v1/purchase-orders/{order.id}/receive"

    refused = call("POST", at, {"items": [{"sku": "P-1", "quantity": "11"}]})
    items = [
        {"sku": "P-1", "quantity": "6"},
        {"line_id": order.lines[0].id, "quantity": "1", "condition": "damaged"},
        {"product_id": other.id, "quantity": "2"},
        {"code": "???", "quantity": "1"},
    ]
    made: Any = call("POST", at, {"items": items, "delivery_note": "SLIP-1"})

    assert (refused.status_code, [*refused.json["fields"]]) == (422, ["items"])  # type: ignore[index]
    assert made.status_code == 201, made.text
    assert made.json["order_status"] == "part_received"
    conditions = [one["condition"] for one in made.json["items"]]
    assert conditions == ["good", "damaged", "unordered", "unknown"]
    listed: Any = call("GET", "/api/v1/goods-receipts?q=slip-1&put_aside=true").json
    assert [one["id"] for one in listed["items"]] == [made.json["id"]]
    undone = call("POST", f"/api/v1/goods-receipts/{made.json['id']}/reversal")
    assert undone.status_code == 200, undone.text
    assert again(order).status == "sent"


def test_the_same_call_twice_is_received_once(call: Call, product: Product) -> None:
    order = sent((product, 10))
    at = f"/api/v1/purchase-orders/{order.id}/receive"
    body = {"items": [{"sku": "P-1", "quantity": "6"}]}

    first = call("POST", at, body, Idempotency_Key="delivery-7")
    second = call("POST", at, body, Idempotency_Key="delivery-7")

    assert first.json == second.json
    assert on_hand(product) == 6


def test_an_unknown_vendor_or_nothing_at_all_is_refused(call: Call) -> None:
    root, item = "/api/v1/goods-receipts", {"code": "???", "quantity": "1"}

    assert call("POST", root, {"items": [item], "vendor_id": 999_999}).status_code == 422
    assert call("POST", root, {"items": [item | {"quantity": "0"}]}).status_code == 422
    assert call("POST", root, {"items": []}).status_code == 422
