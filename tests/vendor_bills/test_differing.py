"""Lists ask for documents that differ: the note of it follows whatever it hangs on."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.jobs import JobRun
from app.vendor_bills import queries, services
from app.vendor_bills.jobs import compare_documents
from app.vendor_bills.models import VendorDocument
from app.vendor_returns import services as returns
from tests.conftest import SignIn
from tests.integrations.mirrored import came
from tests.vendor_bills.conftest import Books, line
from tests.vendor_bills.test_api import call as call  # noqa: PLC0414  (a fixture)
from tests.vendor_bills.test_matching import ordered, receive
from tests.vendor_returns.test_vendor_returns import of_line, written


def differing() -> list[str]:
    """Give the numbers of what the list lets through."""
    return [one.number for one in db.session.scalars(queries.documents(state="differs"))]


def known(order: Any) -> Any:
    """Give an order as a request of its own finds it."""
    db.session.flush()
    db.session.expunge_all()
    return db.session.scalars(queries.orders([order.id])).one()


@pytest.fixture
def order(vendor: Vendor, product: Product) -> Any:
    return ordered(vendor, (product, 10))


def test_a_bill_that_differs_is_found_until_it_agrees(ledger: Books, order: Any) -> None:
    receive(order, 6)
    ledger.has("bill", line(8, 10), DocNumber=order.number)
    assert differing() == [order.number]

    receive(known(order), 4)
    services.note_differences([order.id])

    assert differing() == []


def test_what_changes_of_an_order_that_bills_are_about_is_compared_by_a_job(
    ledger: Books, order: Any, vendor: Vendor, product: Product
) -> None:
    runs = select(JobRun.arguments).where(JobRun.job == compare_documents.path)
    other = ordered(vendor, (product, 1))
    ledger.has("bill", line(8, 10), DocNumber=order.number)
    before = len(db.session.scalars(runs).all())

    receive(known(order), 6)
    receive(known(other), 1)

    after = db.session.scalars(runs.order_by(JobRun.id)).all()[before:]
    assert [one["order_id"] for one in after] == [order.id]


def test_a_bill_that_changes_there_is_compared_again(ledger: Books, order: Any) -> None:
    receive(order, 10)
    bill = ledger.has("bill", line(10, 10), DocNumber=order.number)
    assert differing() == []

    db.session.expunge_all()
    again = {"TotalAmt": 110, "Line": [line(10, 11)], "DocNumber": order.number}
    kept = {"VendorRef": {"value": "7"}, "CurrencyRef": {"value": "EUR"}}
    came(
        ledger.connection,
        "bill",
        {"Id": bill.external_id, "TxnDate": "2026-11-20"} | kept | again,
    )

    assert differing() == [order.number]


def test_of_two_bills_the_other_one_is_compared_too(ledger: Books, order: Any) -> None:
    receive(order, 10)
    one = ledger.has("bill", line(10, 10), DocNumber=order.number)
    other = ledger.has("bill", line(5, 10), DocNumber="MORE")
    services.match_document(other.id, order_id=order.id)
    services.note_differences()
    assert {*differing()} == {order.number, "MORE"}

    services.unmatch_document(other.id, order_id=order.id)
    services.note_differences()

    assert differing() == []
    assert ledger.again(one.external_id, "bill").is_different is False


def test_one_that_is_void_differs_no_more_and_what_hangs_on_it_agrees(
    ledger: Books, order: Any
) -> None:
    receive(order, 10)
    ledger.has("bill", line(10, 10), DocNumber=order.number)
    other = ledger.has("bill", line(5, 10), DocNumber="MORE")
    services.match_document(other.id, order_id=order.id)
    services.note_differences()

    gone = {"Id": other.external_id, "TxnDate": "2026-11-20", "TotalAmt": 0}
    came(ledger.connection, "bill", gone | {"PrivateNote": "Voided"})

    assert differing() == []


def test_a_note_that_is_wrong_is_right_again_within_an_hour(ledger: Books, order: Any) -> None:
    receive(order, 10)
    ledger.has("bill", line(10, 10), DocNumber=order.number)
    db.session.execute(update(VendorDocument).values(is_different=True))

    assert services.note_all_differences() == 1

    assert differing() == []


def test_page_and_api_have_the_filter(
    ledger: Books, order: Any, sign_in: SignIn, call: Any
) -> None:
    receive(order, 10)
    ledger.has("purchase_order", line(10, 10), DocNumber=order.number)
    wrong = ledger.has("bill", line(10, 11), DocNumber=order.number)

    page = sign_in("vendor_bills.view").get("/vendor-bills?state=differs").text
    listed = call("GET", "/api/v1/vendor-bills?state=differs").json["items"]

    assert f"Bill {order.number}" in page
    assert f"Purchase order {order.number}" not in page
    assert [(one["id"], one["is_different"]) for one in listed] == [(wrong.id, True)]
    assert call("GET", "/api/v1/vendor-bills?state=same").status_code == 422


def test_where_goods_went_back_it_is_said_that_credits_are_not_compared(
    ledger: Books, vendor: Vendor, order: Any, sign_in: SignIn, call: Any
) -> None:
    receipt = receive(order, 10)
    bill = ledger.has("bill", line(10, 10), DocNumber=order.number)
    client = sign_in("vendor_bills.view", "vendor_returns.view")
    assert "does not come from the books" not in client.get(f"/vendor-bills/{bill.id}").text

    returned = written(vendor, of_line(receipt.lines[0], Decimal(3)))
    returns.send_return(returned.id)

    shown = client.get(f"/vendor-bills/{bill.id}").text
    assert "does not come from the books" in shown
    assert "Credit not compared" in shown
    assert "/vendor-returns?search=" in shown
    [remark] = call("GET", f"/api/v1/vendor-bills/{bill.id}").json["remarks"]
    assert "went back" in remark
