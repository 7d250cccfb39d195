"""Shipments on their way to us, with goods of several purchase orders, and what they cost."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.catalog.rules import Rule, parse_currency, parse_line, parse_text
from app.core.actors import current_actor_id
from app.core.checks import checked
from app.core.days import today
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.exchange_rates import exchange_rate
from app.documents.errors import NotAllowed
from app.documents.models import rounded
from app.purchasing import queries
from app.purchasing.models import (
    SHIPMENT_STATES,
    GoodsReceipt,
    GoodsReceiptLine,
    InboundShipment,
    LandedCost,
    PurchaseOrder,
)
from app.purchasing.services.costing import (
    line_of,
    refuse_nonsense,
    spread_cost,
    unit_price_of,
    weights_of,
)
from app.purchasing.services.sending import confirm_order

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
        found = _locked(shipment_id)
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
        found = _locked(shipment_id)
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
        found, day = _locked(shipment_id), arrived_on or today()
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
            _spread(found, cost)
    return found


@retried
def reopen_shipment(shipment_id: int) -> InboundShipment:
    """Take an arrival back, as long as no cost was spread over what came.

    Raises:
        NotAllowed: It has not arrived, or its costs have come to its goods.
    """
    with transaction() as session:
        found = _locked(shipment_id)
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
        found = _locked(shipment_id)
        if session.scalars(queries.costs_of_shipment(found.id)).first() is not None:
            raise NotAllowed(f"{found.number} has costs: take them away first.")
        _move(found, "cancelled")
    return found


@retried
def add_shipment_cost(
    shipment_id: int, *, kind: str, amount: Decimal, currency: str, spread: str, note: str = ""
) -> LandedCost:
    """Note freight, duty or a credit for all that comes with a shipment.

    It waits until the shipment has arrived; of one that has, it is spread at once, to the last
    cent: it raises the average of what is on hand still, and is a difference for the rest.

    Raises:
        NotAllowed: The shipment is cancelled, or nothing came with it.
        Invalid: The amount is zero or does not fit, a word is unknown, or a rate is.
    """
    refuse_nonsense(kind, amount, spread)
    try:
        currency = parse_currency(currency)
    except ValueError as error:
        raise Invalid("currency", str(error)) from error
    with transaction() as session:
        found = _locked(shipment_id)
        if found.status == "cancelled":
            raise NotAllowed(f"{found.number} is cancelled: it costs nothing.")
        cost = LandedCost(
            shipment_id=found.id,
            kind=kind,
            spread=spread,
            amount=rounded(amount, currency),
            currency=currency,
            note=line_of(note),
            actor_id=current_actor_id(),
        )
        session.add(cost)
        session.flush()
        if found.status == "arrived":
            _spread(found, cost)
    return cost


@retried
def drop_shipment_cost(shipment_id: int, cost_id: int) -> InboundShipment:
    """Take a cost away that has not come to any goods.

    Raises:
        NotAllowed: It has been spread.
    """
    with transaction() as session:
        found = _locked(shipment_id)
        cost = session.scalars(queries.cost_of_shipment(shipment_id, cost_id)).one()
        if cost.spread_at is not None:
            advice = "add it once more, less than zero"
            raise NotAllowed(f"{found.number}: this has come to its goods; {advice}.")
        session.delete(cost)
        session.flush()
    return found


def _locked(shipment_id: int) -> InboundShipment:
    found = locked(queries.shipment(shipment_id), InboundShipment)
    return db.session.scalars(found).one()


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


def _spread(found: InboundShipment, cost: LandedCost) -> None:
    """Spread a cost over all lines that came with a shipment."""
    receipts = db.session.scalars(queries.receipts_with(found.id)).all()
    lines = [
        line
        for receipt in receipts
        if not receipt.is_undone
        for line in receipt.lines
        if line.is_received and line.product is not None
    ]
    if not lines:
        raise NotAllowed(f"Nothing came with {found.number}: nothing can bear its costs.")
    rates = [_rate(cost.currency, line.product.currency) for line in lines if line.product]
    spread_cost(cost, lines, _weights(cost, lines, receipts), rates)
    cost.spread_at = datetime.now(UTC)
    db.session.flush()


def _weights(
    cost: LandedCost, lines: Sequence[GoodsReceiptLine], receipts: Sequence[GoodsReceipt]
) -> list[Decimal]:
    """By what it is spread; values in its own currency, whatever the orders are in."""
    currencies = {one.id: one.order.currency for one in receipts if one.order}
    prices = [Decimal(0)] * len(lines)
    if cost.spread == "value":
        prices = [
            unit_price_of(line) * _rate(currencies[line.receipt_id], cost.currency)
            for line in lines
        ]
    return weights_of(lines, cost.spread, prices)


def _rate(given: str, wanted: str) -> Decimal:
    rate = exchange_rate(given, wanted, today())
    if rate is None:
        raise Invalid("currency", f"No rate of {given} to {wanted} is known.")
    return rate
