"""Amazon's records as rows of ours. What is not as it should be is refused, never guessed."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.currencies import CURRENCIES
from app.integrations.hub.errors import Unreadable
from app.integrations.inbound.targets import Values

Record = Mapping[str, Any]
LONGEST = 500
LARGEST = 10**12
# Reports are written with a point or a comma, with and without marks at thousands. One comma
# with three digits behind it may be either, so it is refused.
FIGURES = (
    re.compile(r"-?\d+(\.\d+)?"), re.compile(r"-?\d{1,3}(,\d{3})+\.\d+"),
    re.compile(r"-?\d+,(\d{1,2}|\d{4,})"), re.compile(r"-?\d{1,3}(\.\d{3})+,\d+"),
)  # fmt: skip


def stock(record: Record) -> Values:
    """Read a SKU of an inventory.

    Raises:
        Unreadable: A number is missing that stands in every answer with details.
    """
    details = record.get("inventoryDetails")
    if not isinstance(details, dict):
        raise Unreadable("It has no details.")
    return {
        "sku": _text(record, "sellerSku"),
        "fnsku": _text(record, "fnSku"),
        "asin": _short(record.get("asin")),
        "name": _short(record.get("productName")),
        "condition": _short(record.get("condition")),
        "fulfillable": _whole(details, "fulfillableQuantity"),
        "reserved": _within(details, "reservedQuantity", "totalReservedQuantity"),
        "unsellable": _within(details, "unfulfillableQuantity", "totalUnfulfillableQuantity"),
        "researching": _within(details, "researchingQuantity", "totalResearchingQuantity"),
        "inbound": _whole(details, "inboundWorkingQuantity")
        + _whole(details, "inboundShippedQuantity"),
        "receiving": _whole(details, "inboundReceivingQuantity"),
        "total": _whole(record, "totalQuantity"),
        "changed_at": _moment(record.get("lastUpdatedTime")),
    }


def event(record: Record) -> Values:
    """Read a row of the ledger."""
    return _place(record) | {
        "event": _text(record, "eventtype"),
        "reference": _short(record.get("referenceid")),
        "quantity": count(record, "quantity"),
        "warehouse": _short(record.get("fulfillmentcenter")),
        "disposition": _short(record.get("disposition")),
        "reason": _short(record.get("reason")),
        "country": _short(record.get("country")),
        "reconciled": count_or_none(record, "reconciledquantity"),
        "unreconciled": count_or_none(record, "unreconciledquantity"),
    }


# What happened in a day: our name -> theirs.
SUMS = {
    "opening": "startingwarehousebalance", "in_transit": "intransitbetweenwarehouses",
    "receipts": "receipts", "shipments": "customershipments", "returns": "customerreturns",
    "removals": "vendorreturns", "transfers": "warehousetransferinout", "found": "found",
    "lost": "lost", "damaged": "damaged", "disposed": "disposed", "other": "otherevents",
    "unknown": "unknownevents", "closing": "endingwarehousebalance",
}  # fmt: skip


def ledger_day(record: Record) -> Values:
    """Read a SKU's day."""
    placed = _place(record)
    sums = {ours: count_or_none(record, theirs) or 0 for ours, theirs in SUMS.items()}
    return {name: placed[name] for name in ("day", "sku", "fnsku")} | {
        "disposition": _short(record.get("disposition")),
        "country": _short(record.get("location")),
        **sums,
    }


def reimbursement(record: Record) -> Values:
    """Read a reimbursement, or one that was taken back."""
    return _place(record) | {
        "number": _text(record, "reimbursementid"),
        "case_number": _short(record.get("caseid")),
        "order_number": _short(record.get("amazonorderid")),
        "reason": _short(record.get("reason")),
        "currency": currency(record, "currencyunit"),
        "unit_amount": figure_or_none(record, "amountperunit"),
        "amount": figure(record, "amounttotal"),
        "paid_quantity": count_or_none(record, "quantityreimbursedcash") or 0,
        "given_quantity": count_or_none(record, "quantityreimbursedinventory") or 0,
        "original_number": _short(record.get("originalreimbursementid")),
    }


def customer_return(record: Record) -> Values:
    """Read what a buyer has sent back."""
    return _place(record) | {
        "order_number": _text(record, "orderid"),
        "quantity": count(record, "quantity"),
        "warehouse": _short(record.get("fulfillmentcenterid")),
        "disposition": _text(record, "detaileddisposition"),
        "reason": _short(record.get("reason")),
        "status": _short(record.get("status")),
        "plate": _short(record.get("licenseplatenumber")),
        "comment": _short(record.get("customercomments")),
    }


def removal(record: Record) -> Values:
    """Read a removal."""
    placed = _place(record)
    fee = figure_or_none(record, "removalfee")
    return {name: placed[name] for name in ("day", "sku", "fnsku")} | {
        "order_number": _text(record, "orderid"),
        "kind": _short(record.get("ordertype")),
        "status": _short(record.get("orderstatus")),
        "disposition": _short(record.get("disposition")),
        "requested": count(record, "requestedquantity"),
        "cancelled": count_or_none(record, "cancelledquantity") or 0,
        "disposed": count_or_none(record, "disposedquantity") or 0,
        "shipped": count_or_none(record, "shippedquantity") or 0,
        "in_process": count_or_none(record, "inprocessquantity") or 0,
        "fee": fee,
        "currency": currency(record, "currency") if fee is not None else "",
    }


def shipment(record: Record) -> Values:
    """Read a shipment to Amazon."""
    return {
        "name": _short(record.get("ShipmentName")),
        "warehouse": _short(record.get("DestinationFulfillmentCenterId")),
        "status": _text(record, "ShipmentStatus"),
    }


def shipment_line(record: Record) -> Values:
    """Read what is in a shipment."""
    return {
        "shipment": _text(record, "ShipmentId"),
        "sku": _text(record, "SellerSKU"),
        "fnsku": _short(record.get("FulfillmentNetworkSKU")),
        "shipped": _whole(record, "QuantityShipped"),
        "received": _whole(record, "QuantityReceived", default=0),
    }


def fee_estimate(record: Record) -> Values:
    """Read what a sale is estimated to cost."""
    return {
        "sku": _cell(record, "sku"),
        "fnsku": _short(record.get("fnsku")),
        "asin": _short(record.get("asin")),
        "name": _short(record.get("productname")),
        "price": figure_or_none(record, "salesprice"),
        "currency": currency(record, "currency"),
        "total": figure_or_none(record, "estimatedfeetotal"),
        "referral": figure_or_none(record, "estimatedreferralfeeperunit"),
        "fulfilment": figure_or_none(record, "expecteddomesticfulfilmentfeeperunit"),
        "longest_side": figure_or_none(record, "longestside"),
        "median_side": figure_or_none(record, "medianside"),
        "shortest_side": figure_or_none(record, "shortestside"),
        "unit_of_size": _short(record.get("unitofdimension")),
        "weight": figure_or_none(record, "itempackageweight"),
        "unit_of_weight": _short(record.get("unitofweight")),
        "size_tier": _short(record.get("productsizeweightband")),
    }


def _place(record: Record) -> Values:
    """What most rows of reports say of the day and the goods."""
    return {
        "day": _cell(record, "day"),
        "sku": _short(record.get("msku") or record.get("sku")),
        "fnsku": _short(record.get("fnsku")),
        "asin": _short(record.get("asin")),
        "name": _short(record.get("title") or record.get("productname")),
    }


def _cell(record: Record, name: str) -> str:
    """A cell that every row of a report has, unless it has not as many as its head."""
    if isinstance(cells := record.get("cells"), list):
        raise Unreadable(f"It has {len(cells)} cells, which is not what the head has.")
    return _text(record, name)


def count(record: Record, name: str) -> int:
    """Read a number of pieces.

    Raises:
        Unreadable: It is none.
    """
    found = figure(record, name)
    if found != found.to_integral_value():
        raise Unreadable(f"{found} is no number of pieces.")
    return int(found)


def count_or_none(record: Record, name: str) -> int | None:
    """Read a number of pieces; None where nothing is said."""
    return count(record, name) if _short(record.get(name)) else None


def figure(record: Record, name: str) -> Decimal:
    """Read a figure, whichever mark stands before its decimals.

    Raises:
        Unreadable: It is none, or could be one of two.
    """
    text = _short(record.get(name))
    for place, form in enumerate(FIGURES):
        if form.fullmatch(text):
            plain = text.replace(",", "") if place < 2 else text.replace(".", "")  # noqa: PLR2004
            with suppress(InvalidOperation):
                found = Decimal(plain.replace(",", "."))
                if abs(found) < LARGEST:
                    return found
    raise Unreadable(f"{text[:30] or 'Nothing'} is no figure ({name}).")


def figure_or_none(record: Record, name: str) -> Decimal | None:
    """Read a figure; None where nothing is said, or that it is not known."""
    return figure(record, name) if _short(record.get(name)) not in {"", "--", "N/A"} else None


def currency(record: Record, name: str) -> str:
    """Read a currency.

    Raises:
        Unreadable: It is none that we know.
    """
    code = _short(record.get(name)).upper()
    if code not in CURRENCIES:
        raise Unreadable(f"{code[:20] or 'Nothing'} is no currency.")
    return code


def _within(record: Record, outer: str, name: str) -> int:
    found = record.get(outer)
    return _whole(found, name, default=0) if isinstance(found, dict) else 0


def _whole(record: Record, name: str, *, default: int | None = None) -> int:
    value = record.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= LARGEST:
        raise Unreadable(f"{str(value)[:30]} is no number of pieces ({name}).")
    return value


def _moment(value: Any) -> datetime | None:
    """When it was changed; a SKU that never was says the year 0 or nothing."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"It has no {name}.")
    return " ".join(value.split())[:LONGEST]


def _short(value: Any) -> str:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""
