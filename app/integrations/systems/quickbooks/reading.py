"""What QuickBooks' records say in our terms. What cannot be used of a record is left out."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.catalog.rules import (
    parse_code,
    parse_country,
    parse_currency,
    parse_email,
    parse_line,
    parse_text,
)
from app.integrations.hub.errors import Unreadable

CENTS = Decimal("0.0001")
LARGEST = Decimal(10) ** 10
DELETED = " (deleted)"  # what QuickBooks writes behind a name that is made inactive
Record = Mapping[str, Any]


def customer(record: Record) -> dict[str, Any]:
    """A customer, with the address where goods go."""
    return (
        _contact(record)
        | {"name": _full_name(record)}
        | {
            f"shipping_{name}": value
            for name, value in _address(record.get("ShipAddr")).items()
        }
    )


def _full_name(record: Record) -> str:
    """A customer of a customer is called after both: "Acme Holding:Warehouse"."""
    full = record.get("FullyQualifiedName")
    if record.get("ParentRef") and isinstance(full, str) and full.strip():
        return _name(record, "FullyQualifiedName")
    return _name(record, "DisplayName")


def vendor(record: Record) -> dict[str, Any]:
    """A vendor."""
    return _contact(record)


def item(record: Record) -> dict[str, Any] | None:
    """A product. A category is none: it only groups others."""
    if record.get("Type") == "Category":
        return None
    parent = record.get("ParentRef")
    return {
        "sku": _optional(record.get("Sku"), parse_code) or "",
        "name": _name(record, "Name"),
        "description": _optional(record.get("Description"), parse_text),
        "category": _optional(_of(parent, "name"), parse_line),
        "price": _money(record.get("UnitPrice")),
        "cost": _money(record.get("PurchaseCost")),
        "is_active": record.get("Active") is not False,
    }


def invoice(record: Record) -> dict[str, Any]:
    """An invoice's head.

    Raises:
        Unreadable: It has no date or no total.
    """
    customer_ref, total = record.get("CustomerRef"), amount(record.get("TotalAmt"))
    on = day(record.get("TxnDate"))
    if on is None or total is None:
        raise Unreadable("It needs a date and a total.")
    return {
        "number": _optional(record.get("DocNumber"), parse_line) or "",
        "customer_ref": str(_of(customer_ref, "value") or "")[:50],
        "customer_name": _optional(_of(customer_ref, "name"), parse_line) or "",
        "customer_po": customer_po(record),
        "invoice_date": on,
        "due_date": day(record.get("DueDate")),
        "currency": str(_of(record.get("CurrencyRef"), "value") or "")[:3],
        "total": total,
        "balance": amount(record.get("Balance")) or Decimal(0),
        "is_void": total == 0 and "voided" in str(record.get("PrivateNote") or "").lower(),
    }


def customer_po(record: Record) -> str:
    """The customer's own order number: a custom field called so, else `PONumber`."""
    fields = record.get("CustomField")
    for field in fields if isinstance(fields, list) else []:
        label = "".join(
            letter for letter in str(_of(field, "Name")).lower() if letter.isalpha()
        )
        if label in {
            "po",
            "ponumber",
            "pono",
            "customerpo",
            "purchaseorder",
            "purchaseordernumber",
        }:
            return _optional(_of(field, "StringValue"), parse_line) or ""
    return _optional(record.get("PONumber"), parse_line) or ""


def _contact(record: Record) -> dict[str, Any]:
    return {
        "name": _name(record, "DisplayName"),
        "company": _optional(record.get("CompanyName"), parse_line),
        "email": _first_email(_of(record.get("PrimaryEmailAddr"), "Address")),
        "phone": _optional(_of(record.get("PrimaryPhone"), "FreeFormNumber"), parse_line),
        **{_ours(name): value for name, value in _address(record.get("BillAddr")).items()},
        "currency": _optional(_of(record.get("CurrencyRef"), "value"), parse_currency) or None,
        "is_active": record.get("Active") is not False,
    }


def _ours(name: str) -> str:
    return f"address_{name}" if name.startswith("line") else name


def _address(address: Any) -> dict[str, str | None]:
    names = {
        "line1": "Line1",
        "city": "City",
        "region": "CountrySubDivisionCode",
        "postal_code": "PostalCode",
    }
    lines = {ours: _optional(_of(address, name), parse_line) for ours, name in names.items()}
    # The others are free text: town and country may be among them, so nothing is left out.
    others = [_optional(_of(address, f"Line{number}"), parse_line) for number in range(2, 6)]
    lines["line2"] = ", ".join(filter(None, others))
    return lines | {"country": _optional(_of(address, "Country"), parse_country)}


def _name(record: Record, field: str) -> str:
    """A name is what no record can do without."""
    said = record.get(field)
    if not isinstance(said, str) or not said.strip():
        raise Unreadable(f"It has no {field}.")
    if record.get("Active") is False:
        said = said.removesuffix(DELETED)
    try:
        return str(parse_line(said))
    except ValueError as error:
        raise Unreadable(f"{field}: {error}") from error


def _optional(said: Any, rule: Callable[[str], str]) -> str | None:
    """Nothing said is empty; what does not fit leaves ours as it is."""
    if said is None:
        return ""
    try:
        return rule(str(said))
    except ValueError:
        return None


def _first_email(said: Any) -> str | None:
    """Several stand in one field, parted by commas: the first is the one to use."""
    first = str(said or "").replace(";", ",").split(",")[0]
    return _optional(first, parse_email)


def _money(said: Any) -> Decimal | None:
    """A price; without one ours stays, and none is below zero."""
    price = amount(said)
    if price is not None and price < 0:
        raise Unreadable(f"A price of {price} is less than nothing.")
    return price


def amount(said: Any) -> Decimal | None:
    """A figure; None if nothing is said.

    Raises:
        Unreadable: It is no amount, or too much.
    """
    if said is None or isinstance(said, bool):
        return None
    try:
        found = Decimal(str(said)).quantize(CENTS)
    except (InvalidOperation, ValueError) as error:
        raise Unreadable(f"{str(said)[:50]} is no amount.") from error
    if not found.is_finite() or abs(found) >= LARGEST:
        raise Unreadable(f"{str(said)[:50]} is too much.")
    return found


def day(said: Any) -> date | None:
    """A plain date, without a zone: it is not moved.

    Raises:
        Unreadable: It is no date.
    """
    try:
        return date.fromisoformat(str(said)) if said else None
    except ValueError as error:
        raise Unreadable(f"{str(said)[:50]} is no date.") from error


def _of(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, Mapping) else None
