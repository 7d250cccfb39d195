"""Freight, duty and credits of a shipment: they come to all that came with it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.catalog.rules import parse_currency
from app.core.actors import current_actor_id
from app.core.days import today
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.exchange_rates import exchange_rate
from app.documents.errors import NotAllowed
from app.documents.models import rounded
from app.purchasing import queries
from app.purchasing.models import GoodsReceipt, GoodsReceiptLine, InboundShipment, LandedCost
from app.purchasing.services.costing import (
    line_of,
    refuse_nonsense,
    spread_cost,
    unit_price_of,
    weights_of,
)


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
        found = locked_shipment(shipment_id)
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
            spread_over_goods(found, cost)
    return cost


@retried
def drop_shipment_cost(shipment_id: int, cost_id: int) -> InboundShipment:
    """Take a cost away that has not come to any goods.

    Raises:
        NotAllowed: It has been spread.
    """
    with transaction() as session:
        found = locked_shipment(shipment_id)
        cost = session.scalars(queries.cost_of_shipment(shipment_id, cost_id)).one()
        if cost.spread_at is not None:
            advice = "add it once more, less than zero"
            raise NotAllowed(f"{found.number}: this has come to its goods; {advice}.")
        session.delete(cost)
        session.flush()
    return found


def locked_shipment(shipment_id: int) -> InboundShipment:
    """Lock a shipment and give it as it is now."""
    found = locked(queries.shipment(shipment_id), InboundShipment)
    return db.session.scalars(found).one()


def spread_over_goods(found: InboundShipment, cost: LandedCost) -> None:
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
