"""All products, level by level: what is wanted of a whole is wanted of its components."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from app.supply.reckoning import THOUSAND
from app.supply.reckoning.horizon import Horizon
from app.supply.reckoning.netting import BUNDLE, COMPONENT, Demand, Item, Netted, Receipt, net


class Circular(Exception):
    """Products are made of each other; `circle` are their ids, the first of them twice."""

    def __init__(self, circle: Sequence[int]) -> None:
        super().__init__(circle)
        self.circle = circle


@dataclass(slots=True, kw_only=True)
class Making:
    """What a product is made of, of which `batch` come at once; a bundle is only taken apart.

    `parts` are ids of components with what one batch takes of each.
    """

    sku: str
    is_bundle: bool
    batch: int
    parts: Sequence[tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class Supplies:
    """All that a plan begins with, by product."""

    items: Mapping[int, Item]
    makings: Mapping[int, Making]
    demands: Mapping[int, Sequence[Demand]]
    receipts: Mapping[int, Sequence[Receipt]]
    dependent: dict[int, list[Demand]] = field(default_factory=lambda: defaultdict(list))


def in_levels(makings: Mapping[int, Making], others: Sequence[int]) -> Iterator[int]:
    """Give all products, each behind all that it goes into.

    Raises:
        Circular: Some are made of each other.
    """
    above: dict[int, set[int]] = {number: set() for number in others}
    for whole, making in makings.items():
        for part, _quantity in making.parts:
            above.setdefault(part, set()).add(whole)
        above.setdefault(whole, set())
    try:
        yield from TopologicalSorter(above).static_order()
    except CycleError as error:
        raise Circular(error.args[1]) from None


def explode(
    supplies: Supplies, horizon: Horizon, *, months_of_excess: int
) -> Iterator[tuple[int, Netted]]:
    """Net each product once, with its own demand and what those above it need of it.

    Of a bundle nothing is ever in stock: what is wanted of it is wanted of its components.
    """
    for number in in_levels(supplies.makings, [*supplies.items]):
        demands = [*supplies.demands.get(number, ()), *supplies.dependent.pop(number, ())]
        receipts, making = supplies.receipts.get(number, ()), supplies.makings.get(number)
        if number not in supplies.items:
            continue
        if making is not None and making.is_bundle:
            _take_apart(number, making, demands, supplies.dependent)
            yield number, _of_bundle(demands, horizon)
            continue
        made = net(
            *(supplies.items[number], demands, receipts, horizon),
            months_of_excess=months_of_excess,
        )
        if making is not None:
            _need_components(number, making, made, supplies.dependent)
        yield number, made


def _of_bundle(demands: Sequence[Demand], horizon: Horizon) -> Netted:
    """Tell what is wanted of a bundle: it needs nothing that its components do not."""
    plenty = Item(sum(one.quantity for one in demands), 0, 0, 0, 1)
    made = net(plenty, demands, (), horizon, months_of_excess=0)
    nothing = [0] * horizon.count
    made.projected, made.planned, made.excess = nothing, nothing, 0
    return made


def _take_apart(
    number: int,
    making: Making,
    demands: Sequence[Demand],
    dependent: Mapping[int, list[Demand]],
) -> None:
    for demand in demands:
        for part, each in making.parts:
            needed = -(-demand.quantity * each // making.batch)
            dependent[part].append(Demand(demand.day, needed, BUNDLE, number, making.sku))


def _need_components(
    number: int, making: Making, made: Netted, dependent: Mapping[int, list[Demand]]
) -> None:
    """Components are wanted on the day on which building begins."""
    for one in made.suggestions:
        for part, each in making.parts:
            needed = -(-one.quantity * each // making.batch)
            dependent[part].append(Demand(one.begin, needed, COMPONENT, number, making.sku))


def whole(quantity: int) -> int:
    """Round thousandths up to whole units."""
    return -(-quantity // THOUSAND) * THOUSAND
