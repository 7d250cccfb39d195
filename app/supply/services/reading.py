"""Reads what a plan is made of: stock, orders, forecasts, what comes, what is in what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.catalog.models import BUNDLE
from app.planning.services.consensus import consensus_of
from app.supply.models import SupplyPlan
from app.supply.queries import inputs
from app.supply.reckoning import THOUSAND
from app.supply.reckoning.consuming import Bucket, rest_of_forecast
from app.supply.reckoning.explosion import Making, Supplies, whole
from app.supply.reckoning.horizon import Horizon
from app.supply.reckoning.netting import FORECAST, ORDER, Demand, Item, Receipt


class Known(NamedTuple):
    """What is told of a product, and nothing is reckoned with."""

    sku: str
    source: str
    vendor_id: int | None
    has_lead_time: bool


@dataclass(slots=True, kw_only=True)
class Inputs:
    """All that a plan is made of."""

    supplies: Supplies
    known: Mapping[int, Known]
    uncovered: Sequence[date]  # months that no cycle forecasts
    blanks: int  # cells without a figure


def read_inputs(session: Session, plan: SupplyPlan, horizon: Horizon) -> Inputs:
    """Read everything, in a dozen queries. What nothing is known or wanted of is left out."""
    forecast, covered, blanks = _forecast(session, plan, horizon)
    orders = session.execute(inputs.open_orders()).all()
    taken = _taken(session, orders, horizon)
    rest = rest_of_forecast(forecast, taken, by_customer=plan.netting == "customer")
    demands = _demands(orders, rest, horizon)
    products = session.execute(inputs.products()).all()
    parts = _parts(session)
    receipts = _receipts(session, {one.id: one for one in products}, horizon)
    stock = {one.product_id: one.quantity for one in session.execute(inputs.usable_stock())}
    wanted = _wanted(products, [*demands, *receipts], parts)
    shown = [one for one in products if one.id in wanted]
    makings = {
        one.id: Making(
            sku=one.sku, is_bundle=one.kind == BUNDLE, batch=one.batch, parts=parts[one.id]
        )
        for one in shown
        if one.id in parts
    }
    supplies = Supplies(
        items={one.id: _item(one, stock.get(one.id, 0), makings) for one in shown},
        makings=makings,
        demands=demands,
        receipts=receipts,
    )
    months = [month for month in horizon.months if month not in covered]
    known = {one.id: _known(one, makings) for one in shown}
    return Inputs(supplies=supplies, known=known, uncovered=months, blanks=blanks)


def _forecast(
    session: Session, plan: SupplyPlan, horizon: Horizon
) -> tuple[Mapping[Bucket, int], set[date], int]:
    """Give what is forecast, the months that a cycle forecasts, and the cells left blank.

    Of each month the newest cycle counts, up to that of the plan.
    """
    forecast: dict[Bucket, int] = defaultdict(int)
    covered: set[date] = set()
    blanks = 0
    first = horizon.months[0]
    for cycle in session.scalars(inputs.cycles_until(plan.cycle.month, first=first)).all():
        months = {
            place: horizon.month_of(month)
            for place, month in enumerate(cycle.horizon)
            if month in horizon.months and month not in covered
        }
        covered |= {cycle.horizon[place] for place in months}
        if not months:
            continue
        for row in consensus_of(cycle):
            for place, month in months.items():
                quantity = row.quantities[place] if place < len(row.quantities) else None
                if quantity is None:
                    blanks += 1
                elif quantity:
                    bucket = Bucket(row.product_id, row.customer_id, month)
                    forecast[bucket] += int(quantity * THOUSAND)
    return forecast, covered, blanks


def _taken(
    session: Session, orders: Iterable[Row[Any]], horizon: Horizon
) -> Mapping[Bucket, int]:
    """Give what has consumed the forecast: open orders by the month of their day, and sales.

    What leaves for a bundle consumes nothing: the bundle does. What should have gone in a
    month before consumes nothing either: the forecast of that month is over.
    """
    taken: dict[Bucket, int] = defaultdict(int)
    for one in orders:
        month = horizon.month_of(one.day)
        if not one.is_part and 0 <= month < horizon.count:
            taken[Bucket(one.product_id, one.customer_id, month)] += one.quantity
    for one in session.execute(inputs.sold_since(horizon.months[0])):
        taken[Bucket(one.product_id, one.customer_id, 0)] += one.quantity
    return taken


def _demands(
    orders: Iterable[Row[Any]], rest: Mapping[tuple[int, int], int], horizon: Horizon
) -> dict[int, list[Demand]]:
    """Give what is wanted by product: open orders, what is late at once, and what is forecast.

    Of a bundle that is ordered its components are, each with a line of its own.
    """
    demands: dict[int, list[Demand]] = defaultdict(list)
    for one in orders:
        day = max(0, horizon.day_of(one.day))
        if not one.is_bundle and day < horizon.days:
            demands[one.product_id].append(
                Demand(day, one.quantity, ORDER, one.order_id, one.number)
            )
    for (product_id, month), quantity in rest.items():
        said = horizon.months[month].isoformat()
        demands[product_id] += [
            Demand(day, part, FORECAST, 0, said)
            for day, part in horizon.spread(quantity, month)
        ]
    return demands


def _receipts(
    session: Session, products: Mapping[int, Row[Any]], horizon: Horizon
) -> dict[int, list[Receipt]]:
    """Give what comes by product: what is late counts at once, drafts after the lead time.

    What nobody has said a day of is reckoned with after the lead time, too.
    """
    receipts: dict[int, list[Receipt]] = defaultdict(list)
    for one in session.execute(inputs.receipts()):
        lead = _lead(products[one.product_id])
        day = lead if one.due_on is None else horizon.day_of(one.due_on)
        is_late = day < 0 and not one.is_draft
        if day < 0:
            day = lead if one.is_draft else 0
        said = one.due_on.isoformat() if is_late else ""
        receipts[one.product_id].append(
            Receipt(day, one.quantity, one.document, one.href, is_late, said)
        )
    return receipts


def _parts(session: Session) -> dict[int, list[tuple[int, int]]]:
    parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in session.execute(inputs.components()):
        parts[one.product_id].append((one.component_id, one.each))
    return parts


def _wanted(
    products: Iterable[Row[Any]],
    named: Iterable[int],
    parts: Mapping[int, Sequence[tuple[int, int]]],
) -> set[int]:
    """Give products of which something is wanted, comes or is kept, and all their parts."""
    wanted = {*named, *(one.id for one in products if one.safety)}
    below = list(wanted)
    while below:
        for part, _each in parts.get(below.pop(), ()):
            if part not in wanted:
                wanted.add(part)
                below.append(part)
    return wanted


def _lead(product: Row[Any]) -> int:
    """Give the lead time in days: the vendor's, else its own; what nobody knows is none."""
    return max(0, product.days if product.days is not None else product.own_days or 0)


def _item(product: Row[Any], on_hand: int, makings: Mapping[int, Making]) -> Item:
    is_built = product.id in makings
    return Item(
        on_hand=on_hand,
        safety=product.safety,
        lead=(product.own_days or 0) if is_built else _lead(product),
        minimum=0 if is_built else product.minimum,
        step=whole(product.batch) if is_built else product.step,
        most=product.most,
    )


def _known(product: Row[Any], makings: Mapping[int, Making]) -> Known:
    making = makings.get(product.id)
    if making is not None:
        has_lead_time = product.own_days is not None
        return Known(
            product.sku, "bundle" if making.is_bundle else "build", None, has_lead_time
        )
    has_lead_time = product.days is not None or product.own_days is not None
    return Known(product.sku, "buy", product.vendor_id, has_lead_time)
