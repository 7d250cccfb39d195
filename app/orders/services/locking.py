"""What every service of orders begins and ends with: the lock, and the news."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from sqlalchemy.orm.attributes import set_committed_value

from app.core.db import db, locked
from app.core.events import publish
from app.orders import queries
from app.orders.events import OrderChanged
from app.orders.models import OrderLine, SalesOrder

ZERO = Decimal(0)


def locked_order(order_id: int) -> SalesOrder:
    """Lock an order: whoever holds it may change its lines and what is reserved for them."""
    order = db.session.scalars(locked(queries.order(order_id), SalesOrder)).one()
    load_components([order])
    return order


def locked_orders(order_ids: Collection[int]) -> list[SalesOrder]:
    """Lock several orders, by id."""
    query = queries.orders_among(order_ids).order_by(SalesOrder.id)
    orders = [*db.session.scalars(locked(query, SalesOrder))]
    load_components(orders)
    return orders


def load_components(orders: Iterable[SalesOrder]) -> None:
    """Load the components of all bundles as they are now: one query, none without bundles."""
    bundles = {line.id: line for order in orders for line in order.bundles}
    if not bundles:
        return
    found: dict[int | None, list[OrderLine]] = {}
    query = queries.components_of(bundles).execution_options(populate_existing=True)
    for one in db.session.scalars(query):
        found.setdefault(one.bundle_line_id, []).append(one)
    for number, line in bundles.items():
        set_committed_value(line, "components", found.get(number, []))


def reserved_for(order: SalesOrder) -> dict[int, Decimal]:
    """Give what is reserved for each of its lines: of a bundle, for its components."""
    ids = [line.id for line in order.single_lines]
    rows = db.session.execute(queries.reserved_of(ids))
    found = {line_id: quantity for line_id, quantity in rows if line_id is not None}
    return {line_id: found.get(line_id, ZERO) for line_id in ids}


def publish_change(order: SalesOrder) -> None:
    """Write what has changed, and publish it."""
    db.session.flush()
    publish(OrderChanged(order_id=order.id))


def publish_changes(orders: Iterable[SalesOrder]) -> None:
    """Write what has changed of several orders, and publish it."""
    db.session.flush()
    for order in orders:
        publish(OrderChanged(order_id=order.id))
