"""Balances in hand: locked rows, and what an entry does to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.errors import Invalid
from app.core.quantities import LARGEST_QUANTITY, plain
from app.stock.errors import InsufficientStock
from app.stock.ledger import statements
from app.stock.ledger.posted import After


class Spot(NamedTuple):
    """The key of a balance, and the order of all locks; lot 0 is none."""

    product_id: int
    location_id: int
    lot_id: int


@dataclass(slots=True, kw_only=True)
class Shelf:
    """A locked balance. `sku` and `code` are what people call the product and the place."""

    id: int
    spot: Spot
    on_hand: Decimal
    reserved: Decimal
    version: int
    sku: str = ""
    code: str = ""
    change: Decimal = field(default=Decimal(0))
    is_counted: bool = False

    def put(self, quantity: Decimal) -> None:
        """Lay goods down.

        Raises:
            Invalid: There would be more than a balance can say.
        """
        if self.on_hand + quantity >= LARGEST_QUANTITY:
            raise Invalid("quantity", f"So much of {self.sku} cannot lie at {self.code}.")
        self.on_hand += quantity
        self.change += quantity

    def take(self, quantity: Decimal) -> None:
        """Take goods away, never those that are promised.

        Raises:
            InsufficientStock: Fewer are available.
        """
        self.refuse_beyond(quantity)
        self.on_hand -= quantity
        self.change -= quantity

    def take_promised(self, quantity: Decimal) -> None:
        """Take goods away together with the promise of them.

        Raises:
            InsufficientStock: Fewer are promised.
        """
        self.unpromise(quantity)
        self.take(quantity)

    def promise(self, quantity: Decimal) -> None:
        """Promise goods that lie here.

        Raises:
            InsufficientStock: Fewer are available.
        """
        self.refuse_beyond(quantity)
        self.reserved += quantity

    def unpromise(self, quantity: Decimal) -> None:
        """Take a promise back.

        Raises:
            InsufficientStock: Fewer are promised.
        """
        if quantity > self.reserved:
            where = f"of {self.sku} are reserved at {self.code}"
            raise InsufficientStock(f"Only {plain(self.reserved)} {where}.")
        self.reserved -= quantity

    def refuse_beyond(self, quantity: Decimal) -> None:
        """Refuse to part with more than is available."""
        available = self.on_hand - self.reserved
        if quantity <= available:
            return
        message = f"Only {plain(available)} of {self.sku} are available at {self.code}"
        if self.reserved:
            message += f": {plain(self.on_hand)} on hand, {plain(self.reserved)} reserved"
        raise InsufficientStock(f"{message}.")

    def after(self) -> After:
        """What the shelf holds now."""
        return After(
            product_id=self.spot.product_id,
            location_id=self.spot.location_id,
            lot_id=self.spot.lot_id or None,
            on_hand=self.on_hand,
            reserved=self.reserved,
            change=self.change,
        )


def lock(spots: Iterable[Spot]) -> dict[Spot, Shelf]:
    """Lock the balances of some spots, in order; those that are missing are made first."""
    wanted = sorted(set(spots))
    if not wanted:
        return {}
    if len(wanted) == 1:  # most often: nothing is held while a missing one is made
        return _locked(wanted) or _made_and_locked(wanted, wanted)
    seen = {Spot._make(row) for row in statements.run(statements.SEEN, _arrays(wanted))}
    missing = [spot for spot in wanted if spot not in seen]
    return _made_and_locked(missing, wanted) if missing else _locked(wanted)


def _made_and_locked(missing: list[Spot], wanted: list[Spot]) -> dict[Spot, Shelf]:
    statements.run(statements.MAKE, _arrays(missing))
    return _locked(wanted)


def _locked(wanted: list[Spot]) -> dict[Spot, Shelf]:
    shelves = {}
    for row in statements.run(statements.LOCK, _arrays(wanted)):
        spot = Spot(row.product_id, row.location_id, row.lot_id)
        shelves[spot] = Shelf(
            id=row.id,
            spot=spot,
            on_hand=row.on_hand,
            reserved=row.reserved,
            version=row.version,
        )
    return shelves


def _arrays(spots: list[Spot]) -> dict[str, Any]:
    products, locations, lots = zip(*spots, strict=True)
    return {"products": [*products], "locations": [*locations], "lots": [*lots]}
