"""What goods cost follows from what was received, and from what it cost to get them here.

Average = (on hand x old + received x price) / (on hand + received). Of nothing on hand, or
less, no average is taken: the price of the receipt counts.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.catalog.rules import parse_line
from app.core.actors import current_actor_id
from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, half_up
from app.documents.errors import NotAllowed
from app.documents.models import rounded, shares
from app.purchasing import queries
from app.purchasing.models import (
    LANDED,
    SPREADS,
    CostEntry,
    GoodsReceipt,
    GoodsReceiptLine,
    LandedCost,
    ProductCost,
    PurchaseOrder,
)
from app.purchasing.returning import returned_of

ZERO = Decimal(0)


def cost_receipt(receipt: GoodsReceipt, order: PurchaseOrder) -> None:
    """Let what was received change what its products cost, where their currency is known.

    The goods are on hand already. What was ordered in another currency than a product is
    priced in costs what the rate of the day says; where there is none, it changes nothing.
    """
    lines = _costed(receipt, order.currency)
    there = _on_hand(lines)
    costs = _costs(lines)
    for line in reversed(lines):  # on hand before each of them, of several of one product
        there[line.product_id or 0] -= line.quantity
    for line in lines:
        price = unit_price_of(line) * _rate(line, order)
        product_id = line.product_id or 0
        cost, on_hand = costs[product_id], there[product_id]
        old = cost.average or (line.product.cost if line.product else ZERO)
        value = line.quantity * price
        average = price
        if on_hand > 0 and old > 0:
            average = (on_hand * old + value) / (on_hand + line.quantity)
        _note(cost, line, "receipt", value=value, average=average)
        cost.last = half_up(price, MONEY_DECIMALS)
        there[product_id] += line.quantity


def uncost_receipt(receipt: GoodsReceipt, order: PurchaseOrder) -> None:
    """Take what a receipt did to costs back; its goods are not on hand any more.

    What the average cannot give back, since goods have come or gone at it, is a difference.
    """
    lines = _costed(receipt, order.currency)
    there, costs = _on_hand(lines), _costs(lines)
    for line in lines:
        cost, on_hand = costs[line.product_id or 0], there[line.product_id or 0]
        value = sum((one.value for one in _entries(line)), ZERO)
        rest = (on_hand + line.quantity) * cost.average - value
        average = rest / on_hand if on_hand > 0 and rest > 0 else cost.average
        gone = value - ((on_hand + line.quantity) * cost.average - on_hand * average)
        _note(cost, line, "undone", value=-value, average=average, difference=gone)


def add_landed_cost(
    receipt_id: int, *, kind: str, amount: Decimal, spread: str, note: str = ""
) -> LandedCost:
    """Spread freight, duty or a credit over what a receipt brought, to the last cent.

    It raises the average of what is on hand of it still, and is a difference for what has
    gone. Where there is nothing to spread by, it is spread by quantity.

    Raises:
        NotAllowed: The receipt is undone, or brought nothing whose currency is known.
        Invalid: The amount is zero or does not fit, or a word is unknown.
    """
    refuse_nonsense(kind, amount, spread)
    with transaction() as session:
        receipt = session.scalars(locked(queries.receipt(receipt_id), GoodsReceipt)).one()
        if receipt.is_undone:
            raise NotAllowed(f"{receipt.number} is undone: it has cost nothing.")
        order = receipt.order
        is_here = order is not None and not order.is_drop_ship
        lines = _costed(receipt, order.currency) if order and is_here else []
        if order is None or not lines:
            raise NotAllowed(f"{receipt.number} brought nothing whose cost is known.")
        landed = LandedCost(
            receipt_id=receipt.id,
            spread_at=datetime.now(UTC),
            kind=kind,
            spread=spread,
            amount=rounded(amount, order.currency),
            currency=order.currency,
            note=line_of(note),
            actor_id=current_actor_id(),
        )
        session.add(landed)
        session.flush()
        prices = [unit_price_of(line) for line in lines]
        rates = [_rate(line, order) for line in lines]
        spread_cost(landed, lines, weights_of(lines, spread, prices), rates)
    return landed


def unit_price_of(line: GoodsReceiptLine) -> Decimal:
    """What one of the product's own unit was ordered at, exactly."""
    ordered = line.order_line
    return ordered.unit_price / ordered.pack_quantity if ordered else ZERO


def spread_cost(
    landed: LandedCost,
    lines: Sequence[GoodsReceiptLine],
    weights: Sequence[Decimal],
    rates: Sequence[Decimal],
) -> None:
    """Spread a cost over lines by weights; `rates` turn its currency into that of each product.

    It comes to what is on hand of each line still; the rest of it is a difference. What went
    back to the vendor is not on hand, whatever else is.
    """
    there, costs = _on_hand(lines), _costs(lines)
    free, back = dict(there), returned_of([line.id for line in lines])
    parts = shares(landed.amount, weights, landed.currency)
    for line, share, rate in zip(lines, parts, rates, strict=True):
        product_id = line.product_id or 0
        cost, on_hand = costs[product_id], there[product_id]
        left = max(min(line.quantity - back[line.id], free[product_id]), ZERO)
        free[product_id] -= left
        worth = half_up(share * rate, MONEY_DECIMALS)
        value = half_up(worth * left / line.quantity, MONEY_DECIMALS)
        average = max(cost.average + value / on_hand, ZERO) if on_hand > 0 else cost.average
        entry = _note(
            cost, line, "landed", value=value, average=average, difference=worth - value
        )
        entry.landed_id = landed.id


def weights_of(
    lines: Sequence[GoodsReceiptLine], spread: str, prices: Sequence[Decimal]
) -> list[Decimal]:
    """Say by what a cost is spread over lines; `prices` are for one piece of each.

    Where there is nothing to spread by, it is spread by quantity.
    """
    quantities = [line.quantity for line in lines]
    by = {
        "quantity": quantities,
        "value": [line.quantity * price for line, price in zip(lines, prices, strict=True)],
        "weight": [
            line.quantity * ((line.product.weight if line.product else None) or ZERO)
            for line in lines
        ],
    }[spread]
    return by if any(by) else quantities


def _costed(receipt: GoodsReceipt, currency: str) -> list[GoodsReceiptLine]:
    """The lines that were paid for, of products in whose currency the order's is known."""
    return [
        line
        for line in receipt.lines
        if line.is_received and line.rate_from(currency) is not None
    ]


def _rate(line: GoodsReceiptLine, order: PurchaseOrder) -> Decimal:
    """How much of the product's currency one of the order's is worth; of costed lines only."""
    return line.rate_from(order.currency) or ZERO


def uncosted(receipt: GoodsReceipt) -> list[GoodsReceiptLine]:
    """The lines that say nothing of a cost: nobody knew at which rate."""
    order = receipt.order
    if order is None:
        return []
    costed = {line.id for line in _costed(receipt, order.currency)}
    received = (line for line in receipt.lines if line.is_received and line.product)
    return [line for line in received if line.id not in costed]


def _costs(lines: Sequence[GoodsReceiptLine]) -> dict[int, ProductCost]:
    return costs_by_product({line.product_id for line in lines if line.product_id is not None})


def costs_by_product(product_ids: Collection[int]) -> dict[int, ProductCost]:
    """Lock what products cost, in one order; those that are new begin at nothing."""
    ids = sorted({*product_ids})
    found = {
        one.product_id: one
        for one in db.session.scalars(locked(queries.costs_of(ids), ProductCost))
    }
    for product_id in ids:
        if product_id not in found:
            found[product_id] = ProductCost(product_id=product_id, last=ZERO, average=ZERO)
            db.session.add(found[product_id])
    db.session.flush()
    return found


def _on_hand(lines: Sequence[GoodsReceiptLine]) -> dict[int, Decimal]:
    return on_hand_by_product(
        {line.product_id for line in lines if line.product_id is not None}
    )


def on_hand_by_product(product_ids: Collection[int]) -> dict[int, Decimal]:
    """Give how much there is of products, wherever it lies."""
    found = dict(db.session.execute(queries.on_hand_of(product_ids)).all())
    return {product_id: found.get(product_id, ZERO) for product_id in product_ids}


def _entries(line: GoodsReceiptLine) -> list[CostEntry]:
    return [*db.session.scalars(queries.entries_of_lines([line.id]))]


def _note(
    cost: ProductCost,
    line: GoodsReceiptLine,
    kind: str,
    *,
    value: Decimal,
    average: Decimal,
    difference: Decimal = ZERO,
) -> CostEntry:
    quantity = -line.quantity if kind == "undone" else line.quantity
    entry = CostEntry(
        receipt_line_id=line.id,
        kind=kind,
        quantity=quantity,
        value=value,
        difference=difference,
    )
    return note_cost(cost, entry, average=average)


def note_cost(cost: ProductCost, entry: CostEntry, *, average: Decimal) -> CostEntry:
    """Give a product another average cost, and keep, to the cent, what has made it so."""
    entry.product_id = cost.product_id
    entry.value = half_up(entry.value, MONEY_DECIMALS)
    entry.difference = half_up(entry.difference, MONEY_DECIMALS)
    entry.average_before = cost.average
    entry.average_after = cost.average = half_up(average, MONEY_DECIMALS)
    db.session.add(entry)
    db.session.flush()
    return entry


def refuse_nonsense(kind: str, amount: Decimal, spread: str) -> None:
    """Refuse words that are none of ours, and an amount that is nothing.

    Raises:
        Invalid: With the field.
    """
    if kind not in LANDED:
        raise Invalid("kind", "Choose what it is for.")
    if spread not in SPREADS:
        raise Invalid("spread", "Choose how it is spread.")
    if not amount.is_finite() or not 0 < abs(amount) < LARGEST_QUANTITY:
        raise Invalid("amount", "Enter an amount other than zero; a credit is less than zero.")


def line_of(text: str) -> str:
    """Give a note as it is kept.

    Raises:
        Invalid: It holds what is no text.
    """
    try:
        return parse_line(text)
    except ValueError as error:
        raise Invalid("note", str(error)) from error
