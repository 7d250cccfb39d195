"""Looking at balances so that they stand still: for who compares them with what is seen."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from app.stock.ledger.balances import BalanceKey, lock

Place = tuple[int, int, int | None]  # product, location, lot


class BalanceSnapshot(NamedTuple):
    """A balance as it is while the caller's unit of work lasts."""

    on_hand: Decimal
    reserved: Decimal
    version: int


BalanceSnapshots = Mapping[Place, BalanceSnapshot]


def lock_balances(places: Iterable[Place]) -> BalanceSnapshots:
    """Lock balances until the unit of work ends, in the ledger's order, and read them.

    Who is posting there ends first and is seen, who comes later waits. One that is missing is
    made, as posting would: it stands at zero, in version 1.
    """
    keys = {
        BalanceKey(product_id, location_id, lot_id or 0)
        for product_id, location_id, lot_id in places
    }
    return {
        (
            key.product_id,
            key.location_id,
            key.lot_id or None,
        ): BalanceSnapshot(balance.on_hand, balance.reserved, balance.version)
        for key, balance in lock(keys).items()
    }
