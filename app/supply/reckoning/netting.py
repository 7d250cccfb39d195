"""One product through the months: what is wanted of it, what there is, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from app.supply.reckoning.horizon import Horizon
from app.supply.reckoning.pegging import Peg, peg

ORDER, FORECAST, COMPONENT, BUNDLE, SAFETY = (
    *("order", "forecast", "component", "bundle"),
    "safety",
)
DEPENDENT = (COMPONENT, BUNDLE)
LITTLE = 7  # days: for fewer, nobody is asked to have something sooner


class Demand(NamedTuple):
    """So much is wanted on a day; `number` and `document` say for what: see `Peg`."""

    day: int
    quantity: int
    kind: str
    number: int = 0
    document: str = ""


class Receipt(NamedTuple):
    """So much comes on a day; of what should have come before, `is_late` is true."""

    day: int
    quantity: int
    document: str
    href: str
    is_late: bool = False
    said: str = ""  # the day for which it was promised, of what is late


class Item(NamedTuple):
    """What is known of a product before anything is reckoned.

    `lead` is in days; `minimum` and `step` say what quantities it comes in, `most` how much
    of it there should be at most, where that is known.
    """

    on_hand: int
    safety: int
    lead: int
    minimum: int
    step: int
    most: int | None = None


@dataclass(slots=True)
class Suggestion:
    """So much is to be bought or built, so that it is there on day `due`.

    It is begun on day `begin`, never before the first; so it comes on day `arrives`, which is
    later than `due` inside of the lead time. `left` is what there was at the start of its
    month, without the safety stock, `short` what is missing in it.
    """

    month: int
    due: int
    begin: int
    arrives: int
    left: int
    short: int
    quantity: int
    pegs: Sequence[Peg] = ()

    @property
    def is_late(self) -> bool:
        """Tell whether it cannot be there when it is wanted."""
        return self.arrives > self.due


class Pull(NamedTuple):
    """What comes, and is wanted sooner."""

    receipt: Receipt
    wanted: int  # the day


@dataclass(slots=True)
class Netted:
    """What became of a product: figures by month, suggestions, and what is wrong."""

    ordered: list[int]
    forecast: list[int]
    dependent: list[int]
    incoming: list[int]
    suggested: list[int]
    projected: list[int]  # at the end of each month, if nothing is bought or built,
    planned: list[int]  # and if all suggestions are followed
    suggestions: list[Suggestion] = field(default_factory=list)
    pulls: list[Pull] = field(default_factory=list)
    out_on: int | None = None  # the first day on which something is missing all the same,
    out_quantity: int = 0  # and how much at most
    excess: int = 0  # what is there at the end beyond what should be


def lot(short: int, item: Item) -> int:
    """Give what is bought or built where so much is missing: nothing is where nothing is.

    Raised to the minimum, then rounded up to the multiple.
    """
    if short <= 0:
        return 0
    return -(-max(short, item.minimum) // item.step) * item.step


def net(
    item: Item,
    demands: Sequence[Demand],
    receipts: Sequence[Receipt],
    horizon: Horizon,
    *,
    months_of_excess: int,
) -> Netted:
    """Go through the months, and suggest what is missing in each, once a month at most.

    Safety stock is wanted once, on the first day on which goods could be there; until then it
    may be used up. What comes anyway, and no later than what would be ordered now or a few
    days after it is wanted, is to come sooner: nothing is ordered beside it.
    """
    wanted = sorted([*demands, *_safety(item, horizon)])
    coming = sorted(one for one in receipts if one.day < horizon.days)
    netting = _Netting(item, horizon, wanted, coming)
    netting.run()
    made = netting.told()
    _peg(item, wanted, netting)
    _find_out(made, item, netting)
    made.excess = _excess(made, item, months_of_excess)
    return made


def _safety(item: Item, horizon: Horizon) -> list[Demand]:
    if not item.safety:
        return []
    return [Demand(min(item.lead, horizon.days - 1), item.safety, SAFETY)]


class _Netting:
    """What comes and what is wanted day by day, while months are gone through."""

    def __init__(
        self,
        item: Item,
        horizon: Horizon,
        wanted: Sequence[Demand],
        coming: Sequence[Receipt],
    ) -> None:
        self.item, self.horizon = item, horizon
        self.wanted, self.coming = wanted, coming
        self.change = [0] * horizon.days
        for demand in wanted:
            self.change[demand.day] -= demand.quantity
        for receipt in coming:
            self.change[receipt.day] += receipt.quantity
        self.suggestions: list[Suggestion] = []
        self.moved: dict[int, int] = {}  # places of receipts, and the days they are wanted on

    def run(self) -> None:
        """Go through the months."""
        balance = self.item.on_hand
        for month, (begin, end) in enumerate(self.horizon.spans):
            while True:
                course = [*accumulate(self.change[begin:end], initial=balance)][1:]
                worst = min(course)
                if worst >= 0:
                    break
                day = begin + next(place for place, left in enumerate(course) if left < 0)
                if not self._pull(day):
                    self._suggest(month, day, left=balance, short=-worst)
            balance = course[-1]

    def _pull(self, day: int) -> bool:
        """Let what comes anyway serve what is wanted on a day, if it is the next best."""
        reach = max(day + LITTLE, self.item.lead)
        for place, receipt in enumerate(self.coming):
            if place not in self.moved and day < receipt.day <= reach:
                self.moved[place] = day
                self.change[receipt.day] -= receipt.quantity
                self.change[day] += receipt.quantity
                return True
        return False

    def _suggest(self, month: int, day: int, *, left: int, short: int) -> None:
        begin = max(0, day - self.item.lead)
        quantity = lot(short, self.item)
        arrives = max(day, self.item.lead)
        made = Suggestion(month, day, begin, arrives, left, short, quantity)
        self.suggestions.append(made)
        self.change[day] += quantity

    def told(self) -> Netted:
        """Add up by month what comes, what is wanted, and what is left."""
        incoming = self._by_month((one.day, one.quantity) for one in self.coming)
        suggested = self._by_month((one.arrives, one.quantity) for one in self.suggestions)
        ordered, forecast, dependent = (
            self._by_month((one.day, one.quantity) for one in self.wanted if one.kind in kinds)
            for kinds in ((ORDER,), (FORECAST,), DEPENDENT)
        )
        out = [sum(parts) for parts in zip(ordered, forecast, dependent, strict=True)]
        change = [come - gone for come, gone in zip(incoming, out, strict=True)]
        projected = [*accumulate(change, initial=self.item.on_hand)][1:]
        planned = [
            left + more for left, more in zip(projected, accumulate(suggested), strict=True)
        ]
        pulls = [
            Pull(self.coming[place], day)
            for place, day in self.moved.items()
            if self.coming[place].day - day > LITTLE
        ]
        return Netted(
            *(ordered, forecast, dependent, incoming, suggested, projected, planned),
            suggestions=self.suggestions,
            pulls=pulls,
        )

    def _by_month(self, quantities: Iterable[tuple[int, int]]) -> list[int]:
        """Add up what is said of days; what lies behind the last is in none of the months."""
        days = [0] * self.horizon.days
        for day, quantity in quantities:
            if day < self.horizon.days:
                days[day] += quantity
        return [sum(days[begin:end]) for begin, end in self.horizon.spans]

    def supplies(self) -> list[tuple[int, int, Suggestion | None]]:
        """What serves demand, by the day from which it does; the first come first."""
        coming = [
            (self.moved.get(place, one.day), one.quantity, None)
            for place, one in enumerate(self.coming)
        ]
        made = [(one.due, one.quantity, one) for one in self.suggestions]
        return sorted([*coming, *made], key=lambda one: one[0])


def _peg(item: Item, wanted: Sequence[Demand], netting: _Netting) -> None:
    """Say of each suggestion which demand it serves."""
    if not netting.suggestions:
        return
    supplies = [(item.on_hand, None), *((n, made) for _day, n, made in netting.supplies())]
    served = peg([one[1:] for one in wanted], [quantity for quantity, _made in supplies])
    for (_quantity, made), pegs in zip(supplies, served, strict=True):
        if made is not None:
            made.pegs = pegs


def _find_out(made: Netted, item: Item, netting: _Netting) -> None:
    """Find the first day on which stock runs out although everything is done."""
    change = [0] * netting.horizon.days
    for demand in netting.wanted:
        if demand.kind != SAFETY:
            change[demand.day] -= demand.quantity
    for receipt in netting.coming:
        change[receipt.day] += receipt.quantity
    for one in made.suggestions:
        if one.arrives < len(change):
            change[one.arrives] += one.quantity
    course = [*accumulate(change, initial=item.on_hand)][1:]
    if (worst := min(course)) < 0:
        made.out_on = next(day for day, left in enumerate(course) if left < 0)
        made.out_quantity = -worst


def _excess(made: Netted, item: Item, months: int) -> int:
    """Give what is left at the end, without any purchase, beyond what should be there.

    That is the maximum, else the safety stock and the demand of some months on average.
    """
    out = sum(made.ordered) + sum(made.forecast) + sum(made.dependent)
    usual = item.safety + out * months // len(made.projected)
    return max(0, made.projected[-1] - (item.most if item.most is not None else usual))
