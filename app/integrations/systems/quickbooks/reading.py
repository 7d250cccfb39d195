"""What QuickBooks' records say in our terms. What cannot be used of a record is left out."""

from collections.abc import Callable, Mapping, Sequence
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
from app.core.texts import without_control
from app.integrations.hub.errors import Unreadable

CENTS = Decimal("0.0001")
LARGEST = Decimal(10) ** 10
PHONES = ("PrimaryPhone", "Mobile", "AlternatePhone")
# What of a contact is kept among the notes, and what it is called there.
NUMBERS = {"Tax number": "PrimaryTaxIdentifier", "Resale number": "ResaleNum"}
DELETED = " (deleted)"  # what QuickBooks writes behind a name that is made inactive
Record = Mapping[str, Any]


def customer(record: Record) -> dict[str, Any]:
    """A customer, with the address where goods go."""
    told = list[str]()
    shipping = _address(record.get("ShipAddr"), told)
    return (
        _contact(record, told)
        | {"name": _full_name(record)}
        | {f"shipping_{name}": value for name, value in shipping.items()}
    )


def _full_name(record: Record) -> str:
    """A customer of a customer is called after both: "Acme Holding:Warehouse"."""
    full = record.get("FullyQualifiedName")
    if record.get("ParentRef") and isinstance(full, str) and full.strip():
        return _name(record, "FullyQualifiedName")
    return _name(record, "DisplayName")


def vendor(record: Record) -> dict[str, Any]:
    """A vendor."""
    return _contact(record, [])


def item(record: Record) -> dict[str, Any] | None:
    """A product. A category is none: it only groups others."""
    if record.get("Type") == "Category":
        return None
    parent, told = record.get("ParentRef"), list[str]()
    return {
        "sku": _kept("Sku", record.get("Sku"), parse_code, told) or "",
        "name": _name(record, "Name"),
        "description": _kept("Description", record.get("Description"), parse_text, told),
        "category": _kept("Category", _of(parent, "name"), parse_line, told),
        "price": _money(record.get("UnitPrice")),
        "cost": _money(record.get("PurchaseCost")),
        "is_active": _is_active(record),
        "left_out": told,
    }


def invoice(record: Record) -> dict[str, Any]:
    """An invoice's head.

    Raises:
        Unreadable: It has no date or no total.
    """
    customer_ref, total = record.get("CustomerRef"), amount(record.get("TotalAmt"))
    currency = _of(record.get("CurrencyRef"), "value")
    on = day(record.get("TxnDate"))
    if on is None or total is None:
        raise Unreadable("It needs a date and a total.")
    return {
        "number": _whole("DocNumber", record.get("DocNumber"), parse_line),
        "customer_ref": str(_of(customer_ref, "value") or "")[:50],
        "customer_name": _optional(_of(customer_ref, "name"), parse_line) or "",
        "customer_po": customer_po(record),
        "invoice_date": on,
        "due_date": day(record.get("DueDate")),
        "currency": _whole("CurrencyRef", currency, parse_currency),
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


def _contact(record: Record, told: list[str]) -> dict[str, Any]:
    """What customers and vendors have in common; `told` hears what does not fit."""
    first, *emails = _emails(record)
    first_phone, *phones = _phones(record)
    address = _address(record.get("BillAddr"), told)
    currency = _of(record.get("CurrencyRef"), "value")
    return {
        "name": _name(record, "DisplayName"),
        "company": _kept("CompanyName", record.get("CompanyName"), parse_line, told),
        "email": _kept("PrimaryEmailAddr", first, parse_email, told),
        "phone": _kept("PrimaryPhone", first_phone, parse_line, told),
        **{_ours(name): value for name, value in address.items()},
        "currency": _kept("CurrencyRef", currency, parse_currency, told) or None,
        "notes": _kept("Notes", _notes(record, emails, phones), parse_text, told),
        "is_active": _is_active(record),
        "left_out": told,
    }


def _notes(record: Record, emails: Sequence[str], phones: Sequence[str]) -> str:
    """What nobody has a column for."""
    more = {"E-mail": ", ".join(emails), "Phone": ", ".join(phones)}
    more |= {label: str(record.get(name) or "") for label, name in NUMBERS.items()}
    said = [str(record.get("Notes") or "").strip()]
    return "\n".join([*said, *(f"{n}: {one}" for n, one in more.items() if one)]).strip()


def _emails(record: Record) -> list[str]:
    """Several stand in one field, parted by commas: the first is the one to use."""
    said = str(_of(record.get("PrimaryEmailAddr"), "Address") or "")
    return [one.strip() for one in said.replace(";", ",").split(",") if one.strip()] or [""]


def _phones(record: Record) -> list[str]:
    """Their telephones, the first is the one to use."""
    said = (_of(record.get(name), "FreeFormNumber") for name in PHONES)
    return [str(one) for one in dict.fromkeys(said) if one] or [""]


def _is_active(record: Record) -> bool:
    return str(record.get("Active", True)).lower() != "false"


def _ours(name: str) -> str:
    return f"address_{name}" if name.startswith("line") else name


def _address(address: Any, told: list[str]) -> dict[str, str | None]:
    names = {
        "line1": "Line1",
        "city": "City",
        "region": "CountrySubDivisionCode",
        "postal_code": "PostalCode",
    }
    lines = {
        ours: _kept(name, _of(address, name), parse_line, told) for ours, name in names.items()
    }
    # The others are free text: town and country may be among them, so nothing is left out.
    free = [f"Line{number}" for number in range(2, 6)]
    others = [_kept(name, _of(address, name), parse_line, told) for name in free]
    country = _optional(said := _of(address, "Country"), parse_country)
    if country is None:  # no country that we know is free text, too
        others.append(_kept("Country", said, parse_line, told))
    lines["line2"] = ", ".join(filter(None, others))
    return lines | {"country": country}


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


def _whole(name: str, said: Any, rule: Callable[[str], str]) -> str:
    """What a document says of itself: another number or currency would be another document.

    Raises:
        Unreadable: It does not fit.
    """
    found = _optional(said or None, rule)
    if found is None:
        raise Unreadable(f"{name} “{str(said)[:60]}” does not fit.")
    return found


def _kept(name: str, said: Any, rule: Callable[[str], str], told: list[str]) -> str | None:
    """As `_optional`; what does not fit is told."""
    found = _optional(None if said is None else without_control(str(said)), rule)
    if found is None:
        told.append(f"{name} “{str(said)[:60]}”")
    return found


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
