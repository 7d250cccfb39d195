"""Orders into a file: one row for each line, with the columns that are read again."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, Text, case, cast, func

from app.catalog.importers.filters import searched, text
from app.catalog.models import Customer
from app.orders import queries
from app.orders.importers.fields import FIELDS
from app.orders.models import STATUSES, OrderLine, SalesOrder
from app.orders.queries import STATES_OF_LIST


def _percent(rate: Any) -> Any:
    """Write a rate as it is read again: below one with its sign."""
    number = cast(func.trim_scale(rate), Text)
    return case((rate.between(0, 1) & ~rate.in_([0, 1]), number + "%"), else_=number)


OTHER: dict[str, Any] = {
    "customer": Customer.code,
    "tax_rate": _percent(SalesOrder.tax_rate),
    "shipping_tax_rate": _percent(SalesOrder.shipping_tax_rate),
    "line_discount": OrderLine.discount,
    "is_free": OrderLine.is_free,
    "line_tax_rate": _percent(OrderLine.tax_rate),
    **{name: getattr(OrderLine, name) for name in ("sku", "description", "quantity")},
    "unit_price": OrderLine.unit_price,
}


def export_orders(filters: Mapping[str, str]) -> Select[Any]:
    """The lines of the orders that the filters of their list let through."""
    status = text(filters, "status")
    customer = text(filters, "customer")
    orders: Select[Any] = queries.orders(
        search=searched(filters),
        status=status if status in {*STATES_OF_LIST, *STATUSES} else "",
        customer_id=int(customer) if customer.isdecimal() and len(customer) < 18 else None,  # noqa: PLR2004
        since=_day(text(filters, "from")),
        until=_day(text(filters, "to")),
        now=datetime.now(UTC),
    )
    columns: list[Any] = [OTHER.get(f.name, getattr(SalesOrder, f.name, None)) for f in FIELDS]
    return (
        orders.with_only_columns(*columns)
        .join(SalesOrder.customer)
        .join(SalesOrder.lines)
        .order_by(SalesOrder.id, OrderLine.position, OrderLine.id)
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
