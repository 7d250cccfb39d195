"""What is reserved of a balance: written under the locks of the ledger, in its order."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from app.core.errors import Invalid
from app.core.events import publish
from app.stock.errors import InsufficientStock, LotUnfit
from app.stock.events import StockFreed, StockMoved
from app.stock.ledger import statements
from app.stock.ledger.balances import BalanceKey, LockedBalance, lock
from app.stock.ledger.lines import refuse_inexact
from app.stock.ledger.references import load_lots, load_references


class ReservedQuantity(NamedTuple):
    """A quantity of a product at a location, reserved or unreserved."""

    product_id: int
    location_id: int
    lot_id: int | None
    quantity: Decimal

    @property
    def key(self) -> BalanceKey:
        """The balance it is about."""
        return BalanceKey(self.product_id, self.location_id, self.lot_id or 0)


def reserve_balances(reservations: list[ReservedQuantity]) -> None:
    """Reserve goods, in the caller's unit of work.

    Raises:
        InsufficientStock: Fewer are available, or they are doubted.
        LotUnfit: Their lot is blocked or has expired.
        Invalid: A product, location or quantity cannot be used.
    """
    lots = load_lots((p.product_id, p.lot_id) for p in reservations)
    for one in reservations:
        refuse_inexact("quantity", one.quantity)
        if one.quantity <= 0:
            raise Invalid("quantity", "Enter a quantity above zero.")
    references = load_references(
        (p.product_id for p in reservations), (p.location_id for p in reservations)
    )
    if not all(place.is_kept for place in references.places.values()):
        raise Invalid("location", "Choose a bin: nothing can be reserved here.")
    balances = lock(one.key for one in reservations)
    for one in reservations:
        balance = balances[one.key]
        balance.sku, balance.code = (
            references.skus[one.product_id],
            references.places[one.location_id].code,
        )
        if balance.is_doubted:
            raise InsufficientStock(
                f"A picker did not find {balance.sku} at {balance.code}: count it first."
            )
        if one.lot_id is not None and (why := lots[one.lot_id].withheld):
            raise LotUnfit(f"{lots[one.lot_id].code} of {balance.sku} {why}.")
        balance.reserve(one.quantity)
    write_reserved(balances.values())


def unreserve_balances(reservations: list[ReservedQuantity]) -> None:
    """Take reservations back, in the caller's unit of work; also where nothing may move now."""
    balances = lock(one.key for one in reservations)
    for one in reservations:
        balances[one.key].unreserve(one.quantity)
    write_reserved(balances.values())
    publish(StockFreed(product_ids=sorted({one.product_id for one in reservations})))


def write_reserved(balances: Iterable[LockedBalance]) -> None:
    """Write what is reserved of locked balances, and tell."""
    held = [*balances]
    values = {
        "balances": [balance.id for balance in held],
        "reserved": [balance.reserved for balance in held],
    }
    statements.run(statements.RESERVE, values)
    publish(
        StockMoved(
            product_ids=sorted({balance.key.product_id for balance in held}),
            location_ids=sorted({balance.key.location_id for balance in held}),
        )
    )
