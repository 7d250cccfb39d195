"""Bills on the pages: their list, one of them, and where orders and vendors show them."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.catalog.models import Product, Vendor
from tests.conftest import SignIn
from tests.purchasing.conftest import sent
from tests.vendor_bills.conftest import Books, line

HTMX = {"HX-Request": "true"}
MAY = ("vendor_bills.view", "vendor_bills.match", "purchase_orders.view", "vendors.view")


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    return sign_in(*MAY, "products.costs")


@pytest.fixture
def order(vendor: Vendor, product: Product) -> Any:
    return sent((product, 10), vendor=vendor, order_date=date(2026, 11, 10))


def test_a_bill_is_listed_and_shown_beside_the_order(
    ledger: Books, order: Any, reader: FlaskClient
) -> None:
    bill = ledger.has("bill", line(8, 11), DocNumber=order.number)

    listed = reader.get("/vendor-bills").text
    shown = reader.get(f"/vendor-bills/{bill.id}").text

    assert f"Bill {order.number}" in listed
    assert "Differs" in listed
    assert "88.00" in listed
    assert "More billed than has come, another price" in shown
    assert "Same number" in shown
    assert f"/purchase-orders/{order.id}" in shown


def test_the_order_and_the_vendor_lead_to_it(
    ledger: Books, order: Any, reader: FlaskClient, vendor: Vendor
) -> None:
    bill = ledger.has("bill", line(10, 10), DocNumber="B-17")

    on_order = reader.get(f"/purchase-orders/{order.id}").text
    on_vendor = reader.get(f"/vendors/{vendor.id}").text

    assert f"/vendor-bills/{bill.id}" in on_order
    assert "Bill B-17" in on_order
    assert "To decide" in on_order
    assert f"/vendor-bills?vendor={vendor.id}" in on_vendor
    assert "1, 1 to decide" in on_vendor


def test_without_the_permission_neither_says_anything(
    ledger: Books, order: Any, sign_in: SignIn, vendor: Vendor
) -> None:
    bill = ledger.has("bill", line(10, 10), DocNumber=order.number)
    client = sign_in("purchase_orders.view", "vendors.view")

    assert "In the books" not in client.get(f"/purchase-orders/{order.id}").text
    assert "Elsewhere" not in client.get(f"/vendors/{vendor.id}").text
    assert client.get("/vendor-bills").status_code == 403
    assert client.get(f"/vendor-bills/{bill.id}").status_code == 403


def test_figures_take_a_permission(ledger: Books, order: Any, sign_in: SignIn) -> None:
    bill = ledger.has("bill", line(8, 11), DocNumber=order.number)
    client = sign_in(*MAY)

    for path in ("/vendor-bills", f"/vendor-bills/{bill.id}", f"/purchase-orders/{order.id}"):
        text = client.get(path).text
        assert f"Bill {order.number}" in text
        assert "88.00" not in text


def test_a_question_is_answered_on_the_page(
    ledger: Books, order: Any, reader: FlaskClient
) -> None:
    bill = ledger.has("bill", line(10, 10))
    one = f"/vendor-bills/{bill.id}/matches/{order.id}"

    page = reader.get(f"/vendor-bills/{bill.id}").text
    assert "Yes, this order" in page
    answer = reader.post(f"{one}/confirmation")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/vendor-bills/{bill.id}")
    assert "Matched" in reader.get(f"/vendor-bills/{bill.id}").text
    assert reader.post(f"{one}/refusal", headers=HTMX).status_code == 204
    assert "Not this one" in reader.get(f"/vendor-bills/{bill.id}").text


def test_one_is_matched_by_hand_with_the_number_of_an_order(
    ledger: Books, order: Any, reader: FlaskClient
) -> None:
    bill = ledger.has("bill", line(1, 1, ref="unknown"))
    address = f"/vendor-bills/{bill.id}/matches"

    assert reader.get(f"{address}/new").status_code == 200
    wrong = reader.post(address, data={"order": "PO-99999"})
    empty = reader.post(address, data={"order": ""})
    right = reader.post(address, data={"order": order.number.lower()})

    assert (wrong.status_code, empty.status_code, right.status_code) == (422, 422, 303)
    assert "There is no purchase order PO-99999." in wrong.text
    shown = reader.get(f"/vendor-bills/{bill.id}").text
    assert "Matched by hand" in shown
    assert "Not ordered" in shown


def test_one_is_set_apart(ledger: Books, order: Any, reader: FlaskClient) -> None:
    bill = ledger.has("bill", line(10, 10))

    assert reader.post(f"/vendor-bills/{bill.id}/separation").status_code == 303

    assert "It is about no order of ours." in reader.get(f"/vendor-bills/{bill.id}").text
    assert "About no order" in reader.get("/vendor-bills?state=apart").text
    assert f"/vendor-bills/{bill.id}" not in reader.get("/vendor-bills?state=proposed").text


def test_the_filters_let_through_what_they_say(
    ledger: Books, order: Any, reader: FlaskClient, vendor: Vendor
) -> None:
    ledger.has("purchase_order", line(10, 10), DocNumber=order.number)
    ledger.has("bill", line(10, 10), DocNumber="ASKED", PrivateNote="thank you kindly")
    ledger.has("bill", line(1, 1, ref="?"), DocNumber="LONELY", VendorRef={"value": "8"})

    def found(query: str) -> set[str]:
        text = reader.get(f"/vendor-bills?{query}", headers=HTMX).text
        return {name for name in (order.number, "ASKED", "LONELY") if f" {name}" in text}

    assert found("state=matched") == {order.number}
    assert found("state=proposed") == {"ASKED"}
    assert found("state=unmatched") == {"LONELY"}
    assert found("kind=purchase_order") == {order.number}
    assert found(f"vendor={vendor.id}") == {order.number, "ASKED"}
    assert found("search=kindly") == {"ASKED"}


def test_the_same_number_twice_is_warned_of(
    ledger: Books, order: Any, reader: FlaskClient
) -> None:
    ledger.has("bill", line(10, 10), DocNumber="Inv-7")

    twin = ledger.has("bill", line(10, 10), DocNumber="INV 7")

    assert "has the same number and vendor" in reader.get(f"/vendor-bills/{twin.id}").text


def test_who_may_only_look_cannot_decide(ledger: Books, order: Any, sign_in: SignIn) -> None:
    bill = ledger.has("bill", line(10, 10))
    client = sign_in("vendor_bills.view")
    one = f"/vendor-bills/{bill.id}"

    for path in (
        f"{one}/matches",
        f"{one}/separation",
        f"{one}/matches/{order.id}/confirmation",
        f"{one}/matches/{order.id}/refusal",
    ):
        assert client.post(path).status_code == 403
    assert "Yes, this order" not in client.get(one).text


def test_many_bills_take_as_many_questions_as_two(
    ledger: Books, vendor: Vendor, product: Product, reader: FlaskClient, queries: list[str]
) -> None:
    def asked(more: int) -> int:
        for _ in range(more):
            order = sent((product, 10), vendor=vendor, order_date=date(2026, 11, 10))
            ledger.has("bill", line(10, 10), DocNumber=order.number)
        reader.get("/vendor-bills")
        queries.clear()
        assert "Differs" in reader.get("/vendor-bills").text
        return len(queries)

    few = asked(2)

    assert asked(6) == few
