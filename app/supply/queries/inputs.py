"""What a plan is made of, all products at once. Quantities come as whole thousandths."""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    cast,
    exists,
    false,
    func,
    select,
    true,
)

from app.catalog.models import Component, Product
from app.core.settings import setting
from app.orders.models import OPEN, OrderLine, SalesOrder
from app.planning.models import Cycle
from app.purchasing import queries as purchasing
from app.sales.models import SalesItem, SalesParty
from app.sales.queries import GOODS
from app.sales.tables import sales_line
from app.stock.incoming import incoming
from app.stock.models import Balance, Reservation
from app.stock.queries.inventory import AVAILABLE
from app.supply.reckoning import THOUSAND

# What vendors deliver to customers is no demand of ours.
OPEN_UNITS = (
    OrderLine.quantity
    - OrderLine.quantity_cancelled
    - OrderLine.quantity_shipped
    - OrderLine.quantity_direct
)


def _whole(quantity: Any) -> ColumnElement[int]:
    """Write a quantity as thousandths."""
    return cast(func.round(quantity * THOUSAND), BigInteger)


def products() -> Select[*tuple[Any, ...]]:
    """Every product with what it comes in, from whom and after how many days."""
    terms = purchasing.buying_terms().subquery("bought")
    days = func.coalesce(terms.c.part_days, terms.c.product_days, terms.c.vendor_days)
    return select(
        Product.id,
        Product.sku,
        Product.kind,
        _whole(Product.build_quantity).label("batch"),
        _whole(Product.safety_stock).label("safety"),
        _whole(Product.maximum_stock).label("most"),
        cast(Product.lead_time_days, Integer).label("own_days"),
        terms.c.vendor_id,
        cast(days, Integer).label("days"),
        _whole(func.coalesce(terms.c.minimum_quantity, 0)).label("minimum"),
        _whole(func.coalesce(terms.c.step, 1)).label("step"),
    ).outerjoin(terms, terms.c.product_id == Product.id)


def components() -> Select[*tuple[Any, ...]]:
    """What each product is made of; `quantity` is what one go takes."""
    return select(
        Component.product_id, Component.component_id, _whole(Component.quantity).label("each")
    ).order_by(Component.product_id, Component.position, Component.id)


def usable_stock() -> Select[*tuple[Any, ...]]:
    """What lies there and may serve customers: available, or reserved for orders already."""
    lying = select(Balance.product_id, AVAILABLE.label("quantity"))
    held = select(Reservation.product_id, Reservation.quantity).where(
        Reservation.state == "active", Reservation.document_type == "order_line"
    )
    both = lying.union_all(held).subquery("both")
    return select(
        both.c.product_id, _whole(func.sum(both.c.quantity)).label("quantity")
    ).group_by(both.c.product_id)


def open_orders() -> Select[*tuple[Any, ...]]:
    """What customers are owed, line by line, with the day for which they want it.

    That is the day of delivery, else the one by which it ships, else that of the order. What
    leaves for a bundle are its components: of those `is_part` is true. Drafts are no orders.
    """
    zone = str(setting("time_zone"))
    ships = func.date(func.timezone(zone, SalesOrder.ship_by))
    return (
        select(
            OrderLine.product_id,
            SalesOrder.customer_id,
            SalesOrder.id.label("order_id"),
            SalesOrder.number,
            OrderLine.is_bundle,
            OrderLine.bundle_line_id.is_not(None).label("is_part"),
            func.coalesce(SalesOrder.delivery_date, ships, SalesOrder.order_date).label("day"),
            _whole(OPEN_UNITS).label("quantity"),
        )
        .join(OrderLine.order)
        .where(SalesOrder.status.in_(OPEN), OrderLine.product_id.is_not(None), OPEN_UNITS > 0)
        .order_by(SalesOrder.id, OrderLine.id)
    )


def sold_since(first: date) -> Select[*tuple[Any, ...]]:
    """What customers were sold from a day on, less what they returned."""
    line = sales_line.c
    return (
        select(
            SalesItem.product_id,
            SalesParty.customer_id,
            _whole(func.sum(line.quantity)).label("quantity"),
        )
        .select_from(sales_line)
        .join(SalesItem, SalesItem.id == line.item_id)
        .join(SalesParty, SalesParty.id == line.party_id)
        .where(
            line.sold_on >= first,
            line.kind.in_(GOODS),
            SalesItem.product_id.is_not(None),
            SalesParty.customer_id.is_not(None),
        )
        .group_by(SalesItem.product_id, SalesParty.customer_id)
    )


def receipts() -> Select[*tuple[Any, ...]]:
    """What is on order and has not come, and what drafts say: of those `is_draft` is true."""
    expected = incoming()
    columns = (expected.c.product_id, expected.c.due_on, expected.c.document, expected.c.href)
    sent = select(
        *columns,
        _whole(expected.c.quantity).label("quantity"),
        false().label("is_draft"),
    )
    drafts = purchasing.drafted_lines().subquery("drafts")
    same = (drafts.c.product_id, drafts.c.due_on, drafts.c.document, drafts.c.href)
    unsent = select(
        *same, _whole(drafts.c.quantity).label("quantity"), true().label("is_draft")
    )
    both = sent.union_all(unsent).subquery("receipts")
    return select(both).where(both.c.product_id.is_not(None), both.c.quantity > 0)


def stocked_without_plan(planned: Select[int]) -> Select[int]:
    """Count products of which there is stock, and which a plan says nothing about."""
    has_stock = exists().where(Balance.product_id == Product.id, Balance.on_hand > 0)
    found = select(func.count()).select_from(Product)
    return found.where(has_stock, Product.id.not_in(planned))


def cycles_until(month: date, *, first: date) -> Select[Cycle]:
    """Cycles that forecast a month from `first` on, and begin in a month or before."""
    ends = Cycle.month + func.make_interval(0, cast(Cycle.months, Integer))
    found = select(Cycle).where(Cycle.status != "draft", Cycle.month <= month, ends > first)
    return found.order_by(Cycle.month.desc())
