"""Selects over orders. Nothing here executes: callers fetch, page or export."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.words import has_words
from app.orders.models import OPEN, OrderLine, SalesOrder
from app.stock.models import Reservation

SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": SalesOrder.id,  # the order in which they were made
    "date": SalesOrder.order_date,
    "ship_by": SalesOrder.ship_by,
    "customer": SalesOrder.customer_name,
    "total": SalesOrder.total,
}
STATES_OF_LIST = ("open", "late")  # beside the single states
# What is still to leave our own shelves for a line: the rest comes from a vendor.
DUE = (
    OrderLine.quantity
    - OrderLine.quantity_cancelled
    - OrderLine.quantity_shipped
    - OrderLine.quantity_direct
)


def orders(
    *,
    search: str = "",
    status: str = "",
    customer_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    now: datetime | None = None,
) -> Select[SalesOrder]:
    """Orders that a search and all the filters given let through.

    `status` is one of them, `open` for all that is still owed, or `late` for what of that is
    beyond its cut-off at `now`. `since` and `until` are order dates, both included.
    """
    query = select(SalesOrder)
    if search.strip():
        query = query.where(has_words(SalesOrder.search, search))
    if customer_id is not None:
        query = query.where(SalesOrder.customer_id == customer_id)
    if since:
        query = query.where(SalesOrder.order_date >= since)
    if until:
        query = query.where(SalesOrder.order_date <= until)
    if status in STATES_OF_LIST:
        query = query.where(SalesOrder.status.in_(OPEN))
        return query.where(SalesOrder.ship_by < now) if status == "late" else query
    return query.where(SalesOrder.status == status) if status else query


def order(order_id: int) -> Select[SalesOrder]:
    """One order with its lines."""
    query = select(SalesOrder).options(selectinload(SalesOrder.lines))
    return query.where(SalesOrder.id == order_id)


def orders_among(order_ids: Collection[int]) -> Select[SalesOrder]:
    """Some orders with their lines, but not those of bundles."""
    query = select(SalesOrder).options(selectinload(SalesOrder.lines))
    return query.where(SalesOrder.id.in_(order_ids))


def order_page(order_id: int) -> Select[SalesOrder]:
    """One order with all that its page and its documents name."""
    return order(order_id).options(
        joinedload(SalesOrder.customer, innerjoin=True),
        joinedload(SalesOrder.split_from),
        selectinload(SalesOrder.lines).joinedload(OrderLine.product),
    )


def with_lines(found: Select[SalesOrder]) -> Select[SalesOrder]:
    """Orders with their lines, also those of bundles: these may be many orders."""
    lines = selectinload(SalesOrder.lines)
    return found.options(lines.selectinload(OrderLine.components))


def order_with_number(number: str) -> Select[SalesOrder]:
    """The order with a number of ours, in whatever case it is written."""
    return select(SalesOrder).where(SalesOrder.number == func.upper(func.normal_code(number)))


def order_of_channel(
    channel: str, external_number: str, *, account: str = ""
) -> Select[SalesOrder]:
    """The order that a file calls by a number; not what was split from it."""
    return with_lines(select(SalesOrder)).where(
        SalesOrder.channel == channel,
        SalesOrder.channel_account == account,
        SalesOrder.external_number == external_number,
        SalesOrder.external_id.is_(None),
        SalesOrder.split_from_id.is_(None),
    )


def orders_of_record(channel: str, account: str, external_id: str) -> Select[SalesOrder]:
    """What is ours of one order of a shop: the order, and what was split from it."""
    return with_lines(select(SalesOrder)).where(
        SalesOrder.channel == channel,
        SalesOrder.channel_account == account,
        SalesOrder.external_id == external_id,
    )


def orders_of_records(
    channel: str, account: str, external_ids: Collection[str]
) -> Select[SalesOrder]:
    """What is ours of several of them."""
    return with_lines(select(SalesOrder)).where(
        SalesOrder.channel == channel,
        SalesOrder.channel_account == account,
        SalesOrder.external_id.in_(external_ids),
    )


def parts_of(order_id: int) -> Select[SalesOrder]:
    """What was split from an order."""
    query = select(SalesOrder).where(SalesOrder.split_from_id == order_id)
    return query.order_by(SalesOrder.id)


def waiting_for(product_ids: Collection[int]) -> Select[int]:
    """Orders that still want something of these products, who has waited longest first."""
    wanted = select(OrderLine.order_id).where(
        OrderLine.product_id.in_(product_ids),
        OrderLine.quantity_shipped + OrderLine.quantity_cancelled < OrderLine.quantity,
        DUE > 0,
    )
    return (
        select(SalesOrder.id)
        .where(SalesOrder.status.in_(("confirmed", "part_allocated")))
        .where(SalesOrder.id.in_(wanted))
        .order_by(SalesOrder.confirmed_at, SalesOrder.id)
    )


def backordered(product_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What lines of waiting orders miss of these products, who has waited longest first."""
    reserved = (
        select(func.coalesce(func.sum(Reservation.quantity), 0))
        .where(
            Reservation.document_type == "order_line",
            Reservation.document_id == OrderLine.id,
            Reservation.state == "active",
        )
        .correlate(OrderLine)
        .scalar_subquery()
    )
    missing = DUE - reserved
    return (
        select(SalesOrder.id, SalesOrder.number, OrderLine.product_id, missing.label("missing"))
        .join(OrderLine.order)
        .where(OrderLine.product_id.in_(product_ids))
        .where(SalesOrder.status.in_(("confirmed", "part_allocated")), missing > 0)
        .order_by(SalesOrder.confirmed_at, SalesOrder.id, OrderLine.position)
    )


def backorders(
    product_ids: Collection[int] | None = None,
) -> Select[*tuple[Any, ...]]:
    """What open orders want and is not reserved for them, one row for each product."""
    asked = OrderLine.product_id.is_not(None)
    if product_ids is not None:
        asked = OrderLine.product_id.in_(product_ids)
    wanted = (
        select(OrderLine.product_id, func.sum(DUE).label("quantity"))
        .join(OrderLine.order)
        .where(
            asked,
            ~OrderLine.is_bundle,  # it lies on no shelf: its components do
            SalesOrder.status.in_(OPEN),
            OrderLine.quantity_shipped + OrderLine.quantity_cancelled < OrderLine.quantity,
        )
        .group_by(OrderLine.product_id)
        .subquery("wanted")
    )
    reserved = (
        select(Reservation.product_id, func.sum(Reservation.quantity).label("quantity"))
        .where(Reservation.state == "active", Reservation.document_type == "order_line")
        .group_by(Reservation.product_id)
        .subquery("reserved")
    )
    missing = wanted.c.quantity - func.coalesce(reserved.c.quantity, 0)
    return (
        select(wanted.c.product_id, missing.label("quantity"))
        .outerjoin(reserved, reserved.c.product_id == wanted.c.product_id)
        .where(missing > 0)
    )


# Asked with every posting that brings goods: building a Select took longer than running it.
IS_AWAITED = """
    SELECT EXISTS (
        SELECT FROM sales_order_line AS line
        JOIN sales_order AS waiting ON waiting.id = line.order_id
        WHERE line.product_id = ANY(CAST(%(products)s AS bigint[]))
          AND line.quantity_shipped + line.quantity_cancelled < line.quantity
          AND line.quantity_shipped + line.quantity_cancelled + line.quantity_direct
              < line.quantity
          AND waiting.status IN ('confirmed', 'part_allocated')
    )
"""
