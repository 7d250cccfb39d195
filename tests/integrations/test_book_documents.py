"""Receipts, credits, estimates and payments come from the books, and are followed there."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.integrations.hub.errors import Unreadable
from app.integrations.hub.models import Connection
from app.integrations.services.connecting import disconnect
from app.integrations.sync.models import RejectedRecord
from app.integrations.systems.quickbooks import books
from app.invoices.models import BookDocument
from tests.conftest import SignIn
from tests.integrations.conftest import Sync, ours
from tests.standins.quickbooks import QuickBooks

LINE = {
    "Id": "1",
    "LineNum": 1,
    "Amount": 20.0,
    "DetailType": "SalesItemLineDetail",
    "SalesItemLineDetail": {"ItemRef": {"value": "1", "name": "Kettle"}, "Qty": 2},
}
WHO = {"CustomerRef": {"value": "3", "name": "Acme"}, "CurrencyRef": {"value": "USD"}}
HEAD = {"TxnDate": "2026-11-02", **WHO}
PAID = {"Amount": 60.0, "LinkedTxn": [{"TxnId": "7", "TxnType": "Invoice"}]}
CREDITED = {"Amount": 10.0, "LinkedTxn": [{"TxnId": "8", "TxnType": "CreditMemo"}]}


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    return sign_in("invoices.view", "customers.view")


def test_each_kind_is_listed_found_and_followed(
    quickbooks: QuickBooks, connection: Connection, sync: Sync, reader: FlaskClient
) -> None:
    made = {
        entity: quickbooks.company.create(entity, **HEAD, **fields)
        for entity, fields in {
            "SalesReceipt": {"DocNumber": "SR-77", "Line": [LINE], "TotalAmt": 20},
            "CreditMemo": {
                "DocNumber": "CM-5", "Line": [LINE], "TotalAmt": 20, "RemainingCredit": 15,
            },
            "Estimate": {
                "DocNumber": "E-9", "Line": [LINE], "TotalAmt": 20, "TxnStatus": "Pending",
            },
            "Payment": {
                "PaymentRefNum": "CHK 4711", "Line": [PAID, CREDITED], "TotalAmt": 55,
                "UnappliedAmt": 5,
            },
        }.items()
    }  # fmt: skip
    sync()

    said: dict[str, Any] = {
        one.kind: (str(one), one.balance, one.status, [line["amount"] for line in one.lines])
        for one in db.session.scalars(select(BookDocument))
    }
    assert said == {
        "sales_receipt": ("Sales receipt SR-77", 0, "", ["20.0"]),
        "credit_memo": ("Credit memo CM-5", 15, "", ["20.0"]),
        "estimate": ("Estimate E-9", 0, "Pending", ["20.0"]),
        "payment": ("Payment CHK 4711", 5, "", ["60.0000", "-10.0000"]),
    }
    assert db.session.scalars(select(RejectedRecord)).all() == []
    payment = ours(BookDocument, kind="payment")
    assert payment.customer_id is not None  # theirs is linked to ours
    listed = reader.get("/book-documents?kind=payment").text
    assert "CHK 4711" in listed
    assert "SR-77" not in listed
    shown = reader.get(f"/book-documents/{payment.id}").text
    assert "Invoice 7" in shown
    assert "Credit memo 8" in shown
    assert "Credit memo CM-5" in reader.get("/search?q=cm-5", follow_redirects=True).text
    data = reader.get("/api/data/sales-receipts").json or []
    assert [one["DocNumber"] for one in data] == ["SR-77"]

    company = quickbooks.company
    company.delete("Estimate", made["Estimate"])
    company.change(
        "SalesReceipt", made["SalesReceipt"], TotalAmt=0, Line=[], PrivateNote="Voided"
    )
    company.change("CreditMemo", made["CreditMemo"], TotalAmt=25, RemainingCredit=0)
    sync("changes")

    assert ours(BookDocument, kind="estimate").status == "deleted"
    assert ours(BookDocument, kind="sales_receipt").status == "void"
    assert ours(BookDocument, kind="credit_memo").total == 25
    differs = ours(RejectedRecord)
    assert differs.reason == (
        "Credit memo CM-5: QuickBooks says 25.00, its lines and tax come to 20.00."
    )

    disconnect(connection.id)
    assert "CHK 4711" not in reader.get("/book-documents").text


def test_a_payment_that_does_not_add_up_is_told_with_both_figures() -> None:
    given: dict[str, Any] = {**HEAD, "TotalAmt": 100, "Line": [PAID], "UnappliedAmt": 5}

    assert books.document("payment", given)["difference"] == (Decimal(65), Decimal(100))
    assert books.document("payment", given | {"UnappliedAmt": 40})["difference"] is None
    with pytest.raises(Unreadable, match="no amount"):
        books.document("payment", given | {"Line": [{"LinkedTxn": []}]})
