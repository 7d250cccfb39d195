"""Bills for programs, and how they come from the books."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import services as accounts
from app.catalog.models import Product, Vendor
from app.core.db import db
from app.integrations.services.connecting import disconnect
from app.integrations.sync.models import RejectedRecord
from app.vendor_bills.models import VendorDocument
from tests.factories import RoleFactory, UserFactory
from tests.integrations.mirrored import came
from tests.purchasing.conftest import sent
from tests.vendor_bills.conftest import Books, line

Call = Callable[..., Any]


@pytest.fixture
def order(vendor: Vendor, product: Product) -> Any:
    return sent((product, 10), vendor=vendor, order_date=date(2026, 11, 10))


@pytest.fixture
def call(app: Flask) -> Call:
    """Call the API as a program that may match, and see costs unless said otherwise."""

    def call(method: str, path: str, body: Any = None, *, costs: bool = True) -> Any:
        held = ["vendor_bills.view", "vendor_bills.match", *["products.costs"] * costs]
        person = UserFactory.create(role=RoleFactory.create(permissions=held))
        bearer = f"Bearer {accounts.create_token(person, name='test')}"
        return app.test_client().open(
            path, method=method, json=body, headers={"Authorization": bearer}
        )

    return call


def test_a_program_reads_how_a_bill_stands(
    ledger: Books, order: Any, call: Call, product: Product
) -> None:
    bill = ledger.has("bill", line(8, 11), DocNumber=order.number)

    said = call("GET", f"/api/v1/vendor-bills/{bill.id}").json
    listed = call("GET", "/api/v1/vendor-bills?state=matched&kind=bill").json

    assert said["match_state"] == "differs"
    assert said["total"] == "88"
    assert [(one["order_number"], one["state"]) for one in said["matches"]] == [
        (order.number, "matched")
    ]
    [row] = said["comparison"]
    assert row == {
        "product_id": product.id,
        "name": "P-1",
        "quantity": "8",
        "our_quantity": "0",
        "returned": "0",
        "amount": "88",
        "our_amount": "80",
        "difference": "More billed than has come, another price",
    }
    assert [one["id"] for one in listed["items"]] == [bill.id]


def test_costs_are_not_told_to_a_program_that_may_not_see_them(
    ledger: Books, order: Any, call: Call
) -> None:
    bill = ledger.has("bill", line(8, 11), DocNumber=order.number)

    said = call("GET", f"/api/v1/vendor-bills/{bill.id}", costs=False).json

    assert (said["total"], said["balance"], said["items"][0]["price"]) == (None,) * 3
    assert said["comparison"][0]["our_amount"] is None


def test_a_program_matches_unmatches_and_sets_apart(
    ledger: Books, order: Any, call: Call
) -> None:
    bill = ledger.has("bill", line(1, 1, ref="?"))
    one = f"/api/v1/vendor-bills/{bill.id}"

    wrong = call("POST", f"{one}/matches", {"order_number": "PO-99999"})
    matched = call("POST", f"{one}/matches", {"order_number": order.number})
    busy = call("POST", f"{one}/separation")
    undone = call("DELETE", f"{one}/matches/{order.id}")
    again = call("DELETE", f"{one}/matches/{order.id}")
    apart = call("POST", f"{one}/separation")
    nowhere = call("DELETE", f"{one}/matches/999999")

    assert (wrong.status_code, list(wrong.json["fields"])) == (422, ["order_number"])
    assert matched.json["match_state"] == "differs"
    assert (busy.status_code, busy.json["code"]) == (409, "not_allowed")
    assert undone.json["match_state"] == "unmatched"
    assert again.status_code == 409
    assert apart.json["match_state"] == "apart"
    assert nowhere.status_code == 404


def test_what_does_not_add_up_there_is_told_with_both_figures(ledger: Books) -> None:
    ledger.has("bill", line(10, 10), DocNumber="B-1", TotalAmt=90)

    reasons = db.session.scalars(select(RejectedRecord.reason)).all()

    assert reasons == ["Bill B-1: QuickBooks says 90.00, its lines and tax come to 100.00."]


def test_one_without_a_date_costs_itself_alone(ledger: Books) -> None:
    came(ledger.connection, "bill", {"Id": "1", "TotalAmt": 5}, {"Id": "2", "TxnDate": "x"})

    assert db.session.scalars(select(VendorDocument)).all() == []
    reasons = db.session.scalars(select(RejectedRecord.reason)).all()
    assert set(reasons) == {"It needs a date and a total.", "x is no date."}


def test_books_that_are_not_connected_any_more_are_in_no_list(
    ledger: Books, order: Any, call: Call
) -> None:
    ledger.has("bill", line(10, 10), DocNumber=order.number)

    disconnect(ledger.connection.id)

    assert call("GET", "/api/v1/vendor-bills").json["items"] == []


def test_one_that_changes_there_changes_here_and_stays_matched(
    ledger: Books, order: Any, call: Call
) -> None:
    bill = ledger.has("bill", line(8, 11), DocNumber=order.number)
    changed = {
        "Id": bill.external_id,
        "DocNumber": "B-2",
        "TxnDate": "2026-11-21",
        "VendorRef": {"value": "7", "name": "Bean & Co"},
        "CurrencyRef": {"value": "EUR"},
        "TotalAmt": 10,
        "Line": [line(1, 10)],
    }

    came(ledger.connection, "bill", changed)

    said = call("GET", f"/api/v1/vendor-bills/{bill.id}").json
    assert (said["number"], said["total"], len(said["items"])) == ("B-2", "10", 1)
    assert [one["state"] for one in said["matches"]] == ["matched"]
