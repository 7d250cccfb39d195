"""What of a delivery falls on which line of its order, and what is too much."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from app.core.errors import Invalid
from app.core.quantities import QUANTITY_DECIMALS, plain
from app.core.settings import setting
from app.purchasing.models import RECEIVED, PurchaseLine, PurchaseOrder
from app.stock.ledger.lines import refuse_inexact
from app.stock.services import NO_LOT, LotDraft

ZERO, HUNDRED = Decimal(0), Decimal(100)
ASIDE = "aside"  # what somebody puts aside whatever it is: nothing of it is received
EXACT = Decimal(1).scaleb(-QUANTITY_DECIMALS)


class ReceivedItem(NamedTuple):
    """So much of one thing that has come, in the product's own unit.

    It is named by its line, by its product, or, where nobody knows what it is, by a code.
    """

    quantity: Decimal
    line_id: int | None = None
    product_id: int | None = None
    code: str = ""
    condition: str = "good"
    location_id: int | None = None
    lot: LotDraft = NO_LOT  # of what is tracked; of several pieces, all their serial numbers


class Share(NamedTuple):
    """A part of an item: the line that it counts for, and the condition that it is in."""

    item: ReceivedItem
    quantity: Decimal
    condition: str
    line: PurchaseLine | None = None

    @property
    def product_id(self) -> int | None:
        """What it is a product of; None of a free line, and of what nobody knows."""
        return self.line.product_id if self.line else self.item.product_id


class Tolerance:
    """How much more than was ordered of a line is taken in, over all of its deliveries.

    It is exact: of 100, a tolerance of zero lets 100 in, and not 100.002.
    """

    def __init__(self) -> None:
        self.percent = Decimal(setting("receipt_tolerance"))
        self._shared: dict[PurchaseLine, Decimal] = defaultdict(lambda: ZERO)

    def room(self, line: PurchaseLine, *, is_strict: bool) -> Decimal:
        """Give what still fits into a line; with `is_strict` no more than was ordered."""
        more = ZERO if is_strict else self.percent
        most = (line.units_wanted * (HUNDRED + more) / HUNDRED).quantize(EXACT, ROUND_FLOOR)
        return max(most - line.units_received - self._shared[line], ZERO)

    def share(self, line: PurchaseLine, quantity: Decimal) -> None:
        """Note that so much of this delivery falls on a line."""
        self._shared[line] += quantity

    def refusal(self, line: PurchaseLine, quantity: Decimal) -> Invalid:
        """Say why so much does not fit."""
        most = self.room(line, is_strict=False) + quantity
        said = [f"ordered {plain(line.units_wanted)}"]
        if line.units_received:
            said.append(f"received {plain(line.units_received)} before")
        if self.percent:
            said.append(f"{plain(self.percent)} % more is taken in")
        return Invalid(
            "quantities",
            f"Of {line.sku}, at most {plain(most)} can be received: {', '.join(said)}. "
            "Put what is too much aside.",
        )


def share_out(
    order: PurchaseOrder, items: Iterable[ReceivedItem], *, takes_excess: bool
) -> list[Share]:
    """Say of each item on which lines it falls, and what of it is put aside.

    What names a product falls on its lines one after the other, the one that is due first
    before the others; what none of them takes is too much of the last one.

    Raises:
        Invalid: More has come than is taken in, and nobody has said that it is put aside; or
            a line is another order's, or a quantity is none.
    """
    tolerance, shares = Tolerance(), list[Share]()
    for item in items:
        refuse_nonsense(item)
        if not item.quantity:
            continue
        lines = _lines(order, item)
        if not lines:
            shares.append(Share(item, item.quantity, unclaimed(item)))
            continue
        if item.condition == ASIDE:
            shares.append(Share(item, item.quantity, "excess", lines[-1]))
            continue
        fitting = _fitting(item.quantity, lines, tolerance)
        come = sum(fitting.values(), ZERO)
        shares += [Share(item, part, item.condition, line) for line, part in fitting.items()]
        if (rest := item.quantity - come) and not takes_excess:
            raise tolerance.refusal(lines[-1], come)
        if rest:
            shares.append(Share(item, rest, "excess", lines[-1]))
    return shares


def unclaimed(item: ReceivedItem) -> str:
    """The condition of what nobody has ordered: a product of ours, or nobody knows what."""
    return "unknown" if item.product_id is None else "unordered"


def refuse_nonsense(item: ReceivedItem) -> None:
    """Refuse what cannot have come.

    Raises:
        Invalid: The quantity does not fit, or the condition is none.
    """
    refuse_inexact("quantities", item.quantity)
    if item.quantity < 0:
        raise Invalid("quantities", "Enter quantities of zero or more.")
    if item.condition not in (*RECEIVED, ASIDE):
        raise Invalid("condition", "What comes is good or damaged.")


def _fitting(
    rest: Decimal, lines: list[PurchaseLine], tolerance: Tolerance
) -> dict[PurchaseLine, Decimal]:
    """Give what lines take in: first what was ordered of each, then what may be more."""
    parts: dict[PurchaseLine, Decimal] = {}
    for line, is_strict in [*((one, True) for one in lines), *((one, False) for one in lines)]:
        if part := min(rest, tolerance.room(line, is_strict=is_strict)):
            parts[line] = parts.get(line, ZERO) + part
            tolerance.share(line, part)
            rest -= part
    return parts


def _lines(order: PurchaseOrder, item: ReceivedItem) -> list[PurchaseLine]:
    """The lines that an item may fall on; none of what nobody has ordered."""
    if item.line_id is not None:
        found = [line for line in order.lines if line.id == item.line_id]
        if not found:
            raise Invalid("quantities", f"{order.number} has no such line.")
        return found
    if item.product_id is None:
        return []
    same = [line for line in order.lines if line.product_id == item.product_id]
    return sorted(same, key=lambda line: (line.due_on or date.max, line.position))
