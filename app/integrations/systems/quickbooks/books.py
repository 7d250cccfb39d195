"""What QuickBooks' receipts, credits, estimates and payments say in our terms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.integrations.hub.errors import Unreadable
from app.integrations.systems.quickbooks import invoice_lines, reading

Record = Mapping[str, Any]
CENT = Decimal("0.01")
LEFT = {"credit_memo": "RemainingCredit", "payment": "UnappliedAmt"}  # else `Balance`
NAMES = {"Invoice": "Invoice", "CreditMemo": "Credit memo", "JournalEntry": "Journal entry"}
OFF = {"CreditMemo"}  # what these come to is paid less


def document(kind: str, record: Record) -> dict[str, Any]:
    """A document with its lines, and the difference between these and its total.

    Raises:
        Unreadable: It has no date or no total, or one that is no amount.
    """
    head = reading.invoice(record)
    is_payment = kind == "payment"
    lines = paid_lines(record) if is_payment else invoice_lines.invoice_lines(record)
    left = reading.amount(record.get(LEFT.get(kind, "Balance")))
    return {
        "number": head["number"] or str(record.get("PaymentRefNum") or "")[:100],
        "reference": str(record.get("PaymentRefNum") or "")[:100] or head["customer_po"],
        "customer_ref": head["customer_ref"],
        "customer_name": head["customer_name"],
        "document_date": head["invoice_date"],
        "due_date": reading.day(record.get("ExpirationDate")) or head["due_date"],
        "state": str(record.get("TxnStatus") or "")[:50],
        "currency": head["currency"],
        "total": head["total"],
        "balance": head["balance"] if left is None else left,
        "tax": invoice_lines.tax(record),
        "bill_to": invoice_lines.address_line(record.get("BillAddr")),
        "ship_to": invoice_lines.address_line(record.get("ShipAddr")),
        "method": _named(record.get("PaymentMethodRef")),
        "lines": [_plain(line) for line in lines],
        "is_void": head["is_void"],
        "difference": _unpaid(record) if is_payment else invoice_lines.difference(record),
    }


def paid_lines(record: Record) -> list[dict[str, Any]]:
    """What a payment pays, one line each, and what of it is not used yet.

    Raises:
        Unreadable: A line has no amount.
    """
    lines = record.get("Line")
    return [
        {
            "item": f"{NAMES.get(kind, kind)} {number}".strip(),
            "product_ref": "",
            "description": "",
            "quantity": None,
            "price": None,
            "amount": -said if kind in OFF else said,
            "is_part": False,
        }
        for line in (lines if isinstance(lines, list) else [])
        for kind, number, said in [_linked(line)]
    ]


def _linked(line: Any) -> tuple[str, str, Decimal]:
    linked = line.get("LinkedTxn") if isinstance(line, dict) else None
    first = linked[0] if isinstance(linked, list) and linked else {}
    said = reading.amount(line.get("Amount")) if isinstance(line, dict) else None
    if said is None:
        raise Unreadable("A line of the payment has no amount.")
    first = first if isinstance(first, dict) else {}
    return str(first.get("TxnType") or ""), str(first.get("TxnId") or ""), said


def _unpaid(record: Record) -> tuple[Decimal, Decimal] | None:
    """What is paid and what is left, and what the payment says, if these differ."""
    lines, total = paid_lines(record), reading.amount(record.get("TotalAmt"))
    if not lines or total is None:
        return None
    left = reading.amount(record.get("UnappliedAmt")) or Decimal(0)
    came_to = sum((line["amount"] for line in lines), left)
    return None if abs(came_to - total) <= CENT else (came_to, total)


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    """A line as JSON keeps it: figures digit by digit."""
    return {n: str(v) if isinstance(v, Decimal) else v for n, v in line.items()}


def _named(ref: Any) -> str:
    return str(ref.get("name") or "")[:100] if isinstance(ref, dict) else ""
