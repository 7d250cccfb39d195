"""What QuickBooks' bills and purchase orders say in our terms."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.integrations.systems.quickbooks import invoice_lines, reading

Record = Mapping[str, Any]
LONGEST_NOTE = 1000
NOTES = ("PrivateNote", "Memo")
MOST_MENTIONS = 50
# Words with a digit in them: numbers of orders stand among other words in notes.
WORD = re.compile(r"[^\W_][\w./-]*")


def document(record: Record) -> dict[str, Any]:
    """A bill or a purchase order with its lines, and how these differ from its total.

    Raises:
        Unreadable: It has no date or no total, or one that is no amount.
    """
    # A vendor is named as a customer is: what invoices say of theirs is read the same way.
    head = reading.invoice({**record, "CustomerRef": record.get("VendorRef")})
    return {
        "number": head["number"],
        "vendor_ref": head["customer_ref"],
        "vendor_name": head["customer_name"],
        "document_date": head["invoice_date"],
        "due_date": head["due_date"],
        "state": str(record.get("POStatus") or "")[:50],
        "currency": head["currency"],
        "total": head["total"],
        "balance": head["balance"],
        "tax": invoice_lines.tax(record),
        "note": _note(record),
        "mentions": [*_mentions(record)],
        "orders_ref": [*_linked(record)],
        "lines": invoice_lines.invoice_lines(record),
        "is_void": head["is_void"],
        "difference": invoice_lines.difference(record),
    }


def _note(record: Record) -> str:
    said = (str(record.get(name) or "").replace("\0", "").strip() for name in NOTES)
    return "\n".join(filter(None, said))[:LONGEST_NOTE]


def _mentions(record: Record) -> Iterator[str]:
    """Give the words with a digit that notes and lines hold, each once."""
    lines = record.get("Line")
    said = [_note(record), reading.customer_po(record)]
    said += [
        str(line.get("Description") or "")
        for line in (lines if isinstance(lines, list) else [])
        if isinstance(line, dict)
    ]
    words = (word for text in said for word in WORD.findall(text))
    codes = dict.fromkeys(word for word in words if any(map(str.isdecimal, word)))
    yield from [*codes][:MOST_MENTIONS]


def _linked(record: Record) -> Iterator[str]:
    """Give the purchase orders that it is linked to, as a whole or line by line, each once."""
    lines = record.get("Line")
    parts = [record, *(lines if isinstance(lines, list) else [])]
    links = [
        link
        for part in parts
        if isinstance(part, dict) and isinstance(part.get("LinkedTxn"), list)
        for link in part["LinkedTxn"]
        if isinstance(link, dict) and link.get("TxnType") == "PurchaseOrder"
    ]
    yield from dict.fromkeys(str(link["TxnId"]) for link in links if link.get("TxnId"))
