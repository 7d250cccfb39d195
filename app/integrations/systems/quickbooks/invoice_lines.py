"""What an invoice of QuickBooks says in its lines, its tax and its addresses."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Record = Mapping[str, Any]

LARGEST = Decimal(10) ** 10
ADDRESS = ("Line1", "Line2", "Line3", "City", "CountrySubDivisionCode", "PostalCode", "Country")


def invoice_lines(record: Record) -> list[dict[str, Any]]:
    """Give every line but the subtotals; a bundle is followed by its parts."""
    return list(_lines(record.get("Line"), is_part=False))


def tax(record: Record) -> Decimal | None:
    """Give the tax in all; None if there is none."""
    return _number(_part(record, "TxnTaxDetail").get("TotalTax")) or None


def address_line(address: Any) -> str:
    """Give an address in one line."""
    if not isinstance(address, dict):
        return ""
    return ", ".join(str(address[name]) for name in ADDRESS if address.get(name))


def _lines(given: Any, *, is_part: bool) -> Iterator[dict[str, Any]]:
    for line in given if isinstance(given, list) else []:
        if not isinstance(line, dict) or line.get("DetailType") == "SubTotalLineDetail":
            continue
        group = _part(line, "GroupLineDetail")
        detail = group or _part(line, "SalesItemLineDetail")
        ref = _part(detail, "GroupItemRef" if group else "ItemRef")
        yield {
            "item": str(ref.get("name") or ""),
            "product_ref": str(ref.get("value") or ""),
            "description": str(line.get("Description") or ""),
            "quantity": _number(detail.get("Quantity" if group else "Qty")),
            "price": _number(detail.get("UnitPrice")),
            "amount": _number(line.get("Amount")),
            "is_part": is_part,
        }
        yield from _lines(group.get("Line"), is_part=True)


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST else None
