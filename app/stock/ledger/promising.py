"""What is reserved of a balance: written under the locks of the ledger, in its order."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from app.core.errors import Invalid
from app.core.events import announce
from app.stock.events import StockFreed, StockMoved
from app.stock.ledger import statements
from app.stock.ledger.entries import refuse_inexact
from app.stock.ledger.facts import gather, refuse_foreign_lots
from app.stock.ledger.shelves import Shelf, Spot, lock


class Promise(NamedTuple):
    """A quantity of a product at a location, promised or taken back."""

    product_id: int
    location_id: int
    lot_id: int | None
    quantity: Decimal

    @property
    def spot(self) -> Spot:
        """The balance it is about."""
        return Spot(self.product_id, self.location_id, self.lot_id or 0)


def promise(promises: list[Promise]) -> None:
    """Promise goods, in the caller's unit of work.

    Raises:
        InsufficientStock: Fewer are available.
        Invalid: A product, location or quantity cannot be used.
    """
    refuse_foreign_lots((p.product_id, p.lot_id) for p in promises)
    for one in promises:
        refuse_inexact("quantity", one.quantity)
        if one.quantity <= 0:
            raise Invalid("quantity", "Enter a quantity above zero.")
    facts = gather((p.product_id for p in promises), (p.location_id for p in promises))
    if not all(place.is_kept for place in facts.places.values()):
        raise Invalid("location", "Choose a bin: nothing can be reserved here.")
    shelves = lock(one.spot for one in promises)
    for one in promises:
        shelf = shelves[one.spot]
        shelf.sku, shelf.code = facts.skus[one.product_id], facts.places[one.location_id].code
        shelf.promise(one.quantity)
    write_promised(shelves.values())


def unpromise(promises: list[Promise]) -> None:
    """Take promises back, in the caller's unit of work; also where nothing may move now."""
    shelves = lock(one.spot for one in promises)
    for one in promises:
        shelves[one.spot].unpromise(one.quantity)
    write_promised(shelves.values())
    announce(StockFreed(product_ids=sorted({one.product_id for one in promises})))


def write_promised(shelves: Iterable[Shelf]) -> None:
    """Write what is reserved of locked balances, and tell."""
    held = [*shelves]
    values = {
        "balances": [shelf.id for shelf in held],
        "reserved": [shelf.reserved for shelf in held],
    }
    statements.run(statements.PROMISE, values)
    announce(
        StockMoved(
            product_ids=sorted({shelf.spot.product_id for shelf in held}),
            location_ids=sorted({shelf.spot.location_id for shelf in held}),
        )
    )
