"""A connection with everything that may wait for somebody, and an invoice."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.core.db import transaction
from app.integrations.hub.apps import save_app
from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.integrations.money.models import (
    MoneyBalance,
    MoneyDispute,
    MoneyFee,
    MoneyTransaction,
    Payout,
)
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun
from app.invoices.models import BookDocument, Invoice, InvoiceLine
from tests.browser.differing import differing

LONG = "Blackwood, Fitzgerald & Søndergaard Kitchen Supplies and Trading Company Limited"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def outside(customer_id: int) -> dict[str, Any]:
    """Make one of everything that comes from outside; gives what addresses need."""
    save_app(
        "quickbooks",
        version=None,
        environment="production",
        client_id="AB" * 20,
        client_secret="x",  # noqa: S106
    )
    with transaction() as session:
        connection = Connection(
            system="quickbooks", account="4620816365001234567", name=LONG, connected_at=NOW,
            environment="production", last_synced_at=NOW,
            scopes="com.intuit.quickbooks.accounting",
            problem="QuickBooks does not answer (ConnectTimeout).", problem_at=NOW,
        )  # fmt: skip
        session.add(connection)
        session.flush()
        run = _run(connection)
        session.add_all(
            [run, *_records(connection, customer_id), _invoice(connection, customer_id)]
        )
        paper = _receipt(connection, customer_id)
        session.add(paper)
        session.flush()
        invoice = session.query(Invoice).one()
    return {
        "connection_id": connection.id,
        "sync_id": run.id,
        "invoice_id": invoice.id,
        "document_id": paper.id,
        "payout_id": _payout(connection),
        **differing(connection.id),
        "system": "quickbooks",
    }


def _payout(connection: Connection) -> int:
    """Money of the account: a payment that was paid out, and one that is disputed."""
    about = {"connection_id": connection.id, "currency": "EUR", "made_at": NOW}
    payout = Payout(
        **about, external_id="po_1PgaxNB7WZ01zgkWEV3TLf40", amount=Decimal("12345.67"),
        state="paid", is_automatic=True, is_told=True, arrives_on=date(2026, 11, 27),
        bank="ba_1Pgc79B7WZ01zgkWoU5vBiXt", trace="T-000000012345678901234567890",
    )  # fmt: skip
    with transaction() as session:
        session.add(payout)
        session.flush()
        sale = MoneyTransaction(
            **about, external_id="txn_1PgaxNB7WZ01zgkWEV3TLf40", role="sale", kind="charge",
            amount=Decimal("12345.67"), fee=Decimal("185.44"), net=Decimal("12160.23"),
            available_on=date(2026, 11, 27), is_pending=False, payout_id=payout.id,
            source="ch_1", description=f"Order #000000123 by {LONG}", reference="000000123",
        )  # fmt: skip
        session.add(sale)
        session.flush()
        session.add_all([
            MoneyFee(
                transaction_id=sale.id, position=0, kind="stripe_fee", currency="EUR",
                amount=Decimal("185.44"),
            ),
            MoneyBalance(
                connection_id=connection.id, currency="EUR", available=Decimal("12160.23"),
                pending=Decimal(5), said_at=NOW,
            ),
            MoneyDispute(
                **about, external_id="dp_1Pgc71B7WZ01zgkWMevJiAUx", source="ch_1",
                amount=Decimal("12345.67"), reason="product_not_received",
                state="needs_answer", due_at=NOW,
            ),
        ])  # fmt: skip
    return payout.id


def _run(connection: Connection) -> SyncRun:
    run = SyncRun(
        connection_id=connection.id, mode="full", cause="person", actor=LONG, state="asking",
        started_at=NOW, expected=48_000, pages=48, rows_in=47_999, rows_changed=12_345,
        rows_failed=7, deletions={"item": {"ids": ["1"], "of": 3}},
        throttled_seconds=Decimal("61.5"),
    )  # fmt: skip
    run.end("asking", "12,000 of 48,000 items have vanished from QuickBooks.")
    return run


def _records(connection: Connection, customer_id: int) -> list[Any]:
    whose = {"connection_id": connection.id, "kind": "customer"}
    return [
        ExternalRecord(**whose, external_id="7", payload={"Id": "7", "DisplayName": LONG}),
        RecordLink(
            **whose,
            external_id="7",
            record_id=customer_id,
            state="doubtful",
            reason="Same e-mail address, other name",
        ),
        RejectedRecord(
            **whose,
            external_id="8",
            reason="DisplayName: At most 300 characters.",
            excerpt='{"Id": "8", "DisplayName": "' + 30 * "Kettle" + '"}',
        ),
        ExternalRecord(
            connection_id=connection.id,
            kind="invoice",
            external_id="9",
            payload={
                "Line": [
                    {
                        "DetailType": "SalesItemLineDetail",
                        "Description": LONG,
                        "Amount": 120.5,
                        "SalesItemLineDetail": {
                            "ItemRef": {"value": "1", "name": LONG},
                            "Qty": 10,
                            "UnitPrice": 12.05,
                        },
                    }
                ],
                "BillAddr": {"Line1": LONG, "City": "Copenhagen"},
            },
        ),
    ]


def _invoice(connection: Connection, customer_id: int) -> Invoice:
    return Invoice(
        system=connection.system,
        account=connection.account,
        bill_to=f"{LONG}, Copenhagen",
        external_id="9",
        number="INV-2026-000123456",
        customer_ref="7",
        customer_name=LONG,
        customer_id=customer_id,
        customer_po="PO/2026/4711-B",
        invoice_date=date(2026, 1, 31),
        due_date=date(2026, 2, 28),
        currency="USD",
        total=Decimal("123456.78"),
        balance=Decimal("120.50"),
        lines=[
            InvoiceLine(
                position=1,
                item=LONG,
                description=LONG,
                quantity=Decimal(10),
                price=Decimal("12.05"),
                amount=Decimal("120.50"),
            )
        ],
    )


def _receipt(connection: Connection, customer_id: int) -> BookDocument:
    return BookDocument(
        system=connection.system,
        account=connection.account,
        kind="sales_receipt",
        external_id="10",
        number="SR-2026-000123456",
        reference="PO/2026/4711-B",
        customer_ref="7",
        customer_name=LONG,
        customer_id=customer_id,
        document_date=date(2026, 1, 31),
        currency="USD",
        total=Decimal("120.50"),
        balance=Decimal(0),
        bill_to=f"{LONG}, Copenhagen",
        method="Credit card",
        lines=[
            {
                "position": 1,
                "item": LONG,
                "description": LONG,
                "quantity": "10",
                "price": "12.05",
                "amount": "120.50",
            }
        ],
    )
