"""One product as the books have it and as we ordered and received it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from app.core.currencies import rounded
from app.purchasing.models import PurchaseLine
from app.vendor_bills.models import VendorDocumentLine

ZERO = Decimal(0)
CENT = Decimal("0.01")
NOT_ORDERED, NOT_THERE = "Not ordered", "Not in the books"


class Compared(NamedTuple):
    """One product as both sides have it, in its own unit, and in the currency of the order.

    `ours` is what was ordered, of a bill what has come; `amount_ours` is at our prices: of a
    bill, of so many as are billed. `says` is what differs, as people read it; "" if nothing.
    """

    name: str
    product_id: int | None
    unit: str
    theirs: Decimal | None
    ours: Decimal | None
    returned: Decimal
    amount: Decimal
    amount_ours: Decimal | None
    says: str


@dataclass(frozen=True, eq=False)
class Product:
    """The lines of one product on both sides, at least one of them."""

    theirs: Sequence[VendorDocumentLine]
    ours: Sequence[PurchaseLine]
    is_billed: bool
    returned: Decimal
    currency: str

    @property
    def compared(self) -> Compared:
        """What is shown of it."""
        first = self.ours[0] if self.ours else None
        return Compared(
            name=first.sku or first.description if first else self.theirs[0].item,
            product_id=(first or self.theirs[0]).product_id,
            unit=first.unit if first else "",
            theirs=self.units_theirs,
            ours=self.units_ours if first else None,
            returned=self.returned,
            amount=self.amount,
            amount_ours=self.priced(self.units_priced) if first else None,
            says=self.says,
        )

    @cached_property
    def amount(self) -> Decimal:
        """What it comes to in the books."""
        return sum((line.amount or ZERO for line in self.theirs), ZERO)

    @cached_property
    def units_ours(self) -> Decimal:
        """What was ordered; of a bill, what has come of it."""
        if self.is_billed:
            return sum((line.units_received for line in self.ours), ZERO)
        return sum((line.units_ordered for line in self.ours), ZERO)

    @cached_property
    def units_theirs(self) -> Decimal | None:
        """What the books say, in the product's own unit.

        They do not name theirs: where we buy by the carton, they count those where that fits
        the amount, or else what we have; otherwise single pieces.
        """
        said = [line.quantity for line in self.theirs if line.quantity is not None]
        if not said:
            return None
        counted = sum(said, ZERO)
        packs = dict.fromkeys([Decimal(1), *(line.pack_quantity for line in self.ours)])
        read = [counted * pack for pack in packs]
        by_amount = [units for units in read if self._fits(units)]
        by_units = [units for units in read if units == self.units_ours]
        return [*by_amount, *by_units, *read][0]

    @property
    def units_priced(self) -> Decimal:
        """How many our prices are asked for."""
        return self.units_ours if self.units_theirs is None else self.units_theirs

    def priced(self, units: Decimal) -> Decimal:
        """What so many come to at the prices of our lines, one after the other."""
        left, amount = units, ZERO
        for line in self.ours:
            part = left if line is self.ours[-1] else min(left, line.units_ordered)
            amount += part * line.unit_price / line.pack_quantity
            left -= part
        return rounded(amount, self.currency)

    def _fits(self, units: Decimal) -> bool:
        """Tell whether an amount is that of so many: each line is rounded by itself."""
        lines = max(len(self.theirs), 1)
        return abs(self.priced(units) - self.amount) <= CENT * lines

    @property
    def says(self) -> str:
        """What differs; nothing, if both sides agree."""
        if not self.ours:
            return NOT_ORDERED
        if not self.theirs:
            return "" if self.is_billed else NOT_THERE
        return ", ".join(filter(None, (self._says_units, self._says_amount))).capitalize()

    @property
    def _says_units(self) -> str:
        units = self.units_theirs
        if units is None:
            return "no quantity"
        if self.is_billed:
            return "more billed than has come" if units > self.units_ours else ""
        return "another quantity" if units != self.units_ours else ""

    @property
    def _says_amount(self) -> str:
        return "" if self._fits(self.units_priced) else "another price"


def compared_others(
    theirs: Sequence[VendorDocumentLine], ours: Sequence[PurchaseLine], *, is_billed: bool
) -> list[Compared]:
    """Compare what is about no product of ours, such as freight, by what it comes to."""
    there = sum((line.amount or ZERO for line in theirs), ZERO)
    here = sum((line.total for line in ours), ZERO)
    is_same = abs(there - here) <= CENT
    rows = [
        _other(line.item or line.description, line.quantity, None, line.amount, None,
               "" if is_same else NOT_ORDERED)
        for line in theirs
    ]  # fmt: skip
    missing = "" if is_same or is_billed else NOT_THERE
    rows += [
        _other(
            line.description or line.sku, None, line.units_ordered, None, line.total, missing
        )
        for line in ours
    ]
    return rows


def _other(
    name: str,
    theirs: Decimal | None,
    ours: Decimal | None,
    amount: Decimal | None,
    amount_ours: Decimal | None,
    says: str,
) -> Compared:
    return Compared(name, None, "", theirs, ours, ZERO, amount or ZERO, amount_ours, says)
