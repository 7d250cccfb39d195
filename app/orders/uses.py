"""What of orders needs products and customers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.core.db import db
from app.orders.models import OPEN, OrderLine, SalesOrder

NAMED = 3  # orders by number; the rest is counted
TO_FINISH = ("draft", *OPEN)


def uses_of_product(product_id: int) -> Sequence[str]:
    """Orders that still owe some of a product."""
    owing = OrderLine.quantity_shipped + OrderLine.quantity_cancelled < OrderLine.quantity
    waiting = (
        select(SalesOrder.number)
        .where(SalesOrder.status.in_(OPEN))
        .where(
            SalesOrder.id.in_(
                select(OrderLine.order_id).where(OrderLine.product_id == product_id, owing)
            )
        )
    )
    return _said(waiting, "wanted by {} open {}")


def uses_of_customer(customer_id: int) -> Sequence[str]:
    """Orders of a customer that are not finished."""
    mine = select(SalesOrder.number).where(SalesOrder.customer_id == customer_id)
    return _said(mine.where(SalesOrder.status.in_(TO_FINISH)), "{} unfinished {}")


def _said(orders: Select[Any], words: str) -> list[str]:
    found = db.session.scalars(orders.order_by(SalesOrder.id)).all()
    if not found:
        return []
    more = f" and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    orders_named = f" ({', '.join(found[:NAMED])}{more})"
    return [words.format(len(found), "order" if len(found) == 1 else "orders") + orders_named]
