"""Selects of pick & pack. Nothing here executes."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.catalog.models import Barcode
from app.fulfilment.models import (
    IN_WORK,
    Parcel,
    ParcelLine,
    PickLine,
    PickStep,
    PickTask,
    PickTaskOrder,
    PutBack,
)
from app.orders.models import OrderLine, SalesOrder
from app.orders.queries import LINE
from app.stock.models import Balance, Location, Reservation

PACKABLE = ("picked", "packing")


def task(task_id: int) -> Select[PickTask]:
    """A task with all that its screen shows."""
    return tasks().where(PickTask.id == task_id)


def tasks(state: str = "") -> Select[PickTask]:
    """Tasks in a state, or all, with all that their screens show."""
    query = select(PickTask).options(
        selectinload(PickTask.orders).options(
            joinedload(PickTaskOrder.tote, innerjoin=True),
            joinedload(PickTaskOrder.order, innerjoin=True),
        ),
        selectinload(PickTask.lines).options(
            joinedload(PickLine.product, innerjoin=True),
            joinedload(PickLine.location, innerjoin=True),
            joinedload(PickLine.lot),
            joinedload(PickLine.barcodes),
        ),
    )
    return query.where(PickTask.state == state) if state else query


def task_of(user_id: int) -> Select[PickTask]:
    """The task that somebody has in work."""
    return select(PickTask).where(
        PickTask.claimed_by_id == user_id, PickTask.state.in_(IN_WORK)
    )


def ready_tasks() -> Select[PickTask]:
    """Pick tasks that were begun and given back, the oldest first."""
    return select(PickTask).where(PickTask.state == "ready").order_by(PickTask.id)


def ready_orders(states: Collection[str]) -> Select[SalesOrder]:
    """Orders to be picked, by cut-off, then age; free lines alone are picked by nobody.

    Nor is what a vendor delivers to the customer.
    """
    gone = OrderLine.quantity_shipped + OrderLine.quantity_cancelled
    goods = gone + OrderLine.quantity_direct < OrderLine.quantity
    return (
        select(SalesOrder)
        .where(SalesOrder.status.in_(states))
        .where(SalesOrder.lines.any(goods & ~OrderLine.is_free))
        .order_by(SalesOrder.ship_by, SalesOrder.id)
    )


def amounts_of_orders(order_ids: Collection[int]) -> Select[int, int, Decimal]:
    """Lines and units to pick of some orders: what is reserved for them."""
    return (
        select(OrderLine.order_id, func.count(), func.sum(Reservation.quantity))
        .join(Reservation, Reservation.document_id == OrderLine.id)
        .where(
            OrderLine.order_id.in_(order_ids),
            Reservation.document_type == LINE,
            Reservation.state == "active",
        )
        .group_by(OrderLine.order_id)
    )


def reservations_for(order_ids: Collection[int]) -> Select[Reservation, int]:
    """What is reserved for orders in bins, with the order, in the order of the route."""
    return (
        select(Reservation, OrderLine.order_id)
        .join(OrderLine, OrderLine.id == Reservation.document_id)
        .join(Reservation.location)
        .where(
            Reservation.document_type == LINE,
            Reservation.state == "active",
            OrderLine.order_id.in_(order_ids),
            Location.kind != "tote",
        )
        .order_by(Location.pick_sequence, Location.code, Reservation.product_id, Reservation.id)
    )


def reservations_at(line: PickLine, *location_ids: int) -> Select[Reservation]:
    """What is reserved for a pick line at some places."""
    is_lot = (
        Reservation.lot_id.is_(None)
        if line.lot_id is None
        else Reservation.lot_id == line.lot_id
    )
    return (
        select(Reservation)
        .where(
            Reservation.document_type == LINE,
            Reservation.document_id == line.order_line_id,
            Reservation.location_id.in_(location_ids),
            Reservation.state == "active",
            is_lot,
        )
        .order_by(Reservation.id)
    )


def free_totes() -> Select[Location]:
    """Totes in use that are nobody's and hold nothing."""
    return (
        select(Location)
        .where(
            Location.kind == "tote",
            Location.is_active,
            ~Location.is_blocked,
            ~exists().where(PickTaskOrder.tote_id == Location.id, PickTaskOrder.is_active),
            ~exists().where(Balance.location_id == Location.id, Balance.on_hand > 0),
        )
        .order_by(Location.code)
    )


def barcode_of(product_id: int) -> Select[str]:
    """The barcode of a single piece."""
    query = select(Barcode.code).where(Barcode.product_id == product_id, Barcode.units == 1)
    return query.order_by(Barcode.id).limit(1)


def board_tasks() -> Select[PickTask]:
    """What is being picked, with who does it, the oldest first."""
    return (
        select(PickTask)
        .where(PickTask.state.in_((*IN_WORK, "ready")))
        .options(
            joinedload(PickTask.claimed_by),
            selectinload(PickTask.lines),
            selectinload(PickTask.orders).joinedload(PickTaskOrder.order, innerjoin=True),
        )
        .order_by(PickTask.id)
    )


def lines_since(moment: datetime) -> Select[int | None, int]:
    """How many lines everybody has finished since then."""
    return (
        select(PickLine.finished_by_id, func.count())
        .where(PickLine.finished_at >= moment)
        .group_by(PickLine.finished_by_id)
    )


def packable() -> Select[PickTaskOrder]:
    """Orders that lie in totes and wait for a parcel, the first cut-off first."""
    return (
        select(PickTaskOrder)
        .join(PickTaskOrder.order)
        .options(
            joinedload(PickTaskOrder.order, innerjoin=True),
            joinedload(PickTaskOrder.tote, innerjoin=True),
        )
        .where(PickTaskOrder.state.in_(PACKABLE))
        .order_by(SalesOrder.ship_by, SalesOrder.id)
    )


def task_order(task_order_id: int) -> Select[PickTaskOrder]:
    """An order of a pick task, with its tote."""
    return (
        select(PickTaskOrder)
        .options(
            joinedload(PickTaskOrder.order, innerjoin=True),
            joinedload(PickTaskOrder.tote, innerjoin=True),
        )
        .where(PickTaskOrder.id == task_order_id)
    )


def packable_by_code(code: str) -> Select[PickTaskOrder]:
    """The order to pack that a tote or an order number leads to."""
    text = func.normal_code(code)
    return (
        packable()
        .join(PickTaskOrder.tote)
        .where(
            or_(
                PickTaskOrder.tote_id == func.location_with_code(code),
                func.lower(SalesOrder.number) == text,
                func.lower(SalesOrder.external_number) == text,
            )
        )
        .limit(1)
    )


def active_of_order(order_id: int) -> Select[PickTaskOrder]:
    """The pick task that an order is part of."""
    return select(PickTaskOrder).where(
        PickTaskOrder.order_id == order_id, PickTaskOrder.is_active
    )


def in_use(tote_id: int, order_id: int | None = None) -> Select[int]:
    """What uses a tote, or has an order in work."""
    return select(PickTaskOrder.id).where(
        PickTaskOrder.is_active,
        or_(PickTaskOrder.tote_id == tote_id, PickTaskOrder.order_id == order_id),
    )


def last_step(task_id: int) -> Select[PickStep]:
    """What was done last in a pick task, of all that is not undone."""
    return (
        select(PickStep)
        .where(PickStep.task_id == task_id)
        .order_by(PickStep.id.desc())
        .limit(1)
    )


def lines_of(task_id: int, order_id: int) -> Select[PickLine]:
    """What was picked for an order in a pick task."""
    return (
        select(PickLine)
        .options(joinedload(PickLine.product, innerjoin=True), joinedload(PickLine.lot))
        .where(PickLine.task_id == task_id, PickLine.order_id == order_id)
        .order_by(PickLine.sequence, PickLine.id)
    )


def parcels_of(task_order_id: int) -> Select[Parcel]:
    """The parcels of an order of a pick task."""
    return (
        select(Parcel)
        .options(selectinload(Parcel.lines).joinedload(ParcelLine.lot))
        .where(Parcel.task_order_id == task_order_id, Parcel.state != "cancelled")
        .order_by(Parcel.number)
    )


def parcel_line(parcel_id: int, order_line_id: int, lot_id: int | None) -> Select[ParcelLine]:
    """How much of a line, and of a lot, is in a parcel."""
    return select(ParcelLine).where(
        ParcelLine.parcel_id == parcel_id,
        ParcelLine.order_line_id == order_line_id,
        ParcelLine.lot_id.is_not_distinct_from(lot_id),
    )


def putbacks() -> Select[PutBack]:
    """What has to go back, tote by tote."""
    return (
        select(PutBack)
        .options(
            joinedload(PutBack.order, innerjoin=True),
            joinedload(PutBack.product, innerjoin=True),
            joinedload(PutBack.lot),
            joinedload(PutBack.tote, innerjoin=True),
            joinedload(PutBack.location, innerjoin=True),
        )
        .where(PutBack.done_at.is_(None))
        .order_by(PutBack.tote_id, PutBack.id)
    )


def putback(putback_id: int) -> Select[PutBack]:
    """One of them, done or not."""
    return (
        select(PutBack)
        .options(
            joinedload(PutBack.product, innerjoin=True),
            joinedload(PutBack.lot),
            joinedload(PutBack.tote, innerjoin=True),
            joinedload(PutBack.location, innerjoin=True),
        )
        .where(PutBack.id == putback_id)
    )


def last_putback(user_id: int, since: datetime) -> Select[PutBack]:
    """What somebody has put back last, if it was not long ago."""
    return (
        select(PutBack)
        .options(joinedload(PutBack.product, innerjoin=True), joinedload(PutBack.lot))
        .where(PutBack.done_by_id == user_id, PutBack.done_at >= since)
        .order_by(PutBack.done_at.desc())
        .limit(1)
    )


def counted(query: Select[Any]) -> Select[int]:
    """How many rows a query gives."""
    return select(func.count()).select_from(query.order_by(None).subquery())


def lines_by_hour(since: datetime, *, zone: str) -> Select[int, str, int, int]:
    """Who finished how many lines since then: id and name, hour of a zone's day, lines."""
    hour = cast(extract("hour", func.timezone(zone, PickLine.finished_at)), Integer)
    return (
        select(User.id, User.name, hour.label("hour"), func.count().label("lines"))
        .join(User, User.id == PickLine.finished_by_id)
        .where(PickLine.finished_at >= since)
        .group_by(User.id, "hour")
    )
