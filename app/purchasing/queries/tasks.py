"""Selects over what people have in hand at the dock, and where it may go."""

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.purchasing.models import (
    OPEN,
    PurchaseLine,
    PurchaseOrder,
    ReceivingLine,
    ReceivingTask,
)
from app.stock.models import Balance, HomeLocation, Location, Movement

CHOICES = 2  # places that are suggested


def task(task_id: int) -> Select[ReceivingTask]:
    """One task with its order and all that was scanned."""
    order = joinedload(ReceivingTask.order, innerjoin=True)
    lines = order.selectinload(PurchaseOrder.lines)
    return (
        select(ReceivingTask)
        .options(
            lines.joinedload(PurchaseLine.product),
            order.joinedload(PurchaseOrder.warehouse, innerjoin=True),
            joinedload(ReceivingTask.user, innerjoin=True),
            selectinload(ReceivingTask.lines).options(
                joinedload(ReceivingLine.product), joinedload(ReceivingLine.lot)
            ),
        )
        .where(ReceivingTask.id == task_id)
    )


def task_of(user_id: int) -> Select[ReceivingTask]:
    """What somebody has in hand."""
    mine = (ReceivingTask.user_id == user_id, ~ReceivingTask.is_done)
    return (
        select(ReceivingTask)
        .options(joinedload(ReceivingTask.order, innerjoin=True))
        .where(*mine)
    )


def expected_orders() -> Select[PurchaseOrder]:
    """Orders of which something is to come to us, what is due first first."""
    query = select(PurchaseOrder).where(
        PurchaseOrder.status.in_(OPEN), PurchaseOrder.delivery_address == ""
    )
    return query.order_by(PurchaseOrder.due_on.asc().nulls_last(), PurchaseOrder.id)


def orders_called(code: str) -> Select[PurchaseOrder]:
    """Open orders whose number, or the vendor's number for them, is on a paper."""
    key = func.nullif(func.code_key(code), "")
    named = or_(
        PurchaseOrder.number_key == key,
        PurchaseOrder.reference_key == key,
        PurchaseOrder.external_key == key,
    )
    return expected_orders().where(named)


def orders_with(product_id: int) -> Select[PurchaseOrder]:
    """Open orders by which a product is still to come."""
    owed = (
        (PurchaseLine.order_id == PurchaseOrder.id)
        & (PurchaseLine.product_id == product_id)
        & (
            PurchaseLine.units_received + PurchaseLine.units_cancelled
            < PurchaseLine.units_ordered
        )
    )
    return expected_orders().where(exists().where(owed))


def places_for(product_id: int, path: str) -> Select[Location]:
    """Where a product may go in a warehouse: its home, where it lies, or an empty bin.

    A blocked bin never, nor one that goods are only put aside in.
    """
    is_home = exists().where(
        HomeLocation.location_id == Location.id, HomeLocation.product_id == product_id
    )
    holds = exists().where(
        Balance.location_id == Location.id,
        Balance.product_id == product_id,
        Balance.on_hand > 0,
    )
    is_full = exists().where(Balance.location_id == Location.id, Balance.on_hand > 0)
    return (
        select(Location)
        .where(
            Location.kind == "bin",
            Location.is_active,
            ~Location.is_blocked,
            Location.path.startswith(path, autoescape=True),
            is_home | holds | ~is_full,
        )
        .order_by(is_home.desc(), holds.desc(), Location.pick_sequence, Location.code)
        .limit(CHOICES)
    )


def is_lot_known(lot_id: int) -> Select[bool]:
    """Tell whether anything of a lot has ever come, or is in somebody's hands."""
    moved = exists().where(Movement.lot_id == lot_id)
    in_hand = exists().where(ReceivingLine.lot_id == lot_id, ReceivingLine.quantity > 0)
    return select(moved | in_hand)
