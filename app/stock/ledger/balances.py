"""Balances in hand: locked rows, and what an entry does to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.errors import Invalid
from app.core.quantities import LARGEST_QUANTITY, plain
from app.stock.errors import InsufficientStock
from app.stock.ledger import statements
from app.stock.ledger.posted import PostedBalance


class BalanceKey(NamedTuple):
    """The key of a balance, and the order of all locks; lot 0 is none."""

    product_id: int
    location_id: int
    lot_id: int


@dataclass(slots=True, kw_only=True)
class LockedBalance:
    """A locked balance. `sku` and `code` are what people call the product and the place."""

    id: int
    key: BalanceKey
    on_hand: Decimal
    reserved: Decimal
    version: int
    sku: str = ""
    code: str = ""
    change: Decimal = field(default=Decimal(0))
    is_counted: bool = False
    was_doubted: bool = False
    is_unavailable: bool = False  # nothing that lies here is available, counted or not
    is_withheld: bool = False  # its lot is blocked, or expires too soon

    @property
    def is_doubted(self) -> bool:
        """Tell whether it is doubted still: a count ends that, and so does the last piece.

        What is put aside or on its way is doubted as long as it lies there.
        """
        is_left = self.was_doubted and not self.is_counted
        return self.on_hand > 0 and (self.is_unavailable or is_left)

    @property
    def available(self) -> Decimal:
        """What may still be reserved."""
        is_kept = self.is_doubted or self.is_withheld
        return Decimal(0) if is_kept else self.on_hand - self.reserved

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
        """Take goods away, never those that are reserved.

        Raises:
            InsufficientStock: Fewer are available.
        """
        self.refuse_beyond(quantity)
        self.on_hand -= quantity
        self.change -= quantity

    def take_reserved(self, quantity: Decimal) -> None:
        """Take goods away together with the reservation of them.

        Raises:
            InsufficientStock: Fewer are reserved.
        """
        self.unreserve(quantity)
        self.take(quantity)

    def reserve(self, quantity: Decimal) -> None:
        """Reserve goods that lie here.

        Raises:
            InsufficientStock: Fewer are available.
        """
        self.refuse_beyond(quantity)
        self.reserved += quantity

    def unreserve(self, quantity: Decimal) -> None:
        """Take a reservation back.

        Raises:
            InsufficientStock: Fewer are reserved.
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

    def posted(self) -> PostedBalance:
        """What the balance is now."""
        return PostedBalance(
            product_id=self.key.product_id,
            location_id=self.key.location_id,
            lot_id=self.key.lot_id or None,
            on_hand=self.on_hand,
            reserved=self.reserved,
            change=self.change,
            is_doubted=self.is_doubted,
            is_withheld=self.is_withheld,
        )


def lock(keys: Iterable[BalanceKey]) -> dict[BalanceKey, LockedBalance]:
    """Lock the balances of some keys, in order; those that are missing are made first."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    values = named(wanted)
    found = statements.run(statements.LOCK, values).scalar()
    if not found:
        statements.run(statements.MAKE, values)
        found = statements.run(statements.LOCK, values).scalar_one()
    return as_locked(found)


def as_locked(rows: Iterable[dict[str, Any]]) -> dict[BalanceKey, LockedBalance]:
    """Take balances as the database has locked them."""
    return {one.key: one for one in map(_as_locked, rows)}


def named(keys: Iterable[BalanceKey]) -> dict[str, Any]:
    """Give keys as the values of a statement; balances are locked in this order."""
    ordered = [*keys]
    return {
        "key_products": [key.product_id for key in ordered],
        "key_locations": [key.location_id for key in ordered],
        "key_lots": [key.lot_id for key in ordered],
    }


def _as_locked(row: dict[str, Any]) -> LockedBalance:
    return LockedBalance(
        id=row["id"],
        key=BalanceKey(row["product_id"], row["location_id"], row["lot_id"]),
        on_hand=Decimal(row["on_hand"]),
        reserved=Decimal(row["reserved"]),
        version=row["version"],
        was_doubted=row["is_doubted"],
        is_withheld=row["is_withheld"],
    )
