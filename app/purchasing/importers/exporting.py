"""Purchase orders into a file: one row for each line, with the columns that are read again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, case, cast, func

from app.catalog.importers.filters import searched, text
from app.catalog.models import Vendor
from app.core.days import today
from app.purchasing import queries
from app.purchasing.importers.fields import FIELDS, OF_LINE
from app.purchasing.models import STATUSES, PurchaseLine, PurchaseOrder
from app.purchasing.queries import STATES_OF_LIST
from app.stock.models import Location

LONGEST_ID = 18


def _percent(rate: Any) -> Any:
    """Write a rate as it is read again: below one with its sign."""
    number = cast(func.trim_scale(rate), Text)
    return case((rate.between(0, 1) & ~rate.in_([0, 1]), number + "%"), else_=number)


OTHER: dict[str, Any] = {
    **{name: getattr(PurchaseLine, name) for name in OF_LINE},
    "vendor": Vendor.code,
    "warehouse": Location.code,
    "tax_rate": _percent(PurchaseLine.tax_rate),
}


def export_orders(filters: Mapping[str, str]) -> Select[Any]:
    """The lines of the orders that the filters of their list let through."""
    status, vendor = text(filters, "status"), text(filters, "vendor")
    found: Select[Any] = queries.orders(
        search=searched(filters),
        status=status if status in {*STATES_OF_LIST, *STATUSES} else "",
        vendor_id=int(vendor) if vendor.isdecimal() and len(vendor) < LONGEST_ID else None,
        since=_day(text(filters, "from")),
        until=_day(text(filters, "to")),
        today=today(),
    )
    columns: list[Any] = [
        OTHER.get(f.name, getattr(PurchaseOrder, f.name, None)) for f in FIELDS
    ]
    return (
        found.with_only_columns(*columns)
        .join(PurchaseOrder.vendor)
        .join(PurchaseOrder.warehouse)
        .join(PurchaseOrder.lines)
        .order_by(PurchaseOrder.id, PurchaseLine.position, PurchaseLine.id)
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
