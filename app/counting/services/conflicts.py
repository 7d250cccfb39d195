"""Goods that are reserved and not there: which reservations a count would break.

A balance never holds less than is reserved of it (the database sees to that), so a count that
finds less has to end reservations first. Nobody loses one silently: approving is refused with
their names, and whoever approves may release them. The latest go first, and what somebody has
in hand goes last; their orders wait for goods again and get what there is elsewhere, by the
usual job. A picker who stands before that bin is told that the goods are not reserved any
more, and reports the line as short, which finds another bin.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.core.db import db, locked
from app.core.events import publish
from app.core.quantities import plain
from app.counting import queries
from app.counting.errors import ReservationsNotCovered
from app.counting.models import CountLine, CountTask
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.stock import services as stock
from app.stock.events import StockFreed
from app.stock.models import Balance, Reservation

ZERO = Decimal(0)


class HeldReservation(NamedTuple):
    """A reservation and the order it is for, if it is for one."""

    reservation: Reservation
    order: SalesOrder | None

    def __str__(self) -> str:
        name = self.order.number if self.order else str(self.reservation)
        return f"{plain(self.reservation.quantity)} for {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationConflict:
    """A line whose posting would leave less than is reserved, and what would be released."""

    line: CountLine
    left: Decimal
    reserved: Decimal
    reservations: Sequence[HeldReservation]

    def __str__(self) -> str:
        sku, left = self.line.product.sku, plain(max(self.left, ZERO))
        names = ", ".join(map(str, self.reservations)) or "somebody"
        return f"{sku}: {left} would be left, {plain(self.reserved)} are reserved ({names})."


def conflicts(task: CountTask) -> list[ReservationConflict]:
    """Say which reservations the posting of a count would break, as things are now."""
    lines = [line for line in task.results if line.state == "review" and line.difference < 0]
    if not lines:
        return []
    held = _balances_now(task)
    return _conflicts(lines, held, _reservations(task, lines))


def refuse_conflicts(
    task: CountTask, lines: Sequence[CountLine], held: stock.BalanceSnapshots
) -> None:
    """Refuse to post what would break reservations.

    Raises:
        ReservationsNotCovered: It would, with the names of all of them.
    """
    fewer = [line for line in lines if line.difference < 0]
    found = (
        _conflicts(fewer, _balances_of(task, held), _reservations(task, fewer)) if fewer else []
    )
    if found:
        advice = "Release the reservations with the approval, or have it counted again."
        raise ReservationsNotCovered(" ".join([*map(str, found), advice]))


def lock_orders(task: CountTask, lines: Sequence[CountLine]) -> None:
    """Lock what releasing may change, orders before reservations, both by id."""
    reservations = _reservations(task, [line for line in lines if line.difference < 0])
    for order_id in sorted({one.order.id for one in reservations if one.order}):
        orders.locked_order(order_id)
    ids = sorted(one.reservation.id for one in reservations)
    query = select(Reservation).where(Reservation.id.in_(ids)).order_by(Reservation.id)
    db.session.scalars(locked(query, Reservation)).all()


def release_conflicts(
    task: CountTask, lines: Sequence[CountLine], held: stock.BalanceSnapshots
) -> set[int]:
    """Release what the lines leave no goods for; gives the orders that have lost some."""
    fewer = [line for line in lines if line.difference < 0]
    lost: set[int] = set()
    for conflict in _conflicts(fewer, _balances_of(task, held), _reservations(task, fewer)):
        for one in conflict.reservations:
            stock.release(one.reservation.id)
            if one.order:
                lost.add(one.order.id)
    return lost


def requeue_orders(lost: Collection[int], product_ids: Sequence[int]) -> None:
    """Let orders wait that have lost goods; what there is elsewhere is reserved by the job."""
    for order_id in sorted(lost):
        order = orders.locked_order(order_id)
        if order.is_waiting:
            orders.update_status(order)
        orders.publish_change(order)
    if lost:
        # Once more than the release did: only now somebody waits.
        publish(StockFreed(product_ids=[*product_ids]))


Key = tuple[int, int | None]  # product, lot


def _conflicts(
    lines: Sequence[CountLine],
    held: Mapping[Key, tuple[Decimal, Decimal]],
    reservations: Sequence[HeldReservation],
) -> list[ReservationConflict]:
    found = []
    for line in lines:
        on_hand, reserved = held.get((line.product_id, line.lot_id), (ZERO, ZERO))
        left = on_hand + line.difference
        if reserved > max(left, ZERO):
            enough = _to_release(line, reservations, reserved - max(left, ZERO))
            found.append(
                ReservationConflict(
                    line=line, left=left, reserved=reserved, reservations=enough
                )
            )
    return found


def _to_release(
    line: CountLine, reservations: Sequence[HeldReservation], wanted: Decimal
) -> Sequence[HeldReservation]:
    """The reservations that make room for a line, whole ones."""
    taken = []
    for one in reservations:
        reservation = one.reservation
        is_here = (reservation.product_id, reservation.lot_id) == (line.product_id, line.lot_id)
        if is_here and wanted > 0:
            taken.append(one)
            wanted -= reservation.quantity
    return taken


def _reservations(task: CountTask, lines: Sequence[CountLine]) -> list[HeldReservation]:
    ids = {line.product_id for line in lines}
    rows = db.session.execute(queries.reservations_at(task.location_id, ids)).all()
    found = [HeldReservation(reservation, order) for reservation, order in rows]
    # Stable: the latest first, and what somebody has in hand after all that nobody has.
    return sorted(found, key=lambda one: one.order is None or not one.order.is_waiting)


def _balances_now(task: CountTask) -> Mapping[Key, tuple[Decimal, Decimal]]:
    here = db.session.scalars(select(Balance).where(Balance.location_id == task.location_id))
    return {(one.product_id, one.lot_id): (one.on_hand, one.reserved) for one in here}


def _balances_of(
    task: CountTask, held: stock.BalanceSnapshots
) -> Mapping[Key, tuple[Decimal, Decimal]]:
    return {
        (product_id, lot_id): (standing.on_hand, standing.reserved)
        for (product_id, location_id, lot_id), standing in held.items()
        if location_id == task.location_id
    }
