"""What a shop changes of an order that is ours already: it is followed, or a person is told."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.integrations.hub.models import Connection
from app.integrations.inbound.targets import PendingRecord
from app.integrations.systems.magento import reading
from app.integrations.systems.magento.fields import ZERO
from app.integrations.systems.magento.models import FollowedOrder
from app.integrations.systems.magento.reading import Line
from app.orders import services
from app.orders.models import SalesOrder

OVER = {"shipped", "cancelled"}


class Unresolved(DomainError):
    """The shop has changed something that we cannot follow: a person has to."""


def remember_address(connection: Connection, record: PendingRecord) -> FollowedOrder:
    """Note where the shop has an order go, to see when that changes there."""
    whose = {"connection_id": connection.id, "external_id": record.external_id}
    with transaction() as session:
        known = session.scalars(select(FollowedOrder).filter_by(**whose)).one_or_none()
        if known is None:
            known = FollowedOrder(**whose, address={})
            session.add(known)
        known.address = reading.address(record.payload)
    return known


def follow_address(
    connection: Connection, record: PendingRecord, ours: Sequence[SalesOrder]
) -> None:
    """Send goods where the shop has them go by now, while nobody has them in hand.

    Raises:
        Unresolved: They are in hand, or somebody here has changed the address, too.
    """
    whose = {"connection_id": connection.id, "external_id": record.external_id}
    known = db.session.scalars(select(FollowedOrder).filter_by(**whose)).one_or_none()
    before: dict[str, Any] = known.address if known else {}
    now: dict[str, Any] = reading.address(record.payload)
    if not before:  # it was made before we noted that
        remember_address(connection, record)
        return
    if before == now:
        return
    owed = [one for one in ours if one.status not in OVER]
    for order in owed:
        if not order.is_editable or order.address not in (before, now):
            place = ", ".join(filter(None, (now["ship_street"], now["ship_city"])))
            raise Unresolved(
                f"Magento has another address now ({place}): {order.number} is "
                "in hand or was changed here. Settle it by hand."
            )
    for order in owed:
        if order.address == before:
            services.change_order(order.id, version=order.version, **now)
    remember_address(connection, record)


def close_shipped_there(ours: Sequence[SalesOrder], lines: Sequence[Line]) -> None:
    """Let go what the shop has shipped by itself since: it must not leave twice.

    Raises:
        Unresolved: It is picked here already.
    """
    due = {line.item_id: _shipped_there(ours, line) for line in lines}
    for order in sorted(ours, key=lambda one: one.confirmed_at is not None):
        if order.status in OVER:
            continue
        parts = {}
        for line in order.lines:
            free = line.quantity_wanted - line.quantity_handled
            if (part := min(due.get(line.external_id or "", ZERO), free)) > 0:
                parts[line.id] = part
                due[line.external_id or ""] -= part
        if parts:
            _let_go(order, parts)
    if any(rest > 0 for rest in due.values()):
        raise Unresolved(
            "Magento has shipped goods by itself that are picked here: settle it by hand."
        )


def is_shipped_there(ours: Sequence[SalesOrder], lines: Sequence[Line]) -> bool:
    """Tell whether the shop has shipped something by itself since."""
    return any(_shipped_there(ours, line) > 0 for line in lines)


def _shipped_there(ours: Sequence[SalesOrder], line: Line) -> Decimal:
    """How many left without us, besides those that had left when the order came."""
    mine = [
        one
        for order in ours
        if order.status != "cancelled"
        for one in order.lines
        if one.external_id == line.item_id
    ]
    wanted = sum((one.quantity_wanted for one in mine), ZERO)
    by_us = sum((one.quantity_shipped for one in mine), ZERO)
    elsewhere = max(line.ordered + line.refunded - wanted, ZERO)
    return max(line.shipped - by_us - elsewhere, ZERO)


def _let_go(order: SalesOrder, parts: dict[int, Decimal]) -> None:
    rest = [line.quantity_wanted - parts.get(line.id, ZERO) for line in order.lines]
    if any(rest):
        services.close_short(order.id, parts)
    else:
        services.cancel_order(order.id, reason="Shipped in Magento")
