"""Selects over how far orders have got: what is reserved for them, what came back."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.catalog.models import BUNDLE, Product
from app.orders.models import OrderLine, OrderReturn, OrderReturnLine, SalesOrder
from app.stock.models import Location, Movement, Reservation

LINE = "order_line"  # what reservations of orders name as their document
ORDER = "order"  # what movements of orders name as theirs


def reserved_of(line_ids: Collection[int]) -> Select[int | None, Decimal]:
    """How much is reserved for some lines; one with nothing is missing."""
    return (
        select(Reservation.document_id, func.sum(Reservation.quantity))
        .where(*_active(line_ids))
        .group_by(Reservation.document_id)
    )


def reservations_of(line_ids: Collection[int]) -> Select[Reservation]:
    """What is reserved for some lines and where: what is in totes first, then by picking."""
    return (
        select(Reservation)
        .join(Reservation.location)
        .options(joinedload(Reservation.location, innerjoin=True))
        .where(*_active(line_ids))
        .order_by(
            Location.kind != "tote", Location.pick_sequence, Location.code, Reservation.id
        )
    )


def special_products_of(lines: Collection[OrderLine]) -> Select[*tuple[Any, ...]]:
    """Products of some lines that are bundles or out of use: `id`, `sku` and `is_active`."""
    ids = {line.product_id for line in lines}
    query = select(Product.id, Product.sku, Product.is_active).where(Product.id.in_(ids))
    return query.where((Product.kind == BUNDLE) | ~Product.is_active).order_by(Product.sku)


def returns_of(order_id: int) -> Select[OrderReturn]:
    """What came back of an order, the newest first."""
    return (
        select(OrderReturn)
        .options(
            joinedload(OrderReturn.location, innerjoin=True),
            joinedload(OrderReturn.actor),
            selectinload(OrderReturn.lines).joinedload(OrderReturnLine.order_line),
        )
        .where(OrderReturn.order_id == order_id)
        .order_by(OrderReturn.id.desc())
    )


def return_of_posting(posting_id: int) -> Select[OrderReturn]:
    """The return that a posting was made for."""
    return select(OrderReturn).where(OrderReturn.posting_id == posting_id)


def movements_of(order_id: int) -> Select[Movement]:
    """What left for an order and came back of it, the newest first."""
    return (
        select(Movement)
        .options(
            joinedload(Movement.product, innerjoin=True),
            joinedload(Movement.from_location, innerjoin=True),
            joinedload(Movement.to_location, innerjoin=True),
            joinedload(Movement.actor),
            joinedload(Movement.lot),
        )
        .where(Movement.document_type == ORDER, Movement.document_id == order_id)
        .order_by(Movement.id.desc())
    )


def shipments(order_id: int) -> Select[Movement]:
    """What left for an order and is not undone, the newest posting first."""
    back = aliased(Movement)
    return (
        movements_of(order_id)
        .where(Movement.reason == "shipped")
        .where(~exists().where(back.reverses_id == Movement.id))
        .order_by(None)
        .order_by(Movement.posting_id.desc(), Movement.id)
    )


def shipment(order_id: int, posting_id: int) -> Select[Movement]:
    """What left for an order in one posting, if it is not undone."""
    return shipments(order_id).where(Movement.posting_id == posting_id)


def numbers(order_ids: Collection[int]) -> Select[int, str]:
    """The numbers of some orders, by id."""
    return select(SalesOrder.id, SalesOrder.number).where(SalesOrder.id.in_(order_ids))


def lines_of(order_ids: Collection[int]) -> Select[OrderLine]:
    """Lines of some orders, in their order."""
    query = select(OrderLine).where(OrderLine.order_id.in_(order_ids))
    return query.order_by(OrderLine.order_id, OrderLine.position, OrderLine.id)


def components_of(line_ids: Collection[int]) -> Select[OrderLine]:
    """What bundles hold, by the ids of their lines."""
    query = select(OrderLine).where(OrderLine.bundle_line_id.in_(line_ids))
    return query.order_by(OrderLine.bundle_line_id, OrderLine.position, OrderLine.id)


def _active(line_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Reservation.document_type == LINE,
        Reservation.document_id.in_(line_ids),
        Reservation.state == "active",
    )
