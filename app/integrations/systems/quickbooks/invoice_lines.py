"""What an invoice or a bill of QuickBooks says in its lines, its tax and its addresses."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Record = Mapping[str, Any]

LARGEST = Decimal(10) ** 10
LINES = ("Line1", "Line2", "Line3", "Line4", "Line5")  # free text as often as not
ADDRESS = (*LINES, "City", "CountrySubDivisionCode", "PostalCode", "Country")
CENT = Decimal("0.01")
DETAILS = (
    *("SalesItemLineDetail", "ItemBasedExpenseLineDetail"),
    "AccountBasedExpenseLineDetail",
)
# Lines that name no item: what they are called, by their kind or by their item's number.
OTHERS = {"DiscountLineDetail": "Discount", "SHIPPING_ITEM_ID": "Shipping"}


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


def difference(record: Record) -> tuple[Decimal, Decimal] | None:
    """Give what lines and tax come to and what the invoice says, if these differ.

    Where prices hold their tax, it is in the amounts of lines or not, as a company has it.
    """
    lines = [line for line in invoice_lines(record) if not line["is_part"]]
    total = _number(record.get("TotalAmt"))
    if not lines or total is None:
        return None
    came_to = sum((line["amount"] or Decimal(0) for line in lines), Decimal(0))
    with_tax = came_to + (tax(record) or Decimal(0))
    if any(abs(one - total) <= CENT for one in (came_to, with_tax)):
        return None
    return with_tax, total


def _lines(given: Any, *, is_part: bool) -> Iterator[dict[str, Any]]:
    for line in given if isinstance(given, list) else []:
        if not isinstance(line, dict) or line.get("DetailType") == "SubTotalLineDetail":
            continue
        group = _part(line, "GroupLineDetail")
        detail = group or _detail(line)
        ref = _part(detail, "GroupItemRef" if group else "ItemRef")
        account = _part(detail, "AccountRef")  # of a bill: what is no item
        kind = str(ref.get("value") or line.get("DetailType") or "")
        amount = _number(line.get("Amount"))
        if line.get("DetailType") == "DiscountLineDetail" and amount is not None:
            amount = -amount
        yield {
            "item": str(ref.get("name") or account.get("name") or OTHERS.get(kind, "")),
            "product_ref": str(ref.get("value") or ""),
            "description": str(line.get("Description") or _percent(line)),
            "quantity": _number(detail.get("Quantity" if group else "Qty")),
            "price": _number(detail.get("UnitPrice")),
            "amount": amount,
            "is_part": is_part,
        }
        yield from _lines(group.get("Line"), is_part=True)


def _detail(line: Record) -> Record:
    """What is sold or bought by a line."""
    found = (_part(line, name) for name in DETAILS)
    return next(filter(None, found), {})


def _percent(line: Record) -> str:
    """How a discount was reckoned, where it was by percent."""
    percent = _number(_part(line, "DiscountLineDetail").get("DiscountPercent"))
    return f"{percent.normalize():f} %" if percent else ""


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST else None
