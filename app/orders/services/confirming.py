"""Orders are taken on: all that there is of them is reserved, the rest is on backorder.

One or many take as many statements; each part of it asks and writes for all orders together.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.exc import NoResultFound

from app.core.db import retried, transaction
from app.orders import queries
from app.orders.models import SalesOrder
from app.orders.services.allocating import prepare_lines, refuse_unfit, status_of
from app.orders.services.bundles import demands_of
from app.orders.services.locking import ZERO, locked_orders, publish_changes
from app.stock import services as stock


class Confirmed(NamedTuple):
    """Orders that were taken on, and how much is reserved for each line, by its id."""

    orders: list[SalesOrder]
    reserved: Mapping[int, Decimal]


def confirm_order(order_id: int) -> SalesOrder:
    """Take an order on: all that there is of it is reserved, the rest is on backorder.

    A draft that is on hold waits no longer then.

    Raises:
        NotAllowed: It is no draft.
        UnknownProducts: A line names nothing that we trade in, or trade in any more.
        Invalid: It has no lines.
    """
    return take_on([order_id]).orders[0]


def confirm_orders(order_ids: Sequence[int]) -> list[SalesOrder]:
    """Take several orders on, or none of them: as `take_on` does."""
    return take_on(order_ids).orders


@retried
def take_on(order_ids: Sequence[int]) -> Confirmed:
    """Take orders on; whose id is lower is served first.

    Raises:
        NoResultFound: There is no such order.
        NotAllowed: One is no draft.
        UnknownProducts: A line names nothing that we trade in, or trade in any more.
        Invalid: One has no lines.
    """
    with transaction():
        orders = locked_orders(order_ids)
        if len(orders) < len({*order_ids}):
            raise NoResultFound("There is no such order.")
        for order in orders:
            refuse_unfit(order)
        prepare_lines(orders)
        reserved = _reserve(orders)
        # Only now, with the balances locked: who is served first has the earlier time.
        moment = datetime.now(UTC)
        for order in orders:
            order.confirmed_at, order.hold_reason = moment, ""
            status = status_of(
                order, {n.id: reserved.get(n.id, ZERO) for n in order.single_lines}
            )
            if status != order.status:
                order.move_to(status)
        publish_changes(orders)
    return Confirmed(orders, reserved)


def _reserve(orders: Sequence[SalesOrder]) -> dict[int, Decimal]:
    """Reserve for the lines of drafts, in their order; gives how much each line has.

    Nothing is reserved for a draft yet.
    """
    numbers = {line.id: order.number for order in orders for line in order.single_lines}
    reserved: dict[int, Decimal] = {}
    wanted: dict[int, stock.Demand] = {}
    for line in (line for order in orders for line in order.lines if not line.is_free):
        wanted |= demands_of(line, reserved)
    if not wanted:
        return reserved
    for one in stock.reserve_available(wanted, document_type=queries.LINE, notes=numbers):
        line_id = one.document_id or 0
        reserved[line_id] = reserved.get(line_id, ZERO) + one.quantity
    return reserved
