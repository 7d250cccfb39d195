"""What is missing for something is bought: one draft for each vendor, never a piece twice."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from app.catalog.models import Vendor, VendorPart
from app.core.db import db, transaction
from app.core.quantities import grouped
from app.purchasing import queries
from app.purchasing.services.reordering import ONE_AT_A_TIME, by_id, draft_needs

ZERO, ONE = Decimal(0), Decimal(1)


class Instead(NamedTuple):
    """So much of another product that is there, and may be taken for the one wanted."""

    product_id: int
    sku: str
    quantity: Decimal


class Wanted(NamedTuple):
    """So much of a product: `owed` waits in orders already, `planned` comes on top of that.

    What is taken `instead` is no part of either.
    """

    owed: Decimal = ZERO
    planned: Decimal = ZERO
    instead: tuple[Instead, ...] = ()

    @property
    def in_all(self) -> Decimal:
        """What is needed, however it is come by."""
        return sum((one.quantity for one in self.instead), self.owed + self.planned)


class Shortage(NamedTuple):
    """What is missing of a product, with all that says why, in its own unit."""

    product_id: int
    sku: str
    name: str
    unit: str
    needed: Decimal
    available: Decimal
    incoming: Decimal
    drafted: Decimal
    backordered: Decimal
    short: Decimal
    suggested: Decimal
    vendor_id: int | None
    vendor: str
    part: VendorPart | None
    instead: tuple[Instead, ...] = ()

    @property
    def why(self) -> str:
        """Say what it is held against, and what is left to buy."""
        sums = [f"{grouped(self.needed)} needed", f"{grouped(self.available)} available"]
        for quantity, words in (
            (self.incoming, "incoming"),
            (self.drafted, "in drafts"),
            (self.backordered, "on backorder in all"),
        ):
            sums += [f"{grouped(quantity)} {words}"] if quantity else []
        sums += [f"{grouped(one.quantity)} of {one.sku} instead" for one in self.instead]
        rest = f"{grouped(self.short)} short" if self.short else "nothing to buy"
        more = "" if self.suggested == self.short else f", so {grouped(self.suggested)}"
        return f"{', '.join(sums)}: {rest}{more}."


def shortages_of(wanted: Mapping[int, Wanted]) -> list[Shortage]:
    """Say what is missing of products: what is there, on its way or drafted is not missing.

    Of what is owed no more is missing than all orders together are short of.
    """
    rows = db.session.execute(queries.standing_of([*wanted])).all()
    vendors = by_id(Vendor, {row.vendor_id for row in rows})
    parts = by_id(VendorPart, {row.part_id for row in rows})
    found = []
    for row in rows:
        short = _short(wanted[row.product_id], row)
        found.append(
            Shortage(
                **{n: getattr(row, n) for n in Shortage._fields if hasattr(row, n)},
                needed=wanted[row.product_id].in_all,
                instead=wanted[row.product_id].instead,
                short=short,
                suggested=_rounded(short, row),
                vendor=vendors[row.vendor_id].name if row.vendor_id else "",
                part=parts.get(row.part_id),
            )
        )
    return found


def draft_missing(
    wanted: Callable[[], Mapping[int, Wanted]], *, warehouse_id: int | None = None
) -> Mapping[str, Any]:
    """Draft orders of what is missing, one for each vendor; asked twice, it is drafted once.

    `wanted` says what is needed, once nobody else is drafting. Gives the numbers of the
    orders, and what is in none of them, and why.
    """
    with transaction() as session:
        session.execute(ONE_AT_A_TIME)
        groups: dict[int, list[Shortage]] = defaultdict(list)
        refused: dict[int, str] = {}
        shortages = {one.product_id: one for one in shortages_of(wanted()) if one.short > 0}
        for one in shortages.values():
            if one.vendor_id is None:
                refused[one.product_id] = "No vendor is known: name its supplier."
            else:
                groups[one.vendor_id].append(one)
        orders = [
            order
            for vendor_id, some in groups.items()
            if (order := draft_needs(vendor_id, warehouse_id, some, refused))
        ]
    return {
        "orders": [order.number for order in orders],
        "errors": [
            {"record": shortages[number].sku, "reason": reason}
            for number, reason in refused.items()
        ],
    }


def _short(wanted: Wanted, row: Any) -> Decimal:
    coming = row.available + row.incoming + row.drafted
    of_orders = max(row.backordered - coming, ZERO)
    left = max(coming - row.backordered, ZERO)
    return min(wanted.owed, of_orders) + max(wanted.planned - left, ZERO)


def _rounded(short: Decimal, row: Any) -> Decimal:
    """Round up to the vendor's minimum and to their multiple."""
    if short <= 0:
        return ZERO
    step: Decimal = row.step or ONE
    least = max(short, row.minimum_quantity or ZERO)
    return (least / step).to_integral_value(ROUND_CEILING) * step
