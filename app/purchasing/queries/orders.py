"""Selects over purchase orders. Nothing here executes: callers fetch, page or export."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import Product
from app.core.words import has_words
from app.purchasing.models import OPEN, PurchaseLine, PurchaseOrder
from app.stock.models import Location

ORDER = "purchase_order"  # what movements of purchase orders name as their document
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": PurchaseOrder.id,  # the order in which they were made
    "date": PurchaseOrder.order_date,
    "due": PurchaseOrder.due_on,
    "vendor": PurchaseOrder.vendor_name,
    "total": PurchaseOrder.total,
}
STATES_OF_LIST = ("open", "late")  # beside the single states


def orders(
    *,
    search: str = "",
    status: str = "",
    vendor_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    today: date | None = None,
) -> Select[PurchaseOrder]:
    """Purchase orders that a search and all the filters given let through.

    `status` is one of them, `open` for all that a vendor owes, or `late` for what of that was
    due before `today`. `since` and `until` are order dates, both included.
    """
    query = select(PurchaseOrder)
    if search.strip():
        query = query.where(has_words(PurchaseOrder.search, search))
    if vendor_id is not None:
        query = query.where(PurchaseOrder.vendor_id == vendor_id)
    if since:
        query = query.where(PurchaseOrder.order_date >= since)
    if until:
        query = query.where(PurchaseOrder.order_date <= until)
    if status in STATES_OF_LIST:
        query = query.where(PurchaseOrder.status.in_(OPEN))
        return query.where(PurchaseOrder.due_on < today) if status == "late" else query
    return query.where(PurchaseOrder.status == status) if status else query


def order(order_id: int) -> Select[PurchaseOrder]:
    """One order with its lines and their products."""
    return with_lines(select(PurchaseOrder)).where(PurchaseOrder.id == order_id)


def order_page(order_id: int) -> Select[PurchaseOrder]:
    """One order with all that its page and its paper name."""
    return order(order_id).options(
        joinedload(PurchaseOrder.vendor, innerjoin=True),
        joinedload(PurchaseOrder.warehouse, innerjoin=True),
        joinedload(PurchaseOrder.approved_by),
    )


def with_lines(found: Select[PurchaseOrder]) -> Select[PurchaseOrder]:
    """Orders with their lines and the products of those."""
    lines = selectinload(PurchaseOrder.lines)
    return found.options(lines.joinedload(PurchaseLine.product))


def order_with_number(number: str) -> Select[PurchaseOrder]:
    """The order with a number of ours, in whatever case it is written."""
    same = PurchaseOrder.number == func.upper(func.normal_code(number))
    return select(PurchaseOrder).where(same)


def order_of_file(external_number: str) -> Select[PurchaseOrder]:
    """The order that a file calls by a number."""
    same = PurchaseOrder.external_number == external_number
    return with_lines(select(PurchaseOrder)).where(same)


def numbers(order_ids: Collection[int]) -> Select[int, str]:
    """The numbers of some orders, by id."""
    ours = PurchaseOrder.id.in_(order_ids)
    return select(PurchaseOrder.id, PurchaseOrder.number).where(ours)


def orders_numbered(numbers: Collection[str]) -> Select[int, str]:
    """The ids and numbers of the orders that have some numbers."""
    found = select(PurchaseOrder.id, PurchaseOrder.number)
    return found.where(PurchaseOrder.number.in_(numbers)).order_by(PurchaseOrder.id)


def inactive_of(lines: Collection[PurchaseLine]) -> Select[str]:
    """SKUs of products of some lines that are out of use."""
    ids = {line.product_id for line in lines}
    query = select(Product.sku).where(Product.id.in_(ids), ~Product.is_active)
    return query.order_by(Product.sku)


def warehouses() -> Select[Location]:
    """The warehouses that goods may be delivered to."""
    ours = Location.kind == "warehouse"
    return select(Location).where(ours, Location.is_active).order_by(Location.code)
