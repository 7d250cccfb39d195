"""Shipments on their way to us, with goods of several purchase orders, and what they cost."""

from collections.abc import Collection
from datetime import date
from typing import Any

from app.catalog.rules import Rule, parse_line, parse_text
from app.core.actors import current_actor_id
from app.core.checks import checked
from app.core.days import today
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.purchasing import queries
from app.purchasing.models import (
    SHIPMENT_STATES,
    GoodsReceipt,
    InboundShipment,
    PurchaseOrder,
)
from app.purchasing.services.sending import confirm_order
from app.purchasing.services.shipment_costs import locked_shipment, spread_over_goods

LONGEST = 200


def _name(text: str) -> str:
    if not (name := parse_line(text)):
        raise ValueError("Say what people call it: the container, the waybill.")
    return name


RULES: dict[str, Rule] = {
    "name": _name,
    "carrier": parse_line,
    "tracking": parse_line,
    "note": parse_text,
}


@retried
def create_shipment(
    *, name: str, order_ids: Collection[int] = (), **values: Any
) -> InboundShipment:
    """Plan a shipment with goods of purchase orders that vendors have.

    `values` are `carrier`, `tracking`, `expected_on` and `note`.

    Raises:
        Invalid: It has no name, or an order is none of which something comes to us.
    """
    with transaction() as session:
        made = InboundShipment(
            actor_id=current_actor_id(), **checked({"name": name, **values}, RULES)
        )
        made.orders = _orders(order_ids, None)
        session.add(made)
        session.flush()
    return made


@retried
def change_shipment(
    shipment_id: int,
    *,
    version: int | None,
    order_ids: Collection[int] | None = None,
    **changes: Any,
) -> InboundShipment:
    """Change a shipment that has not arrived, as it was in `version`.

    When it is under way and comes on another day, its orders are expected on that day.

    Raises:
        StaleVersion: Somebody else was faster.
        NotAllowed: It has arrived, or is cancelled.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        found = locked_shipment(shipment_id)
        if not found.is_open:
            raise NotAllowed(
                f"{found.number} is {found.state.label.lower()}: it stays as it is."
            )
        before = {one.id for one in found.orders}
        if order_ids is not None:
            kept["orders"] = _orders(order_ids, found.id)
        changed = found.revise(version=version, **kept)
        session.flush()
        if found.status == "under_way" and changed:
            fresh = {one.id for one in found.orders} - before
            _expect(found, None if "expected_on" in changed else fresh)
    return found


@retried
def send_off(shipment_id: int) -> InboundShipment:
    """Note that a shipment is under way: its orders are expected on its day, if it has one.

    Raises:
        NotAllowed: It is under way already, has arrived, or is cancelled.
    """
    with transaction():
        found = locked_shipment(shipment_id)
        _move(found, "under_way")
        _expect(found, None)
    return found


@retried
def note_arrival(
    shipment_id: int, *, receipt_ids: Collection[int], arrived_on: date | None = None
) -> InboundShipment:
    """Note that a shipment has arrived, and which receipts came with it: costs are spread.

    Raises:
        NotAllowed: It has arrived already, or is cancelled.
        Invalid: A receipt is none of its orders, is undone, or came with another shipment; or
            what waits to be spread cannot be.
    """
    with transaction() as session:
        found, day = locked_shipment(shipment_id), arrived_on or today()
        _move(found, "arrived")
        found.arrived_on = day
        may_be = queries.receipts_that_may_be_of(found.id)
        receipts = {one.id: one for one in session.scalars(locked(may_be, GoodsReceipt))}
        if not {*receipt_ids} <= receipts.keys():
            raise Invalid("receipt_ids", "One of the receipts did not come with this shipment.")
        for number in receipt_ids:
            receipts[number].shipment_id = found.id
        session.flush()
        for cost in session.scalars(queries.costs_of_shipment(found.id)):
            spread_over_goods(found, cost)
    return found


@retried
def reopen_shipment(shipment_id: int) -> InboundShipment:
    """Take an arrival back, as long as no cost was spread over what came.

    Raises:
        NotAllowed: It has not arrived, or its costs have come to its goods.
    """
    with transaction() as session:
        found = locked_shipment(shipment_id)
        costs = session.scalars(queries.costs_of_shipment(found.id)).all()
        if any(one.spread_at for one in costs):
            advice = "take a cost back by adding it once more, less than zero"
            raise NotAllowed(f"{found.number}: its costs have come to its goods; {advice}.")
        _move(found, "under_way")
        found.arrived_on = None
        for receipt in session.scalars(queries.receipts_with(found.id)):
            receipt.shipment_id = None
    return found


@retried
def cancel_shipment(shipment_id: int) -> InboundShipment:
    """Give a shipment up: its orders stay as they are.

    Raises:
        NotAllowed: It has arrived, is cancelled already, or has costs.
    """
    with transaction() as session:
        found = locked_shipment(shipment_id)
        if session.scalars(queries.costs_of_shipment(found.id)).first() is not None:
            raise NotAllowed(f"{found.number} has costs: take them away first.")
        _move(found, "cancelled")
    return found


def _move(found: InboundShipment, status: str) -> None:
    SHIPMENT_STATES.refuse(found.number, found.status, status)
    found.status = status
    found.version += 1


def _orders(order_ids: Collection[int], shipment_id: int | None) -> list[PurchaseOrder]:
    may_be = {one.id: one for one in db.session.scalars(queries.shippable_orders(shipment_id))}
    if not {*order_ids} <= may_be.keys():
        raise Invalid("order_ids", "Choose purchase orders of which something comes to us.")
    return [may_be[number] for number in sorted({*order_ids})]


def _expect(found: InboundShipment, only: Collection[int] | None) -> None:
    """Its orders come on its day; `only` some of them, where the others say it already."""
    if found.expected_on is None:
        return
    for order in found.orders:
        if order.is_open and (only is None or order.id in only):
            confirm_order(order.id, confirmed_on=found.expected_on)
