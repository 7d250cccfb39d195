"""Many orders at once: what is asked for one is asked for all of them together.

Each is a savepoint of the caller's unit of work, as a whole: if one cannot be done, none is.
Who has to know which one it was does them one by one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.documents.services import next_numbers
from app.orders import queries
from app.orders.channels import channels
from app.orders.models import SalesOrder
from app.orders.services.allocating import prepare_lines, refuse_unfit, status_of
from app.orders.services.bundles import demands_of, take_apart
from app.orders.services.closing import checked_reason
from app.orders.services.creating import NewOrder, checked_head, draft_of
from app.orders.services.items import NamedProducts
from app.orders.services.locking import ZERO, load_components, publish_change
from app.stock import services as stock


def create_orders(
    wanted: Sequence[NewOrder], *, channel: str, channel_account: str, products: NamedProducts
) -> list[SalesOrder]:
    """Make drafts of a shop's orders; `products` are those that their lines name.

    They are told when they are confirmed or held: else the caller does (`publish_change`).

    Raises:
        Invalid: A value of one does not fit.
        IntegrityError: One has come before.
    """
    if channel not in channels():
        raise Invalid("channel", f"There is no sales channel {channel}.")
    whence = {"channel": channel, "channel_account": channel_account}
    with transaction() as session:
        numbers = next_numbers(SalesOrder, len(wanted))
        made = [
            draft_of(one, checked_head(one), whence | {"number": number}, products=products)
            for one, number in zip(wanted, numbers, strict=True)
        ]
        session.add_all(made)
        session.flush()
        take_apart(made)
    return made


def confirm_orders(order_ids: Sequence[int]) -> list[SalesOrder]:
    """Take orders on; whose id is lower is served first.

    Raises:
        NotAllowed: One is no draft.
        UnknownProducts: A line names nothing that we trade in, or trade in any more.
        Invalid: One has no lines.
    """
    with transaction():
        orders = _locked(order_ids)
        for order in orders:
            refuse_unfit(order)
        prepare_lines(orders)
        reserved = _reserve(orders)
        moment = datetime.now(UTC)  # with the balances locked, as `confirm_order` does it
        for order in orders:
            order.confirmed_at, order.hold_reason = moment, ""
            order.move_to(
                status_of(order, {n.id: reserved.get(n.id, ZERO) for n in order.single_lines})
            )
        _publish(orders)
    return orders


def hold_orders(reasons: Mapping[int, str]) -> list[SalesOrder]:
    """Put orders on hold, by their ids.

    Raises:
        NotAllowed: One is over, or somebody has it in hand.
        Invalid: A reason is too long.
    """
    with transaction():
        orders = _locked([*reasons])
        for order in orders:
            order.move_to("on_hold")
            order.hold_reason = checked_reason(reasons[order.id])
        _publish(orders)
    return orders


def _locked(order_ids: Sequence[int]) -> list[SalesOrder]:
    query = queries.orders_among(order_ids).order_by(SalesOrder.id)
    orders = [*db.session.scalars(locked(query, SalesOrder))]
    load_components(orders)
    return orders


def _reserve(orders: Sequence[SalesOrder]) -> dict[int, Decimal]:
    """Reserve for the lines of orders, in their order; gives how much each line has."""
    numbers = {line.id: order.number for order in orders for line in order.single_lines}
    rows = db.session.execute(queries.reserved_of([*numbers]))
    reserved = {line_id: part for line_id, part in rows if line_id is not None}
    wanted: dict[int, stock.Demand] = {}
    for line in (line for order in orders for line in order.lines):
        wanted |= demands_of(line, reserved)
    if not wanted:
        return reserved
    for one in stock.reserve_available(wanted, document_type=queries.LINE, notes=numbers):
        line_id = one.document_id or 0
        reserved[line_id] = reserved.get(line_id, ZERO) + one.quantity
    return reserved


def _publish(orders: Sequence[SalesOrder]) -> None:
    db.session.flush()
    for order in orders:
        publish_change(order)
