"""Goods that are promised and not there: which promises a count would break.

A balance never holds less than is reserved of it (the database sees to that), so a count that
finds less has to end promises first. Nobody loses one silently: approving is refused with their
names, and whoever approves may release them. The latest go first, and what somebody has in hand
goes last; their orders wait for goods again and get what there is elsewhere, by the usual job.
A picker who stands before that bin is told that the goods are not reserved any more, and
reports the line as short, which finds another bin.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.core.db import db, locked
from app.core.events import announce
from app.core.quantities import plain
from app.counting import queries
from app.counting.errors import PromisesInTheWay
from app.counting.models import CountLine, CountTask
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.stock import services as stock
from app.stock.events import StockFreed
from app.stock.models import Balance, Reservation

ZERO = Decimal(0)


class Promised(NamedTuple):
    """A reservation and the order it is for, if it is for one."""

    reservation: Reservation
    order: SalesOrder | None

    def __str__(self) -> str:
        name = self.order.number if self.order else str(self.reservation)
        return f"{plain(self.reservation.quantity)} for {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A line whose posting would leave less than is promised, and what would be released."""

    line: CountLine
    left: Decimal
    reserved: Decimal
    promises: Sequence[Promised]

    def __str__(self) -> str:
        sku, left = self.line.product.sku, plain(max(self.left, ZERO))
        names = ", ".join(map(str, self.promises)) or "somebody"
        return f"{sku}: {left} would be left, {plain(self.reserved)} are promised ({names})."


def obstacles(task: CountTask) -> list[Obstacle]:
    """Say which promises the posting of a count would break, as things are now."""
    lines = [line for line in task.results if line.state == "review" and line.difference < 0]
    if not lines:
        return []
    held = _standing(task)
    return _broken(lines, held, _promised(task, lines))


def refuse_broken(
    task: CountTask, lines: Sequence[CountLine], held: stock.BalanceSnapshots
) -> None:
    """Refuse to post what would break promises.

    Raises:
        PromisesInTheWay: It would, with the names of all of them.
    """
    fewer = [line for line in lines if line.difference < 0]
    found = _broken(fewer, _of_lines(task, held), _promised(task, fewer)) if fewer else []
    if found:
        advice = "Release the promises with the approval, or have it counted again."
        raise PromisesInTheWay(" ".join([*map(str, found), advice]))


def hold_orders(task: CountTask, lines: Sequence[CountLine]) -> None:
    """Lock what releasing may change, orders before reservations, both by id."""
    promised = _promised(task, [line for line in lines if line.difference < 0])
    for order_id in sorted({one.order.id for one in promised if one.order}):
        orders.locked_order(order_id)
    ids = sorted(one.reservation.id for one in promised)
    query = select(Reservation).where(Reservation.id.in_(ids)).order_by(Reservation.id)
    db.session.scalars(locked(query, Reservation)).all()


def release_broken(
    task: CountTask, lines: Sequence[CountLine], held: stock.BalanceSnapshots
) -> set[int]:
    """Release what the lines leave no goods for; gives the orders that have lost some."""
    fewer = [line for line in lines if line.difference < 0]
    lost: set[int] = set()
    for obstacle in _broken(fewer, _of_lines(task, held), _promised(task, fewer)):
        for promised in obstacle.promises:
            stock.release(promised.reservation.id)
            if promised.order:
                lost.add(promised.order.id)
    return lost


def wait_again(lost: Collection[int], product_ids: Sequence[int]) -> None:
    """Let orders wait that have lost goods; what there is elsewhere is promised by the job."""
    for order_id in sorted(lost):
        order = orders.locked_order(order_id)
        if order.is_waiting:
            orders.settle(order)
        orders.tell(order)
    if lost:
        # Once more than the release did: only now somebody waits.
        announce(StockFreed(product_ids=[*product_ids]))


Key = tuple[int, int | None]  # product, lot


def _broken(
    lines: Sequence[CountLine],
    held: Mapping[Key, tuple[Decimal, Decimal]],
    promised: Sequence[Promised],
) -> list[Obstacle]:
    found = []
    for line in lines:
        on_hand, reserved = held.get((line.product_id, line.lot_id), (ZERO, ZERO))
        left = on_hand + line.difference
        if reserved > max(left, ZERO):
            enough = _enough(line, promised, reserved - max(left, ZERO))
            found.append(Obstacle(line=line, left=left, reserved=reserved, promises=enough))
    return found


def _enough(
    line: CountLine, promised: Sequence[Promised], wanted: Decimal
) -> Sequence[Promised]:
    """The promises that make room for a line, whole ones."""
    taken = []
    for one in promised:
        reservation = one.reservation
        is_here = (reservation.product_id, reservation.lot_id) == (line.product_id, line.lot_id)
        if is_here and wanted > 0:
            taken.append(one)
            wanted -= reservation.quantity
    return taken


def _promised(task: CountTask, lines: Sequence[CountLine]) -> list[Promised]:
    ids = {line.product_id for line in lines}
    rows = db.session.execute(queries.promises_at(task.location_id, ids)).all()
    found = [Promised(reservation, order) for reservation, order in rows]
    # Stable: the latest first, and what somebody has in hand after all that nobody has.
    return sorted(found, key=lambda one: one.order is None or not one.order.is_waiting)


def _standing(task: CountTask) -> Mapping[Key, tuple[Decimal, Decimal]]:
    here = db.session.scalars(select(Balance).where(Balance.location_id == task.location_id))
    return {(one.product_id, one.lot_id): (one.on_hand, one.reserved) for one in here}


def _of_lines(
    task: CountTask, held: stock.BalanceSnapshots
) -> Mapping[Key, tuple[Decimal, Decimal]]:
    return {
        (product_id, lot_id): (standing.on_hand, standing.reserved)
        for (product_id, location_id, lot_id), standing in held.items()
        if location_id == task.location_id
    }
