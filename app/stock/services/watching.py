"""Looking at balances so that they stand still: for who compares them with what is seen."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from app.stock.ledger.shelves import Spot, lock

Place = tuple[int, int, int | None]  # product, location, lot


class Standing(NamedTuple):
    """A balance as it is while the caller's unit of work lasts."""

    on_hand: Decimal
    reserved: Decimal
    version: int


Standings = Mapping[Place, Standing]


def hold_balances(places: Iterable[Place]) -> Standings:
    """Lock balances until the unit of work ends, in the ledger's order, and read them.

    Who is posting there ends first and is seen, who comes later waits. One that is missing is
    made, as posting would: it stands at zero, in version 1.
    """
    spots = {
        Spot(product_id, location_id, lot_id or 0) for product_id, location_id, lot_id in places
    }
    return {
        (spot.product_id, spot.location_id, spot.lot_id or None): Standing(
            shelf.on_hand, shelf.reserved, shelf.version
        )
        for spot, shelf in lock(spots).items()
    }
