"""What builds and returns do to costs: what goods have cost goes with them."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from app.catalog.costs import CostFigures
from app.core.db import db
from app.core.quantities import MONEY_DECIMALS, half_up
from app.purchasing import queries
from app.purchasing.models import CostEntry, ProductCost
from app.purchasing.services.costing import (
    costs_by_product,
    note_cost,
    on_hand_by_product,
)

ZERO = Decimal(0)


class CostStep(NamedTuple):
    """So much of a product moved by a posting, and what all of it is worth."""

    product_id: int
    quantity: Decimal
    value: Decimal
    posting_id: int


def average_costs(product_ids: Collection[int]) -> dict[int, tuple[Decimal, str]]:
    """Give what one of each product costs on average, and in which currency.

    Where nothing has been received of it, that is the cost that the catalogue knows.
    """
    rows = db.session.execute(queries.average_costs(product_ids))
    return {product_id: (average, currency) for product_id, average, currency in rows}


def cost_figures(product_id: int) -> CostFigures | None:
    """Say what a product has cost, as `app.catalog.costs` asks; None if it never came."""
    found = db.session.scalars(queries.costs_of([product_id])).one_or_none()
    if found is None:
        return None
    on_hand = on_hand_by_product([product_id])[product_id]
    value = half_up(on_hand * found.average, MONEY_DECIMALS)
    return CostFigures(found.last, found.average, value)


def cost_build(made: CostStep) -> None:
    """Let what was built cost what went into it; it is on hand already.

    Average = (on hand x old + value) / (on hand + built).
    """
    cost = costs_by_product([made.product_id])[made.product_id]
    on_hand = on_hand_by_product([made.product_id])[made.product_id] - made.quantity
    average = made.value / made.quantity
    if on_hand > 0 and cost.average > 0:
        average = (on_hand * cost.average + made.value) / (on_hand + made.quantity)
    _note(cost, made, "built", value=made.value, average=average)
    cost.last = half_up(made.value / made.quantity, MONEY_DECIMALS)


def uncost_build(made: CostStep, components: Iterable[CostStep]) -> None:
    """Take what a build did to costs back; its components are on hand again.

    What the average cannot give back, since goods have come or gone at it, is a difference.
    """
    back = _together(components)
    ids = [made.product_id, *(one.product_id for one in back)]
    costs, there = costs_by_product(ids), on_hand_by_product(ids)
    cost, on_hand = costs[made.product_id], there[made.product_id]
    worth = (on_hand + made.quantity) * cost.average
    rest = worth - made.value
    average = rest / on_hand if on_hand > 0 and rest > 0 else cost.average
    gone = made.value - (worth - on_hand * average)
    out = made._replace(quantity=-made.quantity)
    _note(cost, out, "unbuilt", value=-made.value, average=average, difference=gone)
    for one in back:
        cost, before = costs[one.product_id], there[one.product_id] - one.quantity
        average = one.value / one.quantity
        if before > 0 and cost.average > 0:
            average = (before * cost.average + one.value) / (before + one.quantity)
        _note(cost, one, "unbuilt", value=one.value, average=average)


def cost_return(gone: Iterable[CostStep], granted: Mapping[int, Decimal | None]) -> None:
    """Let goods leave for their vendor at what they cost on average: that stays as it is.

    What the vendor credits less is a difference, more is one below zero. `granted` is by
    product, in its currency; None where nobody knows a rate.
    """
    steps = _together(gone)
    costs = costs_by_product([one.product_id for one in steps])
    for one in steps:
        cost, credit = costs[one.product_id], granted.get(one.product_id)
        difference = ZERO if credit is None else one.value - credit
        out = one._replace(quantity=-one.quantity)
        kept = cost.average
        _note(cost, out, "sent_back", value=-one.value, average=kept, difference=difference)


def uncost_return(back: Iterable[CostStep], posting_id: int) -> None:
    """Take a return back: its goods are on hand again, at what they left at.

    `posting_id` is that by which they left.
    """
    steps = _together(back)
    ids = [one.product_id for one in steps]
    costs, there = costs_by_product(ids), on_hand_by_product(ids)
    noted = {one.product_id: one for one in db.session.scalars(queries.entries_of(posting_id))}
    for one in steps:
        cost, before = costs[one.product_id], there[one.product_id] - one.quantity
        average = cost.average
        if cost.average > 0:
            average = one.value / one.quantity
            if before > 0:
                average = (before * cost.average + one.value) / (before + one.quantity)
        gone = noted[one.product_id].difference if one.product_id in noted else ZERO
        _note(cost, one, "taken_back", value=one.value, average=average, difference=-gone)


def _together(steps: Iterable[CostStep]) -> list[CostStep]:
    """One step for each product, whatever bins it was taken from."""
    found: dict[int, CostStep] = {}
    for one in steps:
        before = found.get(one.product_id)
        found[one.product_id] = (
            one._replace(
                quantity=one.quantity + before.quantity, value=one.value + before.value
            )
            if before
            else one
        )
    return [*found.values()]


def _note(
    cost: ProductCost,
    step: CostStep,
    kind: str,
    *,
    value: Decimal,
    average: Decimal,
    difference: Decimal = ZERO,
) -> None:
    entry = CostEntry(
        posting_id=step.posting_id,
        kind=kind,
        quantity=step.quantity,
        value=value,
        difference=difference,
    )
    note_cost(cost, entry, average=average)
