"""What is shipped and invoiced here is sales too, each once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.core.events import publish
from app.core.jobs import JobRun
from app.invoices.services import record_book_documents, record_invoices
from app.orders.events import OrderShipped
from app.orders.models import OrderLine, SalesOrder
from app.sales.services import rules
from app.sales.services.own_sales import follow_invoices, follow_order, follow_orders
from app.sales.tables import sales_line
from tests.factories import OrderLineFactory, SalesOrderFactory
from tests.sales.samples import totals

HEAD: dict[str, Any] = {
    "external_id": "1",
    "number": "INV-1",
    "customer_ref": "77",
    "customer_name": "Corner Café",
    "customer_id": None,
    "customer_po": "",
    "invoice_date": date(2026, 3, 2),
    "due_date": None,
    "currency": "USD",
    "total": Decimal(25),
    "balance": Decimal(0),
    "is_void": False,
    "is_active": True,
    "updated_at": None,
}
LINES = (
    {"item": "MUG", "quantity": Decimal(2), "price": Decimal(10), "amount": Decimal(20)},
    {"item": "Shipping", "quantity": None, "price": None, "amount": Decimal(5)},
)


def order_with(**line: Any) -> tuple[SalesOrder, OrderLine]:
    order = SalesOrderFactory.create(status="allocated", confirmed_at=datetime.now(UTC))
    of = OrderLineFactory.create(order=order, quantity=Decimal(5), total=Decimal(50), **line)
    return order, of


def invoiced(head: dict[str, Any], lines: Sequence[dict[str, Any]] = LINES) -> None:
    record_invoices("quickbooks", "9", [(HEAD | head, lines)])


def kept(session: Session) -> list[tuple[object, ...]]:
    of = sales_line.c
    found = select(of.document, of.kind, of.quantity, of.amount)
    return [
        tuple(row) for row in session.execute(found.order_by(of.document, of.quantity, of.kind))
    ]


def test_what_has_left_counts_once_and_what_comes_back_takes_it_off(session: Session) -> None:
    order, line = order_with(quantity_shipped=Decimal(3))

    assert (follow_order(order.id), follow_order(order.id)) == (1, 0)

    line.quantity_shipped, line.quantity_returned = Decimal(5), Decimal(1)
    session.commit()
    assert follow_orders() == 2
    line.quantity_shipped = Decimal(4)  # the second shipment was undone in part
    session.commit()
    assert follow_orders() == 1

    assert kept(session) == [
        (order.number, "cancellation", -1, -10),
        (order.number, "return", -1, -10),
        (order.number, "sale", 2, 20),
        (order.number, "sale", 3, 30),
    ]
    assert totals(session) == (4, Decimal(3), Decimal(30))
    assert follow_orders() == 0


def test_rules_leave_the_kinds_of_our_own_lines(session: Session) -> None:
    order, line = order_with(quantity_shipped=Decimal(3))
    follow_order(order.id)
    line.quantity_shipped = Decimal(2)
    session.commit()
    follow_order(order.id)

    assert rules.classify_again() == 0
    assert [row[1] for row in kept(session)] == ["cancellation", "sale"]


def test_shipping_an_order_asks_for_its_sales(session: Session) -> None:
    order, line = order_with(quantity_shipped=Decimal(3))
    with transaction():
        publish(
            OrderShipped(
                order_id=order.id, posting_id=None, is_complete=False, quantities={line.id: "3"}
            )
        )

    [run] = session.scalars(select(JobRun).where(JobRun.label.contains("as sales")))
    assert run.arguments["order_id"] == order.id


def test_an_invoice_counts_as_the_books_have_it_now(session: Session) -> None:
    invoiced({})
    assert follow_invoices() == 2
    assert follow_invoices() == 0
    assert totals(session) == (2, Decimal(2), Decimal(25))

    invoiced({}, LINES[:1])
    assert follow_invoices() == 1
    assert totals(session) == (1, Decimal(2), Decimal(20))

    invoiced({"is_void": True})
    assert follow_invoices() == 1
    assert totals(session)[0] == 0


def test_an_invoice_of_an_order_of_ours_is_not_counted_twice(session: Session) -> None:
    order, _line = order_with(quantity_shipped=Decimal(2))
    follow_order(order.id)
    invoiced({"customer_po": order.number.lower()})

    assert follow_invoices() == 0
    assert totals(session)[0] == 1


def test_receipts_are_sales_and_credits_take_them_off(session: Session) -> None:
    head = {
        **{name: HEAD[name] for name in ("customer_ref", "customer_name", "customer_id")},
        **{
            name: HEAD[name]
            for name in ("currency", "total", "balance", "is_void", "is_active")
        },
        "number": "R-1",
        "reference": "",
        "document_date": date(2026, 3, 3),
        "lines": [{"item": "MUG", "quantity": "2", "price": "10", "amount": "20"}],
    }
    record_book_documents("quickbooks", "9", "sales_receipt", [head | {"external_id": "5"}])
    record_book_documents("quickbooks", "9", "credit_memo", [head | {"external_id": "6"}])

    assert follow_invoices() == 2
    assert kept(session) == [("R-1", "return", -2, -20), ("R-1", "sale", 2, 20)]
